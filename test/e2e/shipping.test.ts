import { test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { call } from '../support/http.ts'
import { openSaga, type Shown, twoOfEach } from '../support/saga-scene.ts'

interface Parcel { readonly shipmentId: string, readonly trackingNumber: string, readonly orderId: string, readonly stage: string }
interface Listed { readonly items: readonly Parcel[] }

test('a confirmed order that the warehouse hands over is carried to its customer', async t => {
  const scene = await openSaga(t)
  if (scene === undefined) return
  const { customer, platform, products, sameInAnalytics, checkHealth } = scene
  const token = await platform.token('WarehouseManager', 'keeper')
  const read = async (path: string) => await call(`${platform.apiUrl}/v1${path}`, { token })

  await t.test('a confirmed order is delivered by the embedded carrier when it is handed over, and every reader sees so', async t => {
    const placed = await customer.order(twoOfEach(await products(10)))
    const { orderId } = placed.body as Shown
    t.match(placed.body, { state: 'Confirmed' })
    await customer.event(topics.shipping.events, orderId, 'ShipmentCreated')
    t.match(await customer.get(`${orderId}/shipments`), { status: 200, body: { items: [{ shipmentNo: 1, stage: 'created' }] } })
    await sameInAnalytics(t, orderId)
    const { items: waiting } = (await read(`/shipments/pending?after=${orderId.slice(0, -1)}`)).body as Listed
    t.ok(waiting.some(shipment => shipment.orderId === orderId && shipment.stage === 'created'), 'it waits to be picked up')

    const shipped = await call(`${platform.apiUrl}/v1/orders/${orderId}/ship`, { token, method: 'POST', body: {}, headers: { 'idempotency-key': crypto.randomUUID() } })
    t.equal(shipped.status, 202)
    await customer.event(topics.shipping.events, orderId, 'ShipmentDelivered')
    await customer.event(topics.orders.events, orderId, 'OrderDelivered')
    const { items: [parcel] } = (await customer.get(`${orderId}/shipments`)).body as Listed
    t.match(parcel, { shipmentNo: 2, stage: 'delivered', delayed: false })
    t.match(await read(`/shipments/${parcel?.shipmentId}`), { status: 200, body: { orderId, stage: 'delivered' } })
    t.match(await read(`/shipments/tracking/${parcel?.trackingNumber}`), { status: 200, body: { shipmentId: parcel?.shipmentId } })
    t.match(await customer.get(orderId), { body: { state: 'Delivered', outcome: 'Fulfilled' } })
    await sameInAnalytics(t, orderId)
    t.same((await read('/shipments/delayed')).status, 200)
  })

  checkHealth(t)
})
