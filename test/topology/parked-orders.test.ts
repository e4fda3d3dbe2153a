import { test } from 'tap'
import { type Handler, type SubTopology } from '#streams'
import { inventoryName } from '../../topology/inventory/stores.ts'
import { ordersName } from '../../topology/orders/process-orders.ts'
import { paymentsName } from '../../topology/payments/gateway-effect.ts'
import { shippingName } from '../../topology/shipping/process-shipping.ts'
import { topics } from '../../topology/topics.ts'
import { commandMeta } from './orders/order-fixtures.ts'
import { orderIdOf, Platform, skus } from './platform.ts'

const minuteMs = 60_000

/** A release with a defect: a handler of one processor throws for one order, after it has done its work, until it is mended. */
class Defect {
  readonly node: string
  readonly type: string
  readonly orderId: string
  isMended = false

  constructor (node: string, type: string, orderId: string) {
    this.node = node
    this.type = type
    this.orderId = orderId
  }

  readonly breaks = (node: SubTopology): SubTopology => {
    if (node.kind !== 'processor' || node.name !== this.node) return node
    const handlers = node.handlers as Readonly<Record<string, Handler>>
    const handler = handlers[this.type] as Handler
    const broken: Handler = (context, value, record) => {
      handler(context, value, record)
      if (!this.isMended && 'orderId' in value && value.orderId === this.orderId) throw new Error('a defect')
    }
    return { ...node, handlers: { ...handlers, [this.type]: broken } } as SubTopology
  }
}

async function start (t: { teardown (close: () => Promise<void>): void }, node: string, type: string) {
  const [sick, sound] = [orderIdOf(1), orderIdOf(2)]
  const defect = new Defect(node, type, sick)
  return { platform: await Platform.start(t, {}, defect.breaks), defect, sick, sound }
}

const forward: ReadonlyArray<readonly [node: string, type: string]> = [
  [ordersName, 'PlaceOrder'], [inventoryName, 'ReserveStock'], [ordersName, 'LinesReserved'], [paymentsName, 'AuthorizePayment'],
  [ordersName, 'PaymentAuthorized'], [inventoryName, 'ConfirmReservation'], [ordersName, 'LinesConfirmed'], [paymentsName, 'CapturePayment'],
  [ordersName, 'PaymentSucceeded'], [shippingName, 'CreateShipment'], [ordersName, 'ShipmentCreated']
]

for (const [node, type] of forward) {
  test(`an order whose ${type} fails in ${node} waits while others go on, and is confirmed once it is redriven`, async t => {
    const { platform, defect, sick, sound } = await start(t, node, type)
    await platform.place(sick)
    await platform.place(sound)
    await platform.driver.run()
    t.match(await platform.view(sound), { state: 'Confirmed' })
    t.match((await platform.driver.deadLetters())[0], { reason: 'STR_HANDLER_FAILED', processor: node, parked: sick, attempts: 1 })
    defect.isMended = true
    const reports = await platform.driver.redrive(node, { key: sick })
    t.ok(reports.length > 0 && reports.every(({ keys }) => keys === 1))
    t.match(await platform.view(sick), { state: 'Confirmed', outcome: null, captured: (await platform.view(sound))?.captured })
    t.ok(platform.driver.status().every(({ parked }) => parked.keys === 0), 'nothing is parked any more')
    t.same((await platform.driver.parkingEvents()).filter(event => event.type === 'DeadLetterParked' && event.processor !== node), [], 'no other processor was disturbed')
    const stocks = await platform.stocks()
    t.ok(stocks.filter(({ sku }) => sku !== skus[5]).every(({ reserved, deducted }) => reserved === 0 && deducted === 4), 'each piece was taken once')
  })
}

