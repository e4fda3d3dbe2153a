import { type EventMeta, type ImportedInvoice } from '#schemas'
import { type Test, test } from 'tap'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { importedCreditId, importedEntryId, importedOrderId } from '../../../topology/imports/import-ids.ts'
import { importsProcessor } from '../../../topology/imports/process-imports.ts'
import { accountStore, creditNoteStore, invoiceStore, purchaseStore } from '../../../topology/imports/stores.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { customerId, eventMeta, invoice, isCredit, keyOf, linesOf, orderOf, runId } from './import-fixtures.ts'

await bindMemoryCodec()

async function office (t: Test) {
  const driver = await createTestDriver({ nodes: [importsProcessor] })
  t.teardown(() => driver.close())
  const bring = async (...invoices: readonly ImportedInvoice[]) => {
    for (const one of invoices) await driver.pipe(topics.imports.invoices, keyOf(one), one)
  }
  const settle = async (sequence: number, confirmed: boolean, change: Partial<Record<'customerId' | 'key', string>> & { readonly meta?: EventMeta } = {}) => {
    const { customerId: owner = customerId, key = owner, meta = eventMeta } = change
    await driver.pipe(topics.imports.orderOutcomes, key, { type: 'ImportedOrderSettled', meta, orderId: orderOf(sequence), customerId: owner, confirmed })
  }
  return {
    driver,
    bring,
    settle,
    credits: async () => (await driver.read(topics.returns.events)).flatMap(({ value, ...record }) => isCredit(value) ? [{ ...record, value }] : []),
    account: async () => (await driver.store(importsProcessor, accountStore).rows()).get(`${runId}/customer/${customerId}`)
  }
}

test('a sale becomes an order on the trusted topic, and its row and purchases are remembered', async t => {
  const { driver, bring, account } = await office(t)
  await bring(invoice('sale', 1, [['22423', 2], ['22423', 3], ['POST', 1, 180_000n, false]]))
  const orders = await driver.read(topics.orders.commandsTrusted)
  t.match(orders.map(record => [record.key, record.value.type, record.value.meta]), [[orderOf(1), 'PlaceOrder', { correlationId: 'correlation', principal: 'importer' }]])
  t.match(await account(), { lastSequence: 1, openOrders: [1], repeats: 0 })
  t.match(await driver.store(importsProcessor, invoiceStore).get(orderOf(1)), { runId, customerId, sequence: 1, skus: ['22423', 'POST'] })
  const purchases = [...(await driver.store(importsProcessor, purchaseStore).rows()).values()]
  t.same(purchases.map(row => row.purchases.length).sort(), [1, 2])
  t.same(await driver.deadLetters(), [])
})

test('a guest\'s sale becomes an order, and nothing is kept to credit it by', async t => {
  const { driver, bring } = await office(t)
  await bring(invoice('sale', 1, [['22423', 2]], { customerId: null }))
  t.match((await driver.read(topics.orders.commandsTrusted)).map(record => record.value), [{ customerId: null, channel: 'import' }])
  t.equal((await driver.store(importsProcessor, purchaseStore).rows()).size, 0)
  t.match([...(await driver.store(importsProcessor, accountStore).rows()).values()], [{ openOrders: [], lastSequence: 1 }])
})

test('a stock invoice adjusts stock by SKU, and lines without stock are counted', async t => {
  const { driver, bring } = await office(t)
  const guest = { customerId: null }
  await bring(invoice('stockIn', 1, [['22423', 5, 0n], ['M', 1, 0n, false]], guest), invoice('writeOff', 2, [['22423', -2, 0n]], guest))
  const moved = await driver.read(topics.inventory.commands)
  t.same(moved.map(record => [record.key, record.value.type === 'AdjustStock' && record.value.delta]).sort(), [['22423', -2], ['22423', 5]])
  t.same([...(await driver.store(importsProcessor, accountStore).rows()).values()].map(row => row.linesWithoutStock).sort(), [0, 1])
})

test('an adjustment is posted to the ledger under the ids of its entries', async t => {
  const { driver, bring } = await office(t)
  await bring(invoice('adjustment', 1, [['B', 1, 110_620_600n, false], ['B', 1, -110_620_600n, false]], { customerId: null, invoiceNo: 'A563185' }))
  const entries = await driver.read(topics.ledger.entries)
  t.same(entries.map(({ key, value }) => [key, value.entryId, value.debitAccount]).sort(), [
    [importedEntryId(runId, 'A563185', 1), importedEntryId(runId, 'A563185', 1), 'receivables'],
    [importedEntryId(runId, 'A563185', 2), importedEntryId(runId, 'A563185', 2), 'adjustments']
  ].sort())
  t.ok(entries.every(({ value }) => value.amount === 110_620_600n && value.meta.correlationId === 'correlation'))
})

