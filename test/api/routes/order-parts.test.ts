import { test } from 'tap'
import { orderView } from '../order-fixtures.ts'
import { capturedPayment, orderId } from '../payment-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

async function get (api: ApiUnderTest, include: string, token?: string) {
  return await api.app.inject({ url: `/v1/orders/${orderId}?include=${include}`, headers: { authorization: `Bearer ${token ?? await api.token('Customer')}` } })
}

async function stored (api: ApiUnderTest): Promise<void> {
  await api.store(orderId, { view: orderView(orderId) })
  await api.storePayment(capturedPayment())
}

test('an order is answered with its payments and shipments in one answer', async t => {
  const api = await buildApi(t)
  await stored(api)
  const answer = await get(api, 'payments,shipments')
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { orderId, state: 'Pending', payments: [{ orderId, attempt: 1 }, { orderId, attempt: 2, captured: '500.0000' }], shipments: [], missing: [] })
  const plain = await api.app.inject({ url: `/v1/orders/${orderId}`, headers: { authorization: `Bearer ${await api.token('Customer')}` } })
  for (const name of ['payments', 'shipments', 'missing']) t.notOk(name in plain.json(), name)
})

test('a part that fails is named as missing, and the rest is answered', async t => {
  const api = await buildApi(t)
  await stored(api)
  const { read } = api.app.services.payments
  Object.assign(api.app.services.payments, { read: async () => { throw new Error('secret of the house') } })
  t.teardown(() => { Object.assign(api.app.services.payments, { read }) })
  const answer = await get(api, 'shipments,payments')
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { orderId, shipments: [], missing: ['payments'] })
  t.notOk('payments' in answer.json())
  t.notMatch(answer.body, /secret/)
})

test('a part that is slow is named as missing after half a second, and holds nothing else up', async t => {
  const api = await buildApi(t)
  await stored(api)
  Object.assign(api.app.services.shipments, { read: async () => await new Promise(() => {}) })
  const before = api.clock.now()
  const pending = get(api, 'payments,shipments')
  await api.until(pending)
  t.match((await pending).json(), { payments: [{ attempt: 1 }, { attempt: 2 }], missing: ['shipments'] })
  t.ok(api.clock.now() - before >= 500)
})

test('a part that is not known is refused with 400', async t => {
  const api = await buildApi(t)
  for (const include of ['', 'notifications', 'payments,', 'payments,lines', 'payments,payments,payments']) t.equal((await get(api, include)).statusCode, 400, include)
})

test('payments come along only for who may read payments', async t => {
  const api = await buildApi(t)
  await stored(api)
  const token = await api.token('WarehouseManager', 'keeper')
  const refused = await get(api, 'payments', token)
  t.match([refused.statusCode, refused.json().code], [403, 'forbidden'])
  t.equal((await get(api, 'shipments', token)).statusCode, 200)
})

test('the parts of another\'s order are 404, and nothing of it is read', async t => {
  const api = await buildApi(t)
  await stored(api)
  let reads = 0
  Object.assign(api.app.services.payments, { read: async () => { reads++ } })
  t.equal((await get(api, 'payments', await api.token('Customer', 'customer-2'))).statusCode, 404)
  t.equal(reads, 0)
})
