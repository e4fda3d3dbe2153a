import { test } from 'tap'
import { answerOf, createApiClient, newKey } from '../client/client.ts'
import { toRecord } from '../../ops/play/commands.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway, stockOf } from '../support/books.ts'
import { commandMeta } from '../support/orders.ts'
import { until } from '../support/until.ts'
import { type Customer, happyEvents, openSaga, total, twoOfEach } from '../support/saga-scene.ts'
import { watchTopic } from '../support/watch.ts'

test('an order lives from Pending to Returned on the real stack, and every book agrees on it', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene
  const as = async (role: 'Support' | 'WarehouseManager') => createApiClient(platform.apiUrl, await platform.token(role, `${role}-1`))
  const [support, warehouse] = [await as('Support'), await as('WarehouseManager')]
  const skus = await products(10)
  const { orderId } = (await customer.order(twoOfEach(skus))).data
  await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')

  // The carrier of the platform may be faster than the warehouse: then everything has left already.
  const about = { path: { id: orderId } }
  const { response: shipped } = await warehouse.POST('/v1/orders/{id}/ship', { params: { ...about, header: newKey() }, body: {} })
  t.ok([202, 409].includes(shipped.status), String(shipped.status))
  await customer.event(topics.orders.events, orderId, 'OrderShipped')
  const { shipmentId } = shippedEvent(customer, orderId)
  const delivery = { type: 'ConfirmDelivery', meta: commandMeta(), orderId, shipmentId, receivedBy: null, at: Date.now() } as const
  await platform.send(toRecord(topics.shipping.commands, orderId, delivery))
  await customer.event(topics.orders.events, orderId, 'OrderDelivered')
  await until(async () => (await shown(customer, orderId)).state === 'Delivered')
  t.match((await customer.read(orderId)).body, { state: 'Delivered', outcome: 'Fulfilled', refunded: '0.0000', lines: [{ delivered: 2 }, { delivered: 2 }] })
  t.equal((await customer.api.POST('/v1/orders/{id}/cancel', { params: { ...about, header: newKey() }, body: {} })).response.status, 409)

  const asked = await answerOf(customer.api.POST('/v1/orders/{id}/returns', {
    params: { ...about, header: newKey() }, body: { lines: [{ lineNo: 1, quantity: 2 }, { lineNo: 2, quantity: 2 }], reason: 'does not fit' }
  }))
  t.equal(asked.status, 202)
  const { returnId } = asked.data
  const aboutReturn = { path: { id: orderId, returnId } }
  await customer.event(topics.orders.events, orderId, 'OrderReturnRequested')
  await until(async () => (await shown(customer, orderId)).state === 'ReturnRequested')
  t.equal((await support.POST('/v1/orders/{id}/returns/{returnId}/approve', { params: { ...aboutReturn, header: newKey() }, body: {} })).response.status, 202)
  await customer.event(topics.returns.events, orderId, 'ReturnApproved')
  await until(async () => await returnStatus(customer, orderId) === 'approved')
  const stock = await watchTopic(platform.kafka, topics.inventory.events)
  t.equal((await warehouse.POST('/v1/orders/{id}/returns/{returnId}/receive', { params: { ...aboutReturn, header: newKey() }, body: {} })).response.status, 202)
  await customer.event(topics.returns.events, orderId, 'RefundIssued')

  await until(async () => await returnStatus(customer, orderId) === 'refunded')
  t.match((await customer.read(orderId)).body, { state: 'Returned', outcome: 'Fulfilled', refunded: '50.0000', lines: [{ returned: 2 }, { returned: 2 }] })
  t.match((await customer.returns(orderId)).body, { items: [{ returnId, status: 'refunded', amount: '50.0000', refunded: '50.0000' }] })
  t.same(customer.eventsOf(topics.orders.events, orderId), [...happyEvents, 'OrderShipped', 'OrderDelivered', 'OrderReturnRequested', 'OrderReturned'])
  t.same(await moneyAtGateway(platform, orderId), { authorised: total, captured: total, voided: '0', refunded: total })
  for (const sku of skus) await stock.find(`pieces of ${sku} that are back`, event => event.type === 'StockAdjusted' && event.sku === sku)
  stock.close()
  for (const sku of skus) t.match(await stockOf(platform, sku), { onHand: 10, reserved: 0 }, 'all pieces are back')
  await sameInAnalytics(t, orderId)
  checkHealth(t)
})

/** Readers are a moment behind the log: what is asked of the API next depends on what it shows. */
async function shown (customer: Customer, orderId: string) {
  return (await customer.read(orderId)).data
}

async function returnStatus (customer: Customer, orderId: string): Promise<string | undefined> {
  return (await customer.returns(orderId)).data.items.at(-1)?.status
}

function shippedEvent ({ watches }: Customer, orderId: string): { readonly shipmentId: string } {
  const seen = watches.flatMap(watch => watch.seen).find(({ value }) => value?.type === 'OrderShipped' && value.orderId === orderId)
  return seen?.value as unknown as { readonly shipmentId: string }
}
