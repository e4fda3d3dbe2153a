import { test } from 'tap'
import { type PlaceOrder, type PlaceOrderLine } from '#schemas'
import { toRecord } from '../../ops/play/commands.ts'
import { stateRows } from '../../ops/verify/state-rows.ts'
import { deadLetterTopic, ordersName, partitions, topics, viewStore } from '../../topology/index.ts'
import { cancelOrder, commandMeta, newOrderId, placeOrder } from '../support/orders.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

/** An order that breaks one rule, and what its sender is told. */
interface BrokenRule { readonly what: string, readonly code: string, readonly field: string | null, readonly change: Partial<PlaceOrder> }

function brokenRules (sku: string): BrokenRule[] {
  const lines = (...changes: ReadonlyArray<Partial<PlaceOrderLine>>): Partial<PlaceOrder> =>
    ({ lines: changes.map((change, at) => ({ lineNo: at + 1, sku, quantity: 1, quotedUnitPrice: null, ...change })) })
  return [
    { what: 'an unknown SKU', code: 'sku-unknown', field: '/lines/1/sku', change: lines({}, { sku: 'NO-SUCH-SKU' }) },
    { what: 'a quantity of zero', code: 'quantity-invalid', field: '/lines/0/quantity', change: lines({ quantity: 0 }) },
    { what: 'a negative quantity', code: 'quantity-invalid', field: '/lines/1/quantity', change: lines({}, { quantity: -3 }) },
    { what: 'more than 10,000 lines', code: 'lines-too-many', field: '/lines', change: lines(...Array.from({ length: 10_001 }, () => ({}))) },
    { what: 'no line', code: 'lines-missing', field: '/lines', change: { lines: [] } },
    { what: 'two lines of one number', code: 'line-number-duplicate', field: '/lines/1/lineNo', change: lines({}, { lineNo: 1 }) },
    { what: 'an unknown currency', code: 'currency-unknown', field: '/currency', change: { currency: 'XYZ' } },
    { what: 'a currency without a price', code: 'price-missing', field: '/lines/0/sku', change: { currency: 'JPY' } }
  ]
}

