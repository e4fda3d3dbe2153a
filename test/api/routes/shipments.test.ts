import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, type BuildOptions, buildApi } from '../../support/build-app.ts'
import { ShipmentWorld, cancelShipment, createShipment, handOver, idOf, orderId, tracking } from '../../topology/shipping/shipping-fixtures.ts'
import { orderView } from '../order-fixtures.ts'

interface Request { readonly body?: object, readonly key?: string, readonly role?: Role }

async function ask (api: ApiUnderTest, path: string, { body, key = 'key-1', role = 'WarehouseManager' }: Request = {}) {
  const headers = { authorization: `Bearer ${await api.token(role, 'keeper')}`, ...(body === undefined ? {} : { 'idempotency-key': key }) }
  const answer = await api.app.inject({ method: body === undefined ? 'GET' : 'POST', url: `/v1${path}`, headers, ...(body === undefined ? {} : { payload: body }) })
  return { status: answer.statusCode, headers: answer.headers, json: answer.json() }
}

/** An order with one parcel that has left and one that waits. */
async function start (t: Parameters<typeof buildApi>[0], options: BuildOptions = {}): Promise<ApiUnderTest & { readonly world: ShipmentWorld }> {
  const api = await buildApi(t, options)
  const world = new ShipmentWorld()
  world.tell(createShipment(), handOver(2, [1, 2]))
  if (world.state !== undefined) await api.storeShipments(world.state)
  return { ...api, world }
}

test('a shipment is read by its id, by its tracking number, and under its order', async t => {
  const api = await start(t)
  const { json } = await ask(api, `/shipments/${idOf(2)}`)
  t.match(json, { shipmentId: idOf(2), orderId, shipmentNo: 2, stage: 'pickedUp', lines: [{ lineNo: 1, quantity: 2 }], history: [{ stage: 'pickedUp' }] })
  t.same((await ask(api, `/shipments/tracking/${json.trackingNumber.toLowerCase()}`)).json, json)
  await api.store(orderId, { view: orderView(orderId, { customerId: 'keeper' }) })
  t.match((await ask(api, `/orders/${orderId}/shipments`, { role: 'Customer' })).json, { items: [{ shipmentNo: 1, stage: 'created' }, { shipmentNo: 2 }] })
})

test('a shipment or tracking number that nobody knows is answered 404, and one under somebody else\'s order likewise', async t => {
  const api = await start(t)
  await api.store(orderId, { view: orderView(orderId, { customerId: 'somebody else' }) })
  for (const path of [`/shipments/${orderId}`, '/shipments/tracking/1Z999', `/shipments/tracking/UM${'0'.repeat(27)}`]) t.equal((await ask(api, path)).status, 404, path)
  t.equal((await ask(api, `/orders/${orderId}/shipments`, { role: 'Customer' })).status, 404)
})

test('state that is missing is answered 503, never 404', async t => {
  const api = await buildApi(t, { noState: true })
  t.match(await ask(api, `/shipments/${idOf(1)}`), { status: 503, json: { code: 'state-unavailable' } })
})

test('news by hand is in the log of the order, once for each key', async t => {
  const api = await start(t)
  const body = { stage: 'inTransit', location: 'Hull', at: '2023-11-14T22:13:21.000Z' }
  t.match(await ask(api, `/shipments/${idOf(2)}/tracking`, { body }), { status: 202, json: { shipmentId: idOf(2), status: 'accepted', location: `/v1/shipments/${idOf(2)}` } })
  t.match(await ask(api, `/shipments/${idOf(2)}/tracking`, { body }), { status: 202, headers: { 'idempotent-replayed': 'true' } })
  t.match(await ask(api, `/shipments/${idOf(2)}/tracking`, { body: { ...body, location: 'Leeds' } }), { status: 422, json: { code: 'idempotency-conflict' } })
  t.equal((await ask(api, `/shipments/${idOf(2)}/delivery-attempt`, { body: { reason: 'dog' } })).status, 202)
  t.match(api.taken(topics.shipping.commands), [
    { type: 'RecordTracking', orderId, shipmentId: idOf(2), stage: 'inTransit', location: 'Hull', note: null, at: 1_700_000_001_000 },
    { type: 'RecordDeliveryAttempt', orderId, shipmentId: idOf(2), reason: 'dog', at: 1_700_000_000_000 }
  ])
})

test('who received a shipment is encrypted before it is written', async t => {
  const api = await start(t)
  await api.store(orderId, { view: orderView(orderId, { customerId: 'keeper' }) })
  t.equal((await ask(api, `/shipments/${idOf(2)}/delivered`, { body: { receivedBy: 'Ada Example' } })).status, 202)
  const [command] = api.taken(topics.shipping.commands)
  t.match(command, { type: 'ConfirmDelivery', receivedBy: { keyId: 'customer/keeper' } })
  t.notOk(JSON.stringify(command).includes('Ada'))
})

test('a shipment that has not left is stopped by a compensation, and one that has left is not', async t => {
  const api = await start(t)
  t.match(await ask(api, `/shipments/${idOf(2)}/cancel`, { body: { reason: 'lost' } }), { status: 409, json: { code: 'state-forbids', detail: 'the shipment is pickedUp' } })
  t.equal((await ask(api, `/shipments/${idOf(1)}/cancel`, { body: { reason: 'lost' }, key: 'key-2' })).status, 202)
  t.match(api.taken(topics.compensations.shipment), [{ type: 'CancelShipment', orderId, reason: 'lost' }])
})

test('what the stage forbids is said at once', async t => {
  const api = await start(t)
  api.world.tell(cancelShipment)
  if (api.world.state !== undefined) await api.storeShipments(api.world.state)
  t.match(await ask(api, `/shipments/${idOf(1)}/delivered`, { body: {} }), { status: 409, json: { detail: 'the shipment is cancelled' } })
  t.match(await ask(api, `/shipments/${idOf(2)}/tracking`, { body: { stage: 'delivered' } }), { status: 422 })
  t.same(api.taken(topics.shipping.commands), [])
})

test('shipments that wait or are late are found in analytics and shown as they stand', async t => {
  const other = 'ffffffff-0000-4000-8000-000000000000'
  const find = async (after: string, limit: number) => [orderId, other].filter(id => id > after).slice(0, limit)
  const api = await start(t, { shipmentLists: { pending: find, delayed: find } })
  t.match((await ask(api, '/shipments/pending?limit=1')).json, { items: [{ shipmentNo: 1, stage: 'created' }], next: orderId })
  t.same((await ask(api, `/shipments/pending?limit=1&after=${orderId}`)).json, { items: [], next: null })
  t.same((await ask(api, '/shipments/delayed')).json, { items: [], next: null })
  api.world.fire()
  api.world.tell(tracking('inTransit', 1, { shipmentId: idOf(2) }))
  if (api.world.state !== undefined) await api.storeShipments(api.world.state)
  t.match((await ask(api, '/shipments/delayed')).json, { items: [{ shipmentNo: 1, delayed: true }, { shipmentNo: 2, delayed: true }] })
})

test('shipments are closed to customers, and to readers what changes them', async t => {
  const api = await start(t)
  for (const path of [`/shipments/${idOf(1)}`, '/shipments/pending', '/shipments/tracking/X']) t.equal((await ask(api, path, { role: 'Customer' })).status, 403, path)
  for (const action of ['tracking', 'delivery-attempt', 'delivered', 'cancel']) {
    t.equal((await ask(api, `/shipments/${idOf(1)}/${action}`, { body: {}, role: 'Support' })).status, 403, action)
  }
})
