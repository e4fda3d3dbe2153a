import { type Test, test } from 'tap'
import { describeViolation, joinReports } from '../../topology/audit/law.ts'
import { type OutcomeEvent, checkMoney, checkOutcomes, checkStock } from '../../topology/audit/laws.ts'
import { type OrderCommand, type ShippingCommand, topics } from '../../topology/topics.ts'
import { type Body } from '../../topology/commands/body.ts'
import { returnIdOf } from '../../topology/returns/decide-return.ts'
import { commandMeta } from './orders/order-fixtures.ts'
import { Platform, orderIdOf, pieces, skus } from './platform.ts'

const orderId = orderIdOf(1)
const hourMs = 3_600_000
const outcomes: readonly string[] = ['OrderCancelled', 'OrderFailed', 'OrderTimedOut', 'OrderRejected', 'OrderDelivered']
let next = 1

/** The whole platform; the carrier and everybody else who gives commands is the test. */
async function shop (t: Test) {
  const platform = await Platform.start(t)
  const { driver } = platform
  const meta = (commandId: string) => ({ ...commandMeta, commandId })
  const give = async (command: Body<OrderCommand>, commandId = `given-${next++}`): Promise<void> => {
    await driver.pipe(topics.orders.commands, orderId, { ...command, meta: meta(commandId) } as OrderCommand)
  }
  const ask = async (lines: ReadonlyArray<readonly [number, number]>): Promise<string> => {
    const commandId = `return-${next++}`
    await give({ type: 'RequestReturn', orderId, lines: lines.map(([lineNo, quantity]) => ({ lineNo, quantity })), reason: 'does not fit' }, commandId)
    return returnIdOf(orderId, commandId)
  }
  const tell = async (stage: 'pickedUp' | 'inTransit' | 'outForDelivery' | 'attemptFailed' | 'delivered' | 'returned', shipmentNo = 1): Promise<void> => {
    const shipmentId = (await platform.view(orderId))?.parcels.find(parcel => parcel.shipmentNo === shipmentNo)?.shipmentId ?? ''
    const news = { type: 'RecordTracking', orderId, shipmentId, stage, location: null, note: null, at: driver.nowMs } as const
    await driver.pipe(topics.shipping.commands, orderId, { ...news, meta: meta(`news-${next++}`) } as ShippingCommand)
  }
  /** Places an order of two pieces of each of the first two SKUs, and lets it be confirmed. */
  const confirm = async (): Promise<void> => {
    await platform.place(orderId, {}, 2)
    await driver.run()
  }
  const ship = async (...lines: ReadonlyArray<readonly [number, number]>): Promise<void> => {
    await give({ type: 'ShipOrder', orderId, lines: lines.map(([lineNo, quantity]) => ({ lineNo, quantity })) })
  }
  return {
    platform,
    driver,
    run: async () => { await driver.run() },
    view: async () => await platform.view(orderId),
    tell,
    give,
    ask,
    confirm,
    ship,
    /** Places an order and has it confirmed; all of it leaves in one parcel and arrives. */
    deliver: async () => {
      await confirm()
      await ship()
      await driver.run()
      await tell('delivered', 2)
      await driver.run()
    },
    cancel: async () => { await give({ type: 'CancelOrder', orderId, reason: 'changed my mind' }) },
    approve: async (returnId: string) => { await give({ type: 'ApproveReturn', orderId, returnId, approved: true, reason: 'fine' }) },
    receive: async (returnId: string) => { await give({ type: 'ReceiveReturn', orderId, returnId, lines: [] }) },
    onHand: async () => (await platform.stocks()).filter(({ sku }) => sku === skus[0] || sku === skus[1]).map(stock => stock.onHand),
    events: async () => (await driver.read(topics.orders.events)).map(({ value }) => value)
  }
}

type Shop = Awaited<ReturnType<typeof shop>>