test('every readable command that breaks a rule is rejected with code and field, and the orders behind it go on', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const { kafka, state, send } = platform
  const events = await watchTopic(kafka, topics.orders.events)
  const rejections = await watchTopic(kafka, topics.orders.rejections)
  const views = await watchTopic(kafka, topics.orders.state)
  const letters = await watchTopic<Buffer>(kafka, deadLetterTopic)
  t.teardown(() => { for (const watch of [events, rejections, views, letters]) watch.close() })
  const [sku = ''] = await openShop(platform, events)
  /** Keys of this test's commands: other tests fill the same dead-letter topic at the same time. */
  const keys = new Set<string>()
  const place = async (order: PlaceOrder): Promise<void> => {
    keys.add(order.orderId)
    await send(toRecord(topics.orders.commands, order.orderId, order))
  }
  const cancel = async (orderId: string): Promise<void> => {
    keys.add(orderId)
    await send(toRecord(topics.orders.commands, orderId, cancelOrder(orderId)))
  }
  const confirmed = async (orderId: string): Promise<void> => {
    await events.find(`confirmation of ${orderId}`, event => event.orderId === orderId && event.type === 'OrderConfirmed')
  }
  const rejection = async (orderId: string, code: string) =>
    (await rejections.find(`rejection ${code} of ${orderId}`, value => value.orderId === orderId && value.code === code)).value

  for (const [at, { what, code, field, change }] of brokenRules(sku).entries()) {
    await t.test(`an order with ${what} is Rejected, and the order behind it is confirmed`, async t => {
      const orderId = newOrderId(at % partitions)
      const next = newOrderId(at % partitions)
      await place(placeOrder(orderId, sku, change))
      await place(placeOrder(next, sku))
      t.match(await rejection(orderId, code), { command: 'PlaceOrder', commandId: /^[0-9a-f]{64}$/, field, message: /\w/ })
      t.match((await events.find(`OrderRejected of ${orderId}`, event => event.orderId === orderId)).value, { type: 'OrderRejected', code })
      const { value: view } = await views.find(`view of ${orderId}`, value => value.orderId === orderId)
      t.match(view, { state: 'Rejected', outcome: 'Rejected', reason: /\w/, lines: [], everConfirmed: false })
      await confirmed(next)
    })
  }

  await t.test('an order id that comes again with other content is rejected, and the order stays as it was', async t => {
    const orderId = newOrderId()
    await place(placeOrder(orderId, sku))
    await place(placeOrder(orderId, sku, { deliverySpeed: 'express' }))
    t.match(await rejection(orderId, 'order-id-reused'), { command: 'PlaceOrder', field: '/orderId' })
    await confirmed(orderId)
    await place(placeOrder(orderId, sku, { currency: 'EUR' }))
    await rejections.find('second rejection', (value, { offset }) => value.orderId === orderId && value.code === 'order-id-reused' &&
      rejections.seen.some(other => other.value?.orderId === orderId && other.record.offset < offset))
    t.equal(events.seen.filter(({ value }) => value?.orderId === orderId && value.type === 'OrderCreated').length, 1)
    t.notOk(events.seen.some(({ value }) => value?.orderId === orderId && value.type === 'OrderRejected'))
  })

  await t.test('an order that comes twice with the same content is one order, and nobody is told', async t => {
    const orderId = newOrderId(2)
    const order = placeOrder(orderId, sku, { meta: commandMeta('the same command') })
    await place(order)
    await place(order)
    await confirmed(orderId)
    await place(order)
    await cancel(newOrderId(2))
    await rejections.find('rejection behind it', ({ command }, { partition }) => command === 'CancelOrder' && partition === 2)
    t.equal(events.seen.filter(({ value }) => value?.orderId === orderId && value.type === 'OrderCreated').length, 1)
    t.equal(events.seen.filter(({ value }) => value?.orderId === orderId && value.type === 'OrderConfirmed').length, 1)
    t.notOk(rejections.seen.some(({ value }) => value?.orderId === orderId))
  })

  await t.test('a command for an order that does not exist is rejected, and no order comes of it', async t => {
    const orderId = newOrderId(4)
    const next = newOrderId(4)
    await cancel(orderId)
    await place(placeOrder(next, sku))
    t.match(await rejection(orderId, 'unknown-order'), { command: 'CancelOrder', field: '/orderId', message: /there is no order/ })
    await confirmed(next)
    t.notOk(events.seen.some(({ value }) => value?.orderId === orderId))
    t.equal((await stateRows(state, ordersName, partitions, viewStore, key => key === orderId)).size, 0)
  })

  await t.test('a cancellation that the state of the order forbids is rejected, and the order stays as it was', async t => {
    const orderId = newOrderId()
    await place(placeOrder(orderId, sku, { currency: 'XYZ' }))
    await rejection(orderId, 'currency-unknown')
    await cancel(orderId)
    t.match(await rejection(orderId, 'state-forbids'), { command: 'CancelOrder', field: null, message: /Rejected/ })
    t.equal((await stateRows(state, ordersName, partitions, viewStore, key => key === orderId)).get(orderId)?.state, 'Rejected')
  })

  await t.test('stock commands that break a rule are rejected under their SKU', async t => {
    const meta = commandMeta()
    const adjust = { type: 'AdjustStock', meta, delta: 1, reason: 'count', expectedVersion: null } as const
    await send(toRecord(topics.inventory.commands, 'NO-SUCH-SKU', { ...adjust, sku: 'NO-SUCH-SKU' }))
    t.match(await rejection('NO-SUCH-SKU', 'unknown-sku'), { command: 'AdjustStock', field: 'sku' })
    await send(toRecord(topics.inventory.commands, sku, { ...adjust, sku, delta: -1_000_000 }))
    t.match(await rejection(sku, 'short-stock'), { command: 'AdjustStock', field: 'delta' })
    await send(toRecord(topics.inventory.commands, sku, { type: 'Restock', meta, sku, quantity: 0 }))
    t.match(await rejection(sku, 'invalid-quantity'), { command: 'Restock', field: 'quantity' })
  })

  const own = letters.seen.filter(({ record }) => keys.has(String(record.key)))
  t.same(own.map(({ record }) => record.headers.map(([name, bytes]) => `${name}=${bytes?.toString()}`).join(' ')), [], 'no command was a dead letter')
  t.same(platform.streams.health().reasons, [], 'nothing has failed')
})