test('an order that is parked in the orders processor for an hour is confirmed with the ids that it would have had', async t => {
  const confirmedIds: Array<ReadonlyArray<readonly [type: string, id: string, atMs: number]>> = []
  for (const isBroken of [false, true]) {
    const { platform, defect, sick } = await start(t, ordersName, 'PaymentAuthorized')
    defect.isMended = !isBroken
    await platform.place(sick)
    await platform.driver.run()
    const events = async () =>
      (await platform.driver.read(topics.orders.events)).map(({ value }) => [value.type, value.meta.eventId, value.meta.occurredAt] as const)
    if (isBroken) {
      await platform.driver.advance(10 * minuteMs)
      t.match(await platform.view(sick), { state: 'InventoryReserved' }, 'no timer of it fires')
      defect.isMended = true
      await platform.driver.redrive(ordersName, { reason: 'STR_HANDLER_FAILED' })
    }
    confirmedIds.push(await events())
  }
  t.same(confirmedIds[1]?.slice(0, 4), confirmedIds[0]?.slice(0, 4))
  t.equal(confirmedIds[1]?.at(-1)?.[0], 'OrderConfirmed')
})

test('an order that is cancelled while it is parked gives everything back once it is redriven', async t => {
  const { platform, defect, sick } = await start(t, ordersName, 'PaymentAuthorized')
  await platform.place(sick)
  await platform.driver.run()
  await platform.cancel(sick)
  await platform.driver.run()
  t.match(await platform.view(sick), { state: 'InventoryReserved' }, 'a command of the customer waits, too')
  defect.isMended = true
  await platform.driver.redrive(ordersName, { key: sick })
  t.match(await platform.view(sick), { outcome: 'Cancelled' })
  t.ok((await platform.stocks()).every(({ reserved, deducted }) => reserved === 0 && deducted === 0))
})

test('a compensation is tried until it is done when its handler fails, and the order has its outcome then', async t => {
  const { platform, defect, sick, sound } = await start(t, paymentsName, 'RefundPayment')
  await platform.place(sick)
  await platform.driver.run()
  await platform.cancel(sick)
  await platform.driver.advance(5 * minuteMs)
  t.match(await platform.view(sick), { state: 'Compensating', refunded: 0n })
  t.same(await platform.driver.deadLetters(), [])
  await platform.place(sound)
  await platform.driver.run()
  t.match(await platform.view(sound), { state: 'Confirmed' })
  defect.isMended = true
  await platform.driver.advance(6 * minuteMs)
  const view = await platform.view(sick)
  t.match(view, { outcome: 'Cancelled', refunded: view?.captured })
  t.ok(platform.driver.status().every(({ parked }) => parked.keys === 0))
})

test('a compensation of an order reaches it while it is parked', async t => {
  const { platform, sick } = await start(t, ordersName, 'LinesConfirmed')
  await platform.place(sick)
  await platform.driver.run()
  const command = { type: 'CompensateOrder', meta: { ...commandMeta, commandId: 'c-1' }, orderId: sick, cause: 'technical', reason: 'an operator' } as const
  await platform.driver.pipe(topics.compensations.order, sick, command)
  await platform.driver.run()
  t.match(await platform.view(sick), { state: 'Compensating' })
})

test('a reservation does not wait for a stock command of one of its SKUs that is parked', async t => {
  const defect = { isMended: false }
  const breaks = (node: SubTopology): SubTopology => {
    if (node.kind !== 'processor' || node.name !== inventoryName) return node
    const adjust: Handler = () => { if (!defect.isMended) throw new Error('a defect') }
    return { ...node, handlers: { ...node.handlers as object, AdjustStock: adjust } } as SubTopology
  }
  const platform = await Platform.start(t, {}, breaks)
  const sku = skus[0] as string
  const meta = { ...commandMeta, commandId: 'adjust-1' }
  await platform.driver.pipe(topics.inventory.commands, sku, { type: 'AdjustStock', meta, sku, delta: 1, reason: 'found', expectedVersion: null })
  await platform.driver.run()
  t.match(await platform.driver.deadLetters(), [{ processor: inventoryName, parked: sku }])
  await platform.place(orderIdOf(3))
  await platform.driver.run()
  t.match(await platform.view(orderIdOf(3)), { state: 'Confirmed' })
})
