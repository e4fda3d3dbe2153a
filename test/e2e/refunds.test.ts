import { test } from 'tap'
import { answerOf, createApiClient, goodOrder } from '../client/client.ts'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway } from '../support/books.ts'
import { call } from '../support/http.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

test('refunds that are asked for over the API are paid once each, and every book says so', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const events = await watchTopic(platform.kafka, topics.orders.events)
  const payments = await watchTopic(platform.kafka, topics.payments.events)
  t.teardown(() => { events.close(); payments.close() })
  const [sku = ''] = await openShop(platform, events)
  const customer = createApiClient(platform.apiUrl, await platform.token('Customer', 'refunds'))
  const admin = createApiClient(platform.apiUrl, await platform.token('Admin', 'boss'))
  const placed = await answerOf(customer.POST('/v1/orders', {
    params: { header: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' } }, body: goodOrder(sku)
  }))
  t.match(placed, { status: 201, body: { state: 'Confirmed' } })
  const { orderId } = placed.data
  const listed = await answerOf(customer.GET('/v1/orders/{id}/payments', { params: { path: { id: orderId } } }))
  t.match(listed, { status: 200, body: { items: [{ status: 'captured', captured: 'total' in placed.data ? placed.data.total : '', refunds: [] }] } })
  const paymentId = listed.data.items[0]?.paymentId ?? ''

  const refund = async (key: string) => await answerOf(admin.POST('/v1/payments/{id}/refund', {
    params: { path: { id: paymentId }, header: { 'idempotency-key': key } }, body: { amount: '0.01', reason: 'goodwill' }
  }))
  const keys = [crypto.randomUUID(), crypto.randomUUID()]
  for (const key of [...keys, ...keys]) {
    const answer = await refund(key)
    t.equal(answer.status, 202)
    const { refundId } = answer.data
    await payments.find(`refund ${refundId}`, event => event.type === 'PaymentPartiallyRefunded' && event.effectId === refundId)
  }
  const told = payments.seen.filter(({ value }) => value?.type === 'PaymentPartiallyRefunded' && value.orderId === orderId)
  t.equal(told.length, 2, 'each once')
  t.match(await answerOf(customer.GET('/v1/payments/{id}', { params: { path: { id: paymentId } } })), {
    status: 200, body: { status: 'partiallyRefunded', refunded: '0.0200', refunds: [{ status: 'done', refunded: '0.0100' }, { status: 'done', refunded: '0.0100' }] }
  })
  t.match(await moneyAtGateway(platform, orderId), { refunded: '200' })

  const forged = { method: 'POST', body: { id: 'evt_1', type: 'operation.done' }, headers: { 'payment-signature': `t=1,v1=${'0'.repeat(64)}` } }
  t.match(await call(`${platform.apiUrl}/v1/webhooks/payments`, forged), { status: 400, body: { code: 'callback-forged' } })
})