test('a credit note is decided at once when every earlier order is settled, and is told by its newest order', async t => {
  const { bring, settle, credits, driver } = await office(t)
  await bring(invoice('sale', 1, [['22423', 2]]), invoice('sale', 2, [['22423', 2]]))
  await settle(1, true)
  await settle(2, true)
  await driver.run()
  await bring(invoice('creditNote', 3, [['22423', -3], ['22423', -2], ['84879', -1]]))
  const told = await credits()
  t.match(told.map(record => [record.key, record.value.type, record.value.lineNo]).sort(), [
    [orderOf(2), 'CreditNoteMatched', 1],
    [importedCreditId(runId, 'C536003'), 'CreditNoteUnmatched', 2],
    [importedCreditId(runId, 'C536003'), 'CreditNoteUnmatched', 3]
  ].sort())
  const [matched] = told.filter(record => record.value.type === 'CreditNoteMatched')
  t.match(matched?.value, {
    takes: [{ orderId: orderOf(2), quantity: 2 }, { orderId: orderOf(1), quantity: 1 }], meta: { correlationId: 'correlation', causationId: 'invoice-command', aggregateVersion: 1 }
  })
  t.same(told.map(record => record.value.type === 'CreditNoteUnmatched' ? record.value.reason : '').sort(), ['', 'neverBought', 'notEnoughLeft'])
})

test('a credit note waits for earlier orders in a row of its own, and later orders neither wait nor are used', async t => {
  const { driver, bring, settle, credits, account } = await office(t)
  await bring(invoice('sale', 1, [['A', 2]]), invoice('creditNote', 2, [['A', -3]]), invoice('creditNote', 3, [['A', -2]]), invoice('sale', 4, [['A', 5]]))
  t.same(await credits(), [])
  t.equal((await driver.read(topics.orders.commandsTrusted)).length, 2)
  t.match(await account(), { openOrders: [1, 4], waitingCredits: [2, 3] })
  t.equal((await driver.store(importsProcessor, creditNoteStore).rows()).size, 2)
  await settle(4, true)
  t.same(await credits(), [])
  await settle(1, true, { meta: { ...eventMeta, eventId: 'confirmed' } })
  t.match((await credits()).map(record => [record.value.type, record.value.creditNoteNo, record.value.meta.causationId]).sort(), [
    ['CreditNoteMatched', 'C536003', 'confirmed'], ['CreditNoteUnmatched', 'C536002', 'confirmed']
  ])
  t.match(await account(), { openOrders: [], waitingCredits: [] })
  t.equal((await driver.store(importsProcessor, creditNoteStore).rows()).size, 0)
})

test('a guest\'s credit note is unmatched at once, though guests bought the same', async t => {
  const { bring, credits } = await office(t)
  await bring(invoice('sale', 1, [['A', 2]], { customerId: null }), invoice('creditNote', 2, [['A', -1], ['B', -1]], { customerId: null }))
  t.match((await credits()).map(record => record.value), [{ reason: 'guest', customerId: null, lineNo: 1 }, { reason: 'guest', lineNo: 2 }])
})

test('an invoice that comes again is counted and changes nothing, after a restart too', async t => {
  const { driver, bring, settle, account } = await office(t)
  const all = [invoice('sale', 1, [['A', 2]]), invoice('creditNote', 2, [['A', -1]]), invoice('adjustment', 3, [['B', 1, 5n]])]
  await bring(...all)
  await settle(1, true)
  await driver.run()
  await driver.restart()
  await bring(...all)
  await settle(1, true)
  const written = [topics.orders.commandsTrusted, topics.returns.events, topics.ledger.entries]
  for (const topic of written) t.equal((await driver.readRaw(topic.name)).length, 1, topic.name)
  t.match(await account(), { lastSequence: 3, repeats: 3 })
  t.same(await driver.deadLetters(), [])
})

test('waiting credit notes are decided after a restart, though no row is in memory', async t => {
  const { driver, bring, settle, credits } = await office(t)
  const skus = Array.from({ length: 30 }, (_, index) => `SKU-${index}`)
  await bring(invoice('sale', 1, skus.map(sku => [sku, 2])), invoice('creditNote', 2, skus.map(sku => [sku, -1])), invoice('creditNote', 3, skus.map(sku => [sku, -2])))
  await driver.run()
  await driver.restart()
  await settle(1, true)
  const told = (await credits()).map(record => `${record.value.creditNoteNo} ${record.value.type}`)
  t.equal(told.filter(line => line === 'C536002 CreditNoteMatched').length, 30)
  t.equal(told.filter(line => line === 'C536003 CreditNoteUnmatched').length, 30)
})

