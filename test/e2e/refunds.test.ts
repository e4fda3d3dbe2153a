import { test } from 'tap'
import { topics } from '../../topology/topics.ts'
import { moneyAtGateway } from '../support/books.ts'
import { call, orderBody } from '../support/http.ts'
import { usePlatform } from '../support/platform.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

interface Shown { readonly orderId: string, readonly paymentId: string, readonly refundId: string, readonly location: string, readonly total: string }

test('refunds that are asked for over the API are paid once each, and every book says so', async t => {
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const events = await watchTopic(platform.kafka, topics.orders.events)
  const payments = await watchTopic(platform.kafka, topics.payments.events)
  t.teardown(() => { events.close(); payments.close() })
  const [sku = ''] = await openShop(platform, events)
  const customer = await platform.token('Customer', 'refunds')
  const admin = await platform.token('Admin', 'boss')
  const placed = await call(`${platform.apiUrl}/v1/orders`, {
    token: customer, method: 'POST', body: orderBody(sku), headers: { 'idempotency-key': crypto.randomUUID(), prefer: 'wait=30' }
  })
  t.match(placed, { status: 201, body: { state: 'Confirmed' } })
  const { orderId, paymentId, total } = placed.body as Shown
  const listed = await call(`${platform.apiUrl}/v1/orders/${orderId}/payments`, { token: customer })
  t.match(listed, { status: 200, body: { items: [{ paymentId, status: 'captured', captured: total, refunds: [] }] } })

  const refund = async (key: string) => await call(`${platform.apiUrl}/v1/payments/${paymentId}/refund`, {
    token: admin, method: 'POST', body: { amount: '0.01', reason: 'goodwill' }, headers: { 'idempotency-key': key }
  })
  const keys = [crypto.randomUUID(), crypto.randomUUID()]
  for (const key of [...keys, ...keys]) {
    const answer = await refund(key)
    t.equal(answer.status, 202)
    const { refundId } = answer.body as Shown
    await payments.find(`refund ${refundId}`, event => event.type === 'PaymentPartiallyRefunded' && event.effectId === refundId)
  }
  const told = payments.seen.filter(({ value }) => value?.type === 'PaymentPartiallyRefunded' && value.orderId === orderId)
  t.equal(told.length, 2, 'each once')
  t.match(await call(`${platform.apiUrl}/v1/payments/${paymentId}`, { token: customer }), {
    status: 200, body: { status: 'partiallyRefunded', refunded: '0.0200', refunds: [{ status: 'done', refunded: '0.0100' }, { status: 'done', refunded: '0.0100' }] }
  })
  t.match(await moneyAtGateway(platform, orderId), { refunded: '200' })

  const forged = { method: 'POST', body: { id: 'evt_1', type: 'operation.done' }, headers: { 'payment-signature': `t=1,v1=${'0'.repeat(64)}` } }
  t.match(await call(`${platform.apiUrl}/v1/webhooks/payments`, forged), { status: 400, body: { code: 'callback-forged' } })
})