/** Every law at rest, no report on the way, no dead letter; and exactly one event that says the outcome. Answers with what happened. */
async function assertLaws (t: Test, { platform, driver, events }: Shop): Promise<readonly string[]> {
  const views = await platform.views()
  const reservations = await platform.reservations()
  const told = await events()
  const endings = told.filter((event): event is typeof event & OutcomeEvent => outcomes.includes(event.type))
  const { violations } = joinReports([
    checkStock(await platform.stocks(), reservations),
    checkMoney(await platform.payments(), { gateway: platform.gateway.ledger.authorisations(), orders: views }),
    checkOutcomes(views, endings, reservations)
  ])
  t.same(violations.map(describeViolation), [])
  t.equal(endings.length, 1, 'one outcome')
  t.same((await driver.read(topics.audit.invariants)).map(({ value }) => value), [])
  t.same(await driver.deadLetters(), [])
  return told.map(({ type }) => type)
}

test('an order lives from Pending to Returned when everything goes its way: every state, every law', async t => {
  const world = await shop(t)
  await world.confirm()
  t.match(await world.view(), { state: 'Confirmed', parcels: [{ stage: 'created' }] })
  await world.ship([1, 1])
  await world.run()
  t.match(await world.view(), { state: 'PartiallyShipped', parcels: [{ stage: 'created', lines: [{ quantity: 1 }, { quantity: 2 }] }, { stage: 'pickedUp' }] })
  await world.ship()
  await world.run()
  t.equal((await world.view())?.state, 'Shipped')
  for (const shipmentNo of [2, 3]) {
    for (const stage of ['inTransit', 'outForDelivery', 'attemptFailed', 'outForDelivery', 'delivered'] as const) {
      await world.tell(stage, shipmentNo)
      await world.driver.advance(1_000)
    }
  }
  t.match(await world.view(), { state: 'Delivered', outcome: 'Fulfilled', captured: 400_000n, refunded: 0n })
  const first = await world.ask([[1, 1]])
  await world.run()
  t.equal((await world.view())?.state, 'ReturnRequested')
  for (const step of [world.approve, world.receive]) await step(first)
  await world.run()
  t.match(await world.view(), { state: 'PartiallyReturned', refunded: 100_000n, returns: [{ status: 'refunded', refunded: 100_000n }] })
  const second = await world.ask([[1, 1], [2, 2]])
  for (const step of [world.approve, world.receive]) await step(second)
  await world.run()
  t.match(await world.view(), { state: 'Returned', outcome: 'Fulfilled', refunded: 400_000n, returns: [{ status: 'refunded' }, { status: 'refunded' }] })
  t.same(await world.onHand(), [pieces, pieces], 'all goods are back')
  t.same((await world.driver.read(topics.returns.events)).map(({ value }) => value.type), [
    'ReturnRequested', 'ReturnApproved', 'ReturnReceived', 'RefundIssued', 'ReturnRequested', 'ReturnApproved', 'ReturnReceived', 'RefundIssued'
  ])
  await world.driver.advance(hourMs)
  t.same(await assertLaws(t, world), [
    'OrderCreated', 'OrderInventoryReserved', 'OrderPaymentInitiated', 'OrderPaymentAuthorized', 'OrderPaymentCompleted', 'OrderConfirmed',
    'OrderPartiallyShipped', 'OrderShipped', 'OrderDelivered', 'OrderReturnRequested', 'OrderPartiallyReturned', 'OrderReturnRequested', 'OrderReturned'
  ])
})

/** What races a cancellation, in the order in which it is given; the outcome, the money that is kept, and the pieces that are gone for good. */
const races = [
  ['the cancellation is first', ['cancel', 'ship all'], 'Cancelled', 0n, [pieces, pieces]],
  ['the parcel is first', ['ship all', 'run', 'cancel'], 'Fulfilled', 400_000n, [pieces - 2, pieces - 2]],
  ['a part is first', ['ship part', 'run', 'cancel'], 'Fulfilled', 200_000n, [pieces - 2, pieces]],
  ['a part is delivered first', ['ship part', 'run', 'deliver part', 'run', 'cancel'], 'Fulfilled', 200_000n, [pieces - 2, pieces]],
  ['both come at once', ['ship part', 'cancel', 'ship all'], undefined, undefined, undefined]
] as const

