import { test } from 'tap'
import { rowHomes, timerHomes } from '../../../ops/repartition/homes.ts'
import { type PaymentGateway, createTopology, inventoryName } from '../../../topology/index.ts'
import { accountKey, creditNoteKey } from '../../../topology/imports/account.ts'
import { purchasesKey } from '../../../topology/imports/purchases.ts'
import { webhookKey } from '../../../topology/webhooks/stores.ts'

const growing = createTopology({ payments: { gateway: {} as PaymentGateway } }).nodes.filter(node => node.kind === 'processor').filter(({ name }) => name !== inventoryName)

test('every store of every processor whose partitions can grow has a home, and no other', async t => {
  const stores = growing.flatMap(({ name, stores }) => stores.map(store => `${name}/${store.name}`))
  t.strictSame(Object.keys(rowHomes).sort(), stores.sort())
})

test('every processor that sets timers says whose they are, and no other', async t => {
  const timed = growing.filter(({ onTimer }) => onTimer !== undefined).map(({ name }) => name)
  t.strictSame(Object.keys(timerHomes).sort(), timed.sort())
})

test('keys that are made of several things give the one that the records come under', async t => {
  const of = (store: string, key: string): string | undefined => {
    const home = rowHomes[store]
    return home?.kind === 'key' ? home.of(key) : undefined
  }
  for (const customerId of ['12345', 'a/b', null]) {
    const account = accountKey({ runId: 'run', customerId, invoiceNo: '536/365' })
    const key = customerId ?? '536/365'
    t.equal(of('imports/accounts', account), key)
    t.equal(of('imports/creditNotes', creditNoteKey(account, 7)), key)
    t.equal(of('imports/purchases', purchasesKey(account, 'sku/1')), key)
  }
  t.equal(of('webhooks/webhooks', webhookKey({ ownerId: 'me/and you', webhookId: 'w' })), 'me/and you')
})
