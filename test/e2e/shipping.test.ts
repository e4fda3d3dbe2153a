import { test } from 'tap'
import { answerOf, createApiClient, newKey } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { openSaga, twoOfEach } from '../support/saga-scene.ts'

test('a confirmed order that the warehouse hands over is carried to its customer', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene
  const keeper = createApiClient(platform.apiUrl, await platform.token('WarehouseManager', 'keeper'))

  await t.test('a confirmed order is delivered by the embedded carrier when it is handed over, and every reader sees so', async t => {
    const placed = await customer.order(twoOfEach(await products(10)))
    const { orderId } = placed.data
    t.match(placed.body, { state: 'Confirmed' })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    const about = { path: { id: orderId } }
    t.match(await answerOf(customer.api.GET('/v1/orders/{id}/shipments', { params: about })), { status: 200, body: { items: [{ shipmentNo: 1, stage: 'created' }] } })
    await sameInAnalytics(t, orderId)
    const { items: waiting } = (await answerOf(keeper.GET('/v1/shipments/pending', { params: { query: { after: orderId.slice(0, -1) } } }))).data
    t.ok(waiting.some(shipment => shipment.orderId === orderId && shipment.stage === 'created'), 'it waits to be picked up')

    const shipped = await keeper.POST('/v1/orders/{id}/ship', { params: { ...about, header: newKey() }, body: {} })
    t.equal(shipped.response.status, 202)
    await customer.event(topics.shipping.events, orderId, 'ShipmentDelivered')
    await customer.event(topics.orders.events, orderId, 'OrderDelivered')
    const { items: [parcel] } = (await answerOf(customer.api.GET('/v1/orders/{id}/shipments', { params: about }))).data
    const { shipmentId = '', trackingNumber = '' } = parcel ?? {}
    t.match(parcel, { shipmentNo: 2, stage: 'delivered', delayed: false })
    t.match(await answerOf(keeper.GET('/v1/shipments/{id}', { params: { path: { id: shipmentId } } })), { status: 200, body: { orderId, stage: 'delivered' } })
    t.match(await answerOf(keeper.GET('/v1/shipments/tracking/{no}', { params: { path: { no: trackingNumber } } })), { status: 200, body: { shipmentId } })
    t.match(await customer.read(orderId), { body: { state: 'Delivered', outcome: 'Fulfilled' } })
    await sameInAnalytics(t, orderId)
    t.equal((await keeper.GET('/v1/shipments/delayed')).response.status, 200)
  })

  checkHealth(t)
})