test('runs are kept apart: the same customer and numbers of another run are other invoices', async t => {
  const { driver, bring, settle, credits } = await office(t)
  await bring(invoice('sale', 1, [['A', 2]]), invoice('sale', 1, [['A', 2]], { runId: 'run-2' }), invoice('creditNote', 2, [['A', -1]], { runId: 'run-2' }))
  await settle(1, true)
  t.same(await credits(), [], 'the order of the other run is still open')
  t.equal((await driver.read(topics.orders.commandsTrusted)).length, 2)
  const settled = { type: 'ImportedOrderSettled', meta: eventMeta, customerId, confirmed: false } as const
  await driver.pipe(topics.imports.orderOutcomes, customerId, { ...settled, orderId: importedOrderId('run-2', '536001') })
  t.match((await credits()).map(record => record.value), [{ reason: 'neverBought', reference: 'import-run-2/C536002' }])
})

test('a record that breaks a rule is a dead letter that says why, and changes nothing', async t => {
  const { driver, bring, settle, account } = await office(t)
  await bring(invoice('sale', 5, [['A', 2]]))
  await driver.run()
  const before = await account()
  const home = { partition: partitionOf(customerId, topics.imports.invoices.partitions) }
  await bring(invoice('unknown', 6, [['A', 1]]), invoice('creditNote', 7, [['A', 1]]), invoice('sale', 8, [], { lines: [] }))
  await bring(invoice('sale', 9, [['A', 2]], { invoiceNo: '536005' }))
  await driver.pipe(topics.imports.invoices, 'somebody else', invoice('sale', 10, [['A', 2]]), home)
  await settle(5, true, { key: 'somebody else' })
  await settle(5, true, { customerId: '12583', key: '12583' })
  await driver.pipeRaw(topics.imports.invoices, { key: Buffer.from(customerId), value: Buffer.from('not Avro') })
  await driver.run()
  const messages = (await driver.deadLetters()).map(letter => `${letter.reason} ${letter.message}`)
  const expected = [
    /its kind is not known here/, /invoice C536007, line 1: the quantities of a creditNote are below zero/, /it has no lines/,
    /it was imported before, as number 5 of its file/, /STR_RECORD_UNREADABLE/, /invoice 536010: the key of the record is not its customer id/,
    /order .*: the key of the record is not its customer id/
  ]
  for (const message of expected) t.equal(messages.filter(one => message.test(one)).length, 1, String(message))
  t.same(await account(), before)
  t.equal((await driver.read(topics.orders.commandsTrusted)).length, 1)
})

test('an outcome of an order that was imported for somebody else is a dead letter, and one that nobody imported is nothing', async t => {
  const { driver, bring, settle, account } = await office(t)
  const stranger = Array.from({ length: 200 }, (_, index) => `stranger-${index}`).find(name => partitionOf(name, 8) === partitionOf(customerId, 8)) as string
  await bring(invoice('sale', 1, [['A', 2]]))
  await settle(1, false, { customerId: stranger })
  await settle(2, true)
  await driver.run()
  t.match((await driver.deadLetters()).map(letter => letter.message), [/it was imported for another customer/])
  t.match(await account(), { openOrders: [1], withdrawnOrders: [] })
})

test('an invoice of 1,114 lines is one order, one row an SKU, and is credited whole', async t => {
  const { driver, bring, settle, credits } = await office(t)
  const goods = Array.from({ length: 1_114 }, (_, index) => [`SKU-${index % 900}`, 2, 12_500n] as const)
  await bring(invoice('sale', 1, goods))
  t.equal((await driver.read(topics.orders.commandsTrusted))[0]?.value.type === 'PlaceOrder', true)
  t.equal((await driver.store(importsProcessor, purchaseStore).rows()).size, 900)
  await settle(1, true)
  await bring(invoice('creditNote', 2, [], { lines: linesOf(goods.map(([sku]) => [sku, -2])) }))
  const told = await credits()
  t.equal(told.filter(record => record.value.type === 'CreditNoteMatched').length, 1_114)
  await bring(invoice('creditNote', 3, [['SKU-0', -1]]))
  t.match((await credits()).map(record => record.value), [{ reason: 'notEnoughLeft' }])
})
