import { type AssessOrder, type FlagChanged } from '#schemas'
import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { flagsTable, initialFlags, switchRow } from '../../../topology/flags/flags.ts'
import { assessedStore, createRiskProcessor, riskAccountStore, riskMemoryMs, riskProcessedStore } from '../../../topology/risk/process-risk.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { commandMeta, orderId } from '../orders/order-fixtures.ts'
import { orderNo, pounds, question } from './risk-fixtures.ts'

await bindMemoryCodec()

const customerId = 'customer-1'

async function start (t: Test, flags: readonly FlagChanged[] = initialFlags(0)) {
  const risk = createRiskProcessor()
  const driver = await createTestDriver({ nodes: [risk], globals: [[flagsTable, flags.map((flag): [string, FlagChanged] => [flag.name, flag])]] })
  t.teardown(async () => { await driver.close() })
  return {
    driver,
    ask: async (change: Partial<AssessOrder> = {}, key?: string) => {
      const command = { ...question(change), meta: { ...commandMeta, commandId: `ask-${change.orderId ?? orderId}` } }
      await driver.pipe(topics.risk.commands, key ?? command.customerId ?? command.orderId, command)
    },
    release: async (order = orderId) => {
      await driver.pipe(topics.risk.commands, customerId, { type: 'ReleaseExposure', meta: { ...commandMeta, commandId: `release-${order}` }, orderId: order, customerId })
    },
    limit: async (limit: bigint | null, commandId: string) => {
      await driver.pipe(topics.customers.commands, customerId, { type: 'SetCreditLimit', meta: { ...commandMeta, commandId }, customerId, currency: 'GBP', limit })
    },
    decisions: async () => (await driver.read(topics.risk.decisions)).map(({ key, value }) => ({ key, ...value })),
    account: async () => await driver.store(risk, riskAccountStore).get(customerId),
    rows: async () => ({
      assessed: (await driver.store(risk, assessedStore).rows()).size,
      processed: (await driver.store(risk, riskProcessedStore).rows()).size,
      accounts: (await driver.store(risk, riskAccountStore).rows()).size
    })
  }
}

test('risk answers by order with metadata when it is asked by customer', async t => {
  const s = await start(t)
  await s.ask()
  t.match(await s.decisions(), [{ key: orderId, type: 'RiskApproved', customerId, meta: { causationId: `ask-${orderId}`, correlationId: 'correlation' } }])
  t.match(await s.account(), { exposures: [{ currency: 'GBP', amount: pounds(100) }] })
})

test('risk answers again and counts once when a question is repeated', async t => {
  const s = await start(t)
  await s.ask()
  await s.ask()
  const [first, second] = await s.decisions()
  t.same({ ...second, meta: null }, { ...first, meta: null })
  t.match(await s.account(), { exposures: [{ amount: pounds(100) }], activity: [{ amount: pounds(100) }] })
})

test('risk forgets an order a week and a day after it is paid, and not before', async t => {
  const s = await start(t)
  await s.ask()
  await s.driver.advance(riskMemoryMs * 2)
  t.equal((await s.rows()).assessed, 1, 'it is still owed')
  await s.release()
  await s.driver.advance(riskMemoryMs - 1_000)
  t.equal((await s.rows()).assessed, 1)
  await s.driver.advance(2_000)
  t.same(await s.rows(), { assessed: 0, processed: 0, accounts: 1 })
  t.match(await s.account(), { exposures: [] })
})

test('risk keeps no account of a guest, and forgets the order by itself', async t => {
  const s = await start(t)
  await s.ask({ customerId: null })
  t.match(await s.decisions(), [{ key: orderId, type: 'RiskApproved', customerId: null }])
  await s.driver.advance(riskMemoryMs + 1_000)
  t.same(await s.rows(), { assessed: 0, processed: 0, accounts: 0 })
})

test('an account stays small when its customer orders all day long', async t => {
  const s = await start(t)
  for (let no = 0; no < 200; no++) {
    await s.ask({ orderId: orderNo(no) })
    await s.driver.advance(60_000)
  }
  const account = await s.account()
  t.equal(account?.activity.length, 61)
  t.same(account?.exposures, [{ currency: 'GBP', amount: pounds(20_000) }])
})

test('a credit limit counts from its command on, and a late repeat does not undo a newer one', async t => {
  const s = await start(t)
  await s.limit(pounds(50), 'limit-1')
  await s.limit(null, 'limit-2')
  await s.limit(pounds(50), 'limit-1')
  await s.driver.run()
  t.match(await s.account(), { limits: [] })
  await s.limit(pounds(99), 'limit-3')
  await s.ask()
  t.match(await s.decisions(), [{ type: 'RiskRejected', reasons: ['creditLimit'] }])
  await s.driver.advance(riskMemoryMs + 1_000)
  t.match(await s.rows(), { processed: 0, assessed: 0 })
})

test('a refused credit limit is told under its customer, again when it is repeated, and other content under its id is a conflict', async t => {
  const s = await start(t)
  await s.limit(-1n, 'limit-1')
  await s.limit(-1n, 'limit-1')
  await s.limit(1n, 'limit-1')
  const rejections = (await s.driver.read(topics.orders.rejections)).map(({ key, value }) => [key, value.code, value.command, value.commandId])
  t.same(rejections, [
    [customerId, 'invalid-limit', 'SetCreditLimit', 'limit-1'], [customerId, 'invalid-limit', 'SetCreditLimit', 'limit-1'],
    [customerId, 'command-id-reused', 'SetCreditLimit', 'limit-1']
  ])
})

test('risk reads the maintenance flag as it stands, and tells which version it was', async t => {
  const s = await start(t, [])
  await s.ask({ orderId: orderNo(1) })
  await s.driver.run()
  const flag = switchRow({ name: 'maintenance', enabled: true, reason: 'works', changedAt: 0, changedBy: 'admin-1' })
  await s.driver.pipe(topics.flags.state, flag.name, flag)
  await s.driver.run()
  await s.ask({ orderId: orderNo(2) })
  await s.driver.run()
  await s.driver.pipe(topics.flags.state, flag.name, { ...flag, enabled: false })
  await s.driver.run()
  await s.ask({ orderId: orderNo(3) })
  const told = new Map((await s.decisions()).map(({ orderId: id, type, figures }) => [id, [type, figures.maintenanceVersion]]))
  t.same([told.get(orderNo(1)), told.get(orderNo(2)), told.get(orderNo(3))], [['RiskApproved', null], ['RiskRejected', 0], ['RiskApproved', 1]])
})

test('a question under a foreign key, or about another content, is a dead letter that changes nothing', async t => {
  const s = await start(t)
  await s.ask({}, 'customer-2')
  t.same(await s.rows(), { assessed: 0, processed: 0, accounts: 0 })
  await s.ask()
  await s.ask({ total: 1n })
  t.match(await s.driver.deadLetters(), [{ reason: 'STR_RECORD_REFUSED', parked: undefined }, { reason: 'STR_RECORD_REFUSED', parked: undefined }])
  t.equal((await s.decisions()).length, 1)
})

test('risk goes on with what it knew when every task is lost and acquired anew', async t => {
  const s = await start(t)
  await s.ask({ orderId: orderNo(1), total: pounds(1_500) })
  await s.driver.restart()
  await s.ask({ orderId: orderNo(2), total: pounds(500) })
  t.match((await s.decisions()).map(({ type }) => type), ['RiskApproved', 'RiskReviewRequired'])
})
