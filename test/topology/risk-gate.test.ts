import { test } from 'tap'
import { checkMoney, checkOutcomes, checkStock } from '../../topology/audit/laws.ts'
import { switchRow } from '../../topology/flags/flags.ts'
import { riskAccountStore, riskName } from '../../topology/risk/process-risk.ts'
import { topics } from '../../topology/topics.ts'
import { commandMeta } from './orders/order-fixtures.ts'
import { Platform, orderIdOf } from './platform.ts'

const customerId = 'customer-1'
/** An order of the platform's fixtures is of 100 pounds. */
const risk = { activityLimit: 2_000_000n }

async function decide (platform: Platform, orderId: string, approved: boolean, commandId = `review-${orderId}`): Promise<void> {
  const meta = { ...commandMeta, commandId, principal: 'support-1' }
  await platform.driver.pipe(topics.orders.commands, orderId, { type: 'ReviewDecision', meta, orderId, approved, reason: 'known customer' })
  await platform.driver.run()
}

async function limit (platform: Platform, amount: bigint): Promise<void> {
  const meta = { ...commandMeta, commandId: `limit-${amount}` }
  await platform.driver.pipe(topics.customers.commands, customerId, { type: 'SetCreditLimit', meta, customerId, currency: 'GBP', limit: amount })
  await platform.driver.run()
}

const account = async (platform: Platform) => await platform.driver.store(riskName, riskAccountStore).get(customerId)

/** Every conservation law over what the platform holds. */
async function breaks (platform: Platform): Promise<readonly unknown[]> {
  const [stocks, reservations, payments, orders] = [await platform.stocks(), await platform.reservations(), await platform.payments(), await platform.views()]
  const ends = (await platform.driver.read(topics.orders.events)).flatMap(({ key, value: { type } }) =>
    type === 'OrderCancelled' || type === 'OrderFailed' || type === 'OrderTimedOut' || type === 'OrderRejected' ? [{ orderId: key, type }] : [])
  return [checkStock(stocks, reservations), checkMoney(payments, { orders }), checkOutcomes(orders, ends, reservations)].flatMap(({ violations }) => violations)
}

test('an order over the activity limit waits for a person, and is confirmed when it is approved', async t => {
  const platform = await Platform.start(t, {}, undefined, risk)
  const [first, second] = [orderIdOf(1), orderIdOf(2)]
  await platform.place(first)
  await platform.driver.run()
  await platform.place(second)
  await platform.driver.run()
  t.match([await platform.view(first), await platform.view(second)], [{ state: 'Confirmed' }, { state: 'OnRiskReview', authorised: 0n }])
  await platform.driver.advance(3 * 3_600_000)
  t.match(await platform.view(second), { state: 'OnRiskReview' }, 'its reservation lives as long as it is looked at')
  await decide(platform, second, true)
  t.match(await platform.view(second), { state: 'Confirmed', captured: 1_000_000n })
  t.match((await platform.driver.read(topics.orders.events)).map(({ value }) => value).find(({ type }) => type === 'OrderRiskCleared'), { reviewer: 'support-1' })
  t.same([await breaks(platform), (await account(platform))?.exposures, await platform.driver.deadLetters()], [[], [], []])
})

test('a refused order gives everything back, and a later decision is rejected', async t => {
  const platform = await Platform.start(t, {}, undefined, { activityLimit: 1n })
  await platform.place(orderIdOf(1))
  await platform.driver.run()
  await decide(platform, orderIdOf(1), false)
  t.match(await platform.view(orderIdOf(1)), { state: 'Cancelled', outcomeCause: 'riskRejected', captured: 0n })
  t.same([await breaks(platform), (await account(platform))?.exposures], [[], []])
  await decide(platform, orderIdOf(1), true, 'second-thoughts')
  t.match((await platform.driver.read(topics.orders.rejections)).map(({ value }) => value), [{ code: 'state-forbids', command: 'ReviewDecision', commandId: 'second-thoughts' }])
  t.match(await platform.view(orderIdOf(1)), { state: 'Cancelled' })
})

