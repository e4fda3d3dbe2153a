import { test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { call } from '../support/http.ts'
import { commandMeta } from '../support/orders.ts'
import { until } from '../support/until.ts'
import { type Customer, type Shown, happyEvents, openSaga, total, twoOfEach } from '../support/saga-scene.ts'
import { watchTopic } from '../support/watch.ts'

test('an order lives from Pending to Returned on the real stack, and every book agrees on it', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene
  const as = async (role: 'Support' | 'WarehouseManager', path: string, body: object) => await call(`${platform.apiUrl}/v1/orders/${path}`, {
    token: await platform.token(role, `${role}-1`), method: 'POST', body, headers: { 'idempotency-key': crypto.randomUUID() }
  })
  const skus = await products(10)
  const { orderId } = (await customer.order(twoOfEach(skus))).body as Shown
  await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')

  // The carrier of the platform may be faster than the warehouse: then everything has left already.
  const shipped = await as('WarehouseManager', `${orderId}/ship`, {})
  t.ok([202, 409].includes(shipped.status), String(shipped.status))
  await customer.event(topics.orders.events, orderId, 'OrderShipped')
  const { shipmentId } = shippedEvent(customer, orderId)
  const delivery = { type: 'ConfirmDelivery', meta: commandMeta(), orderId, shipmentId, receivedBy: null, at: Date.now() } as const
  await platform.send(toRecord(topics.shipping.commands, orderId, delivery))
  await customer.event(topics.orders.events, orderId, 'OrderDelivered')
  await until(async () => (await shown(customer, orderId)).state === 'Delivered')
  t.match((await customer.get(orderId)).body, { state: 'Delivered', outcome: 'Fulfilled', refunded: '0.0000', lines: [{ delivered: 2 }, { delivered: 2 }] })
  t.equal((await customer.post(`${orderId}/cancel`, {})).status, 409)

  const asked = await customer.post(`${orderId}/returns`, { lines: [{ lineNo: 1, quantity: 2 }, { lineNo: 2, quantity: 2 }], reason: 'does not fit' })
  t.equal(asked.status, 202)
  const { returnId } = asked.body as { readonly returnId: string }
  await customer.event(topics.orders.events, orderId, 'OrderReturnRequested')
  await until(async () => (await shown(customer, orderId)).state === 'ReturnRequested')
  t.equal((await as('Support', `${orderId}/returns/${returnId}/approve`, {})).status, 202)
  await customer.event(topics.returns.events, orderId, 'ReturnApproved')
  await until(async () => await returnStatus(customer, orderId) === 'approved')
  const stock = await watchTopic(platform.kafka, topics.inventory.events)
  t.equal((await as('WarehouseManager', `${orderId}/returns/${returnId}/receive`, {})).status, 202)
  await customer.event(topics.returns.events, orderId, 'RefundIssued')

  await until(async () => await returnStatus(customer, orderId) === 'refunded')
  t.match((await customer.get(orderId)).body, { state: 'Returned', outcome: 'Fulfilled', refunded: '50.0000', lines: [{ returned: 2 }, { returned: 2 }] })
  t.match((await customer.get(`${orderId}/returns`)).body, { items: [{ returnId, status: 'refunded', amount: '50.0000', refunded: '50.0000' }] })
  t.same(customer.eventsOf(topics.orders.events, orderId), [...happyEvents, 'OrderShipped', 'OrderDelivered', 'OrderReturnRequested', 'OrderReturned'])
  t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: total })
  for (const sku of skus) await stock.find(`pieces of ${sku} that are back`, event => event.type === 'StockAdjusted' && event.sku === sku)
  stock.close()
  for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0 }, 'all pieces are back')
  await sameInAnalytics(t, orderId)
  checkHealth(t)
})

/** Readers are a moment behind the log: what is asked of the API next depends on what it shows. */
async function shown (customer: Customer, orderId: string): Promise<Shown> {
  return (await customer.get(orderId)).body as Shown
}

async function returnStatus (customer: Customer, orderId: string): Promise<string | undefined> {
  return ((await customer.get(`${orderId}/returns`)).body as { readonly items: ReadonlyArray<{ readonly status: string }> }).items.at(-1)?.status
}

function shippedEvent ({ watches }: Customer, orderId: string): { readonly shipmentId: string } {
  const seen = watches.flatMap(watch => watch.seen).find(({ value }) => value?.type === 'OrderShipped' && value.orderId === orderId)
  return seen?.value as unknown as { readonly shipmentId: string }
}
