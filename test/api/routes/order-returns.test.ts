import { test } from 'tap'
import { type OrderReturn, type OrderView } from '#schemas'
import { type Role } from '../../../api/permissions.ts'
import { commandId } from '../../../topology/envelope.ts'
import { returnIdOf } from '../../../topology/returns/decide-return.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { orderView } from '../order-fixtures.ts'

const orderId = '0198c0de-0000-8000-8000-000000000001'
const returnId = '0198c0de-0000-8000-8000-0000000000aa'
const line = { lineNo: 1, sku: 'A', quantity: 3, unitPrice: 25_000n, lineTotal: 75_000n, priceSource: 'catalog', catalogVersion: 1, stocked: true } as const
const confirmed = { state: 'Confirmed', everConfirmed: true, lines: [line] } as const
const delivered = {
  ...confirmed,
  state: 'Delivered',
  outcome: 'Fulfilled',
  deliveredAt: Date.now(),
  progress: [{ lineNo: 1, shipped: 3, cancelled: 0, delivered: 3, returned: 1 }]
} as const satisfies Partial<OrderView>
const asked = (status: OrderReturn['status']): OrderReturn => ({
  returnId,
  status,
  lines: [{ lineNo: 1, sku: 'A', quantity: 1, amount: 25_000n }],
  amount: 25_000n,
  refunded: 0n,
  reason: 'worn',
  answer: null,
  requestedAt: 1_700_000_000_000,
  expectedBy: status === 'approved' ? 1_700_086_400_000 : null,
  updatedAt: 1_700_000_000_000
})

interface Request { readonly body?: object, readonly key?: string, readonly role?: Role, readonly subject?: string }

async function post (api: ApiUnderTest, path: string, { body = {}, key = 'key-1', role = 'Admin', subject = 'customer-1' }: Request = {}) {
  return await api.app.inject({
    method: 'POST',
    url: `/v1/orders/${orderId}/${path}`,
    headers: { authorization: `Bearer ${await api.token(role, subject)}`, 'idempotency-key': key },
    payload: body
  })
}

const steps = [
  ['ship', confirmed, { lines: [{ lineNo: 1, quantity: 2 }] }, 'WarehouseManager', { type: 'ShipOrder', lines: [{ lineNo: 1, quantity: 2 }] }],
  ['returns', delivered, { lines: [{ lineNo: 1, quantity: 2 }], reason: 'worn' }, 'Customer', { type: 'RequestReturn', reason: 'worn' }],
  [`returns/${returnId}/approve`, { ...delivered, returns: [asked('requested')] }, { approved: false, reason: 'too old' }, 'Support', { type: 'ApproveReturn', approved: false }],
  [`returns/${returnId}/receive`, { ...delivered, returns: [asked('approved')] }, {}, 'WarehouseManager', { type: 'ReceiveReturn', lines: [] }]
] as const

for (const [path, view, body, role, command] of steps) {
  const name = path.replace(returnId, '{returnId}')
  test(`POST ${name} is in the log once when it is accepted, whatever is repeated`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, view) })
    const answer = await post(api, path, { body, role })
    t.equal(answer.statusCode, 202)
    t.match(answer.json(), { orderId, status: 'accepted', location: /^\/v1\/orders\/0198c0de.*\?position=/ })
    t.equal((await post(api, path, { body, role })).headers['idempotent-replayed'], 'true')
    t.match(api.commands(), [{ ...command, orderId, meta: { commandId: commandId('default', 'customer-1', `POST /v1/orders/${orderId}/${path}`, 'key-1') } }])
    t.equal(api.commands().length, 1)
  })

  test(`POST ${name} is refused when the role does not allow it`, async t => {
    const api = await buildApi(t)
    await api.store(orderId, { view: orderView(orderId, view) })
    const other = role === 'Customer' ? 'Analyst' : 'Customer'
    t.equal((await post(api, path, { body, role: other })).statusCode, 403)
    t.same(api.commands(), [])
  })
}

test('POST returns tells the id of the return, the same one when it is repeated', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, delivered) })
  const body = { lines: [{ lineNo: 1, quantity: 1 }], reason: 'worn' }
  const expected = returnIdOf(orderId, commandId('default', 'customer-1', `POST /v1/orders/${orderId}/returns`, 'key-1'))
  t.equal((await post(api, 'returns', { body, role: 'Customer' })).json().returnId, expected)
  t.equal((await post(api, 'returns', { body, role: 'Customer' })).json().returnId, expected)
})