test('an order that nobody looks at for 72 hours times out, and holds nothing afterwards', async t => {
  const platform = await Platform.start(t, {}, undefined, { activityLimit: 1n })
  await platform.place(orderIdOf(1))
  await platform.driver.run()
  await platform.driver.advance(72 * 3_600_000 - 60_000)
  t.match(await platform.view(orderIdOf(1)), { state: 'OnRiskReview' })
  await platform.driver.advance(120_000)
  t.match(await platform.view(orderIdOf(1)), { state: 'TimedOut', outcomeCause: 'reviewTimeout' })
  t.same([await breaks(platform), (await account(platform))?.exposures], [[], []])
})

test('an order under review is cancelled by its customer', async t => {
  const platform = await Platform.start(t, {}, undefined, { activityLimit: 1n })
  await platform.place(orderIdOf(1))
  await platform.driver.run()
  await platform.cancel(orderIdOf(1))
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Cancelled', outcomeCause: 'customer' })
  t.same(await breaks(platform), [])
})

test('an order over the credit limit is cancelled, and gives its stock back before any money is asked for', async t => {
  const platform = await Platform.start(t)
  await limit(platform, 1_500_000n)
  await platform.place(orderIdOf(1))
  await platform.driver.run()
  await platform.place(orderIdOf(2), {}, 6)
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Confirmed' })
  t.match(await platform.view(orderIdOf(2)), { state: 'Confirmed' }, 'the first one is paid: nothing is open')
  await limit(platform, 1_000_000n)
  await platform.place(orderIdOf(3), {}, 6)
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(3)), { state: 'Cancelled', outcomeCause: 'riskRejected', authorised: 0n })
  t.notOk((await platform.payments()).some(payment => payment.orderId === orderIdOf(3)))
  t.same(await breaks(platform), [])
})

test('no order of the storefront is taken during maintenance, and the next one is when it is over', async t => {
  const platform = await Platform.start(t)
  const flag = switchRow({ name: 'maintenance', enabled: true, reason: '', changedAt: 0, changedBy: null })
  const turn = async (enabled: boolean): Promise<void> => {
    await platform.driver.pipe(topics.flags.state, flag.name, { ...flag, enabled })
    await platform.driver.run()
  }
  await turn(true)
  await platform.place(orderIdOf(1))
  await platform.place(orderIdOf(2), { channel: 'backoffice' })
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Cancelled', outcomeCause: 'riskRejected', reason: /maintenance/ })
  t.match(await platform.view(orderIdOf(2)), { state: 'Confirmed' })
  await turn(false)
  await platform.place(orderIdOf(3))
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(3)), { state: 'Confirmed' })
  t.same(await breaks(platform), [])
})

test('an imported order over every limit is confirmed, and its decision is recorded beside', async t => {
  const platform = await Platform.start(t, {}, undefined, { activityLimit: 1n })
  await limit(platform, 0n)
  await platform.place(orderIdOf(1), { channel: 'import', placedAt: Date.UTC(2010, 11, 1) })
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(1)), { state: 'Confirmed' })
  t.match((await platform.driver.read(topics.risk.decisions)).map(({ key, value }) => [key, value]), [
    [orderIdOf(1), { type: 'RiskRejected', recordedOnly: true, reasons: ['creditLimit', 'activity'] }]
  ])
  t.same([(await account(platform))?.exposures, await platform.driver.deadLetters()], [[], []])
  t.equal((await platform.saga(orderIdOf(1)))?.repeats, 0, 'the order is not even counted up')
})

test('an order under review is decided as before when every task is lost and acquired anew', async t => {
  const platform = await Platform.start(t, {}, undefined, { activityLimit: 1n })
  await platform.place(orderIdOf(1))
  await platform.driver.run()
  await platform.driver.restart()
  await decide(platform, orderIdOf(1), true)
  await platform.driver.restart()
  await decide(platform, orderIdOf(1), true)
  t.match(await platform.view(orderIdOf(1)), { state: 'Confirmed' })
  t.same([await breaks(platform), await platform.driver.read(topics.orders.rejections)], [[], []])
})