for (const [name, steps, outcome, kept, onHand] of races) {
  test(`an order has one outcome and gives back what was stopped when a cancellation races its parcel: ${name}`, async t => {
    const world = await shop(t)
    await world.confirm()
    for (const step of steps) {
      if (step === 'cancel') await world.cancel()
      if (step === 'run') await world.run()
      if (step === 'ship all') await world.ship()
      if (step === 'ship part') await world.ship([1, 2])
      if (step === 'deliver part') await world.tell('delivered', 2)
    }
    await world.run()
    for (const { shipmentNo, stage } of (await world.view())?.parcels ?? []) if (stage === 'pickedUp') await world.tell('delivered', shipmentNo)
    await world.driver.advance(hourMs)
    const view = await world.view()
    if (outcome === undefined) t.ok(view?.outcome === 'Cancelled' || view?.outcome === 'Fulfilled')
    else t.same([view?.outcome, (view?.captured ?? 0n) - (view?.refunded ?? 0n), await world.onHand()], [outcome, kept, onHand])
    await assertLaws(t, world)
  })
}

test('a return is refused before the delivery and taken after it when both race', async t => {
  const world = await shop(t)
  await world.confirm()
  await world.ship()
  await world.run()
  await world.tell('delivered', 2)
  await world.ask([[1, 1]])
  await world.run()
  t.equal((await world.view())?.state, 'Delivered')
  await world.ask([[1, 1]])
  await world.ask([[1, 2]])
  await world.run()
  t.match((await world.driver.read(topics.orders.rejections)).map(({ value }) => [value.command, value.code]), [
    ['RequestReturn', 'state-forbids'], ['RequestReturn', 'pieces-not-there']
  ])
  t.equal((await world.view())?.returns.length, 1, 'no piece is promised twice')
  await assertLaws(t, world)
})

test('a refund that fails ten times is paid in the end, once, and told', async t => {
  const world = await shop(t)
  await world.deliver()
  const returnId = await world.ask([[1, 2]])
  await world.approve(returnId)
  world.platform.gateway.plan(...Array.from({ length: 12 }, () => 'down' as const))
  await world.receive(returnId)
  await world.run()
  t.match(await world.view(), { state: 'PartiallyReturned', refunded: 0n, returns: [{ status: 'received', refunded: 0n }] })
  await world.driver.advance(6 * hourMs)
  t.match(await world.view(), { refunded: 200_000n, returns: [{ status: 'refunded', refunded: 200_000n }] })
  const paid = (await world.driver.read(topics.payments.events)).map(({ value }) => value.type)
  t.same([paid.filter(type => type === 'RefundFailed').length, paid.filter(type => type === 'PaymentPartiallyRefunded').length], [1, 1])
  t.same((await world.driver.read(topics.returns.events)).filter(({ value }) => value.type === 'RefundIssued').length, 1)
  t.same(await world.onHand(), [pieces, pieces - 2])
  await assertLaws(t, world)
})

test('an order that nobody takes is cancelled, and gives everything back', async t => {
  const world = await shop(t)
  await world.confirm()
  for (const stage of ['pickedUp', 'attemptFailed', 'attemptFailed', 'attemptFailed', 'returned'] as const) {
    await world.tell(stage)
    await world.driver.advance(1_000)
  }
  t.match(await world.view(), { state: 'Cancelled', outcomeCause: 'undeliverable', captured: 400_000n, refunded: 400_000n, parcels: [{ stage: 'returned', attempts: 3 }] })
  t.same(await world.onHand(), [pieces, pieces])
  await assertLaws(t, world)
})

test('an order goes on without the parcel that nobody takes when another one is delivered', async t => {
  const world = await shop(t)
  await world.confirm()
  await world.ship([1, 2])
  await world.ship()
  await world.run()
  await world.tell('returned', 2)
  await world.tell('delivered', 3)
  await world.run()
  t.match(await world.view(), { state: 'Delivered', outcome: 'Fulfilled', refunded: 200_000n })
  t.same(await world.onHand(), [pieces, pieces - 2])
  await assertLaws(t, world)
})

test('goods that never come leave the order as it was when their return was approved', async t => {
  const world = await shop(t)
  await world.deliver()
  const returnId = await world.ask([[1, 1]])
  await world.approve(returnId)
  await world.run()
  await world.driver.advance(31 * 24 * hourMs)
  t.match(await world.view(), { state: 'Delivered', refunded: 0n, returns: [{ status: 'expired' }] })
  await assertLaws(t, world)
})
