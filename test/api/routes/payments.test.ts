import { test } from 'tap'
import { positionToken } from '../../../api/position.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { newOperation } from '../../../topology/payments/payment-draft.ts'
import { partitions, topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { orderView } from '../order-fixtures.ts'
import { capturedPayment, earlierId, orderId, paid, paymentId } from '../payment-fixtures.ts'

async function get (api: ApiUnderTest, path: string, token?: string) {
  return await api.app.inject({ url: `/v1/${path}`, headers: { authorization: `Bearer ${token ?? await api.token('Customer')}` } })
}

async function withPayment (api: ApiUnderTest, state = capturedPayment()): Promise<ApiUnderTest> {
  await api.store(orderId, { view: orderView(orderId) })
  await api.storePayment(state)
  return api
}

test('a payment is read by the owner of its order, with its refunds', async t => {
  const api = await withPayment(await buildApi(t), capturedPayment(...paid('r1', 200_000n, 200_000n)))
  const answer = await get(api, `payments/${paymentId}`)
  t.equal(answer.statusCode, 200)
  t.same(answer.json(), {
    paymentId,
    orderId,
    attempt: 2,
    status: 'partiallyRefunded',
    method: 'card',
    currency: 'GBP',
    amount: '500.0000',
    authorised: '500.0000',
    captured: '500.0000',
    voided: '0.0000',
    refunded: '20.0000',
    failure: null,
    refunds: [{ refundId: 'r1', status: 'done', requested: '20.0000', refunded: '20.0000', reason: 'damaged', refusal: null }]
  })
  t.notMatch(answer.body, /tok_ok/)
})

test('a payment of an earlier attempt is read as it ended', async t => {
  const api = await withPayment(await buildApi(t))
  t.match((await get(api, `payments/${earlierId}`)).json(), {
    paymentId: earlierId, attempt: 1, status: 'failed', authorised: '0.0000', captured: '0.0000', failure: 'card-declined', refunds: []
  })
})

test('the payments of an order are listed oldest first, and an order without one has none', async t => {
  const api = await withPayment(await buildApi(t))
  t.match((await get(api, `orders/${orderId}/payments`)).json(), { items: [{ paymentId: earlierId }, { paymentId }] })
  const other = '0198c0de-0000-8000-8000-000000000002'
  await api.store(other, { view: orderView(other) })
  t.same((await get(api, `orders/${other}/payments`)).json(), { items: [] })
})

test('a payment is answered 404 to others as if it did not exist', async t => {
  const api = await withPayment(await buildApi(t))
  const stranger = await api.token('Customer', 'customer-2')
  const foreign = await get(api, `payments/${paymentId}`, stranger)
  const absent = await get(api, 'payments/0198c0de-0000-8000-8000-0000000000ff')
  t.same([foreign.statusCode, absent.statusCode], [404, 404])
  t.same({ ...foreign.json(), traceId: '' }, { ...absent.json(), traceId: '' })
  t.equal((await get(api, `orders/${orderId}/payments`, stranger)).statusCode, 404)
  t.equal((await get(api, `payments/${paymentId}`, await api.token('Support', 'agent'))).statusCode, 200)
})

test('a payment needs the permission payments:read', async t => {
  const api = await withPayment(await buildApi(t))
  const warehouse = await api.token('WarehouseManager', 'w')
  t.equal((await get(api, `payments/${paymentId}`, warehouse)).statusCode, 403)
  t.equal((await get(api, `orders/${orderId}/payments`, warehouse)).statusCode, 403)
})

test('a payment that cannot be looked for is answered 503, never 404', async t => {
  const api = await buildApi(t, { noState: true })
  t.equal((await get(api, `payments/${paymentId}`)).statusCode, 503)
})

test('a refund tells how it stands: waiting, failing again and again, done or refused', async t => {
  const refund = { ...newOperation('refund', 2, { effectId: 'r2', amount: 100n, reason: 'late' }), inFlight: true }
  const state = capturedPayment(
    ...paid('r1', 200_000n, 200_000n),
    { type: 'RefundRefused', operation: newOperation('refund', 2, { effectId: 'r0', amount: 9n, reason: 'greed' }), code: 'refund-exceeds-limit' },
    { type: 'CallStarted', operation: refund },
    { type: 'CallFailed', tries: 10, unknown: false },
    { type: 'CallRemembered', operation: newOperation('refund', 2, { effectId: 'r3', amount: null, reason: 'rest' }) }
  )
  const api = await withPayment(await buildApi(t), state)
  const { refunds } = (await get(api, `payments/${paymentId}`)).json() as { refunds: Array<Record<string, unknown>> }
  t.same(refunds.map(entry => [entry['refundId'], entry['status'], entry['requested'], entry['refusal']]), [
    ['r1', 'done', '20.0000', null], ['r0', 'refused', '0.0009', 'refund-exceeds-limit'], ['r2', 'failing', '0.0100', null], ['r3', 'pending', null, null]
  ])
})

test('a reader with the position of a refund waits until it is decided on', async t => {
  const api = await withPayment(await buildApi(t))
  const partition = partitionOf(orderId, partitions)
  const token = positionToken({ topic: topics.compensations.payment.name, partition, offset: 4n })
  const pending = get(api, `payments/${paymentId}?position=${token}`)
  await api.until(() => api.clock.waiting > 0)
  await api.storePayment(capturedPayment(...paid('r1', 200_000n, 200_000n)), 5n)
  await api.until(pending)
  t.match((await pending).json(), { refunds: [{ refundId: 'r1' }] })
})

test('a reader with a position that is not reached in a second is told what there is', async t => {
  const api = await withPayment(await buildApi(t))
  const token = positionToken({ topic: topics.compensations.payment.name, partition: partitionOf(orderId, partitions), offset: 4n })
  const pending = get(api, `payments/${paymentId}?position=${token}`)
  await api.until(pending)
  t.match(await pending, { statusCode: 200 })
})

test('a position of something else is refused', async t => {
  const api = await withPayment(await buildApi(t))
  const other = positionToken({ topic: topics.orders.commands.name, partition: partitionOf(orderId, partitions), offset: 4n })
  for (const token of [other, 'rubbish']) {
    const answer = await get(api, `payments/${paymentId}?position=${token}`)
    t.equal(answer.statusCode, 400)
    t.equal(answer.json().code, 'position-invalid')
  }
})