test('POST returns is refused at once when the order is not delivered, the window is over, or the pieces are not there', async t => {
  const api = await buildApi(t)
  const body = { lines: [{ lineNo: 1, quantity: 1 }], reason: 'worn' }
  await api.store(orderId, { view: orderView(orderId, { ...confirmed, state: 'Shipped' }) })
  t.match((await post(api, 'returns', { body })).json(), { status: 409, code: 'state-forbids', detail: 'the order is Shipped' })
  await api.store(orderId, { view: orderView(orderId, { ...delivered, deliveredAt: 1 }) })
  t.match((await post(api, 'returns', { body })).json(), { status: 409, detail: /30 days/ })
  await api.store(orderId, { view: orderView(orderId, delivered) })
  const tooMany = await post(api, 'returns', { body: { ...body, lines: [{ lineNo: 1, quantity: 3 }] } })
  t.match(tooMany.json(), { status: 422, errors: [{ field: '/lines/0/quantity' }] })
  t.equal((await post(api, 'returns', { body, role: 'Customer', subject: 'customer-2' })).statusCode, 404, 'somebody else')
  t.same(api.commands(), [])
})

test('POST approve and receive are refused at once when the return does not exist or is not there yet', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { ...delivered, returns: [asked('requested')] }) })
  t.equal((await post(api, `returns/${orderId}/approve`)).statusCode, 404)
  t.match((await post(api, `returns/${returnId}/receive`)).json(), { status: 409, detail: /it is requested/ })
  await api.store(orderId, { view: orderView(orderId, { ...delivered, returns: [asked('approved')] }) })
  t.match((await post(api, `returns/${returnId}/approve`)).json(), { status: 409, detail: /it is approved/ })
  t.match((await post(api, `returns/${returnId}/receive`, { body: { lines: [{ lineNo: 1, quantity: 2 }] } })).json(), { status: 422 })
  t.same(api.commands(), [])
})

test('POST ship is refused at once when the order is not confirmed or the pieces have left', async t => {
  const api = await buildApi(t)
  for (const state of ['Pending', 'Shipped', 'Delivered', 'Cancelled'] as const) {
    await api.store(orderId, { view: orderView(orderId, { ...confirmed, state }) })
    t.match((await post(api, 'ship', { key: state })).json(), { status: 409, detail: `the order is ${state}` })
  }
  await api.store(orderId, { view: orderView(orderId, { ...confirmed, progress: [{ lineNo: 1, shipped: 2, cancelled: 0, delivered: 0, returned: 0 }] }) })
  t.match((await post(api, 'ship', { body: { lines: [{ lineNo: 1, quantity: 2 }] } })).json(), { status: 422, errors: [{ field: '/lines/0/quantity' }] })
  t.same(api.commands(), [])
})

test('POST cancel is refused at once when everything has left', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { ...confirmed, state: 'Shipped' }) })
  t.match((await post(api, 'cancel')).json(), { status: 409, detail: 'the order is Shipped' })
  await api.store(orderId, { view: orderView(orderId, { ...confirmed, state: 'PartiallyShipped' }) })
  t.equal((await post(api, 'cancel')).statusCode, 202)
})

test('GET returns shows what became of each, and only to who may read the order', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { ...delivered, returns: [asked('approved')] }) })
  const get = async (subject: string) => await api.app.inject({
    method: 'GET', url: `/v1/orders/${orderId}/returns`, headers: { authorization: `Bearer ${await api.token('Customer', subject)}` }
  })
  t.match((await get('customer-1')).json(), {
    items: [{ returnId, status: 'approved', amount: '2.5000', refunded: '0.0000', lines: [{ lineNo: 1, sku: 'A', quantity: 1 }], expectedBy: '2023-11-15T22:13:20.000Z' }]
  })
  t.equal((await get('customer-2')).statusCode, 404)
})

test('GET order shows the pieces of each line and its parcels', async t => {
  const api = await buildApi(t)
  const parcel = {
    shipmentNo: 1, shipmentId: returnId, carrier: 'UPS', trackingNumber: 'UP1', stage: 'delivered', location: null, attempts: 1, promisedBy: null, isLate: false
  } as const
  const parcels = [{ ...parcel, deliveredAt: 1_700_000_000_000, lines: [{ lineNo: 1, quantity: 3 }] }]
  await api.store(orderId, { view: orderView(orderId, { ...delivered, deliveredAt: 1_700_000_000_000, parcels }) })
  const answer = await api.app.inject({ method: 'GET', url: `/v1/orders/${orderId}`, headers: { authorization: `Bearer ${await api.token('Customer', 'customer-1')}` } })
  t.match(answer.json(), {
    deliveredAt: '2023-11-14T22:13:20.000Z',
    lines: [{ shipped: 3, cancelled: 0, delivered: 3, returned: 1 }],
    parcels: [{ ...parcel, deliveredAt: '2023-11-14T22:13:20.000Z', lines: [{ lineNo: 1, quantity: 3 }] }]
  })
})
