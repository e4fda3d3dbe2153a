import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { commandId } from '../../../topology/envelope.ts'
import { orderState, orderView } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const orderId = '0198c0de-0000-8000-8000-000000000001'
const decision = { approved: true, reason: 'a known customer' }

async function review (api: ApiUnderTest, { body = decision as object, key = 'key-1', role = 'Support' as Role } = {}) {
  const headers = { authorization: `Bearer ${await api.token(role, 'support-1')}`, 'idempotency-key': key }
  return await api.app.inject({ method: 'POST', url: `/v1/orders/${orderId}/review`, headers, payload: body })
}

test('a decision on an order under review is in the log under the name of who made it', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { state: 'OnRiskReview' }) })
  const answer = await review(api)
  t.equal(answer.statusCode, 202)
  t.match(answer.json(), { orderId, status: 'accepted' })
  t.match(api.commands(), [{
    type: 'ReviewDecision', orderId, ...decision, meta: { principal: 'support-1', commandId: commandId('default', 'support-1', `POST /v1/orders/${orderId}/review`, 'key-1') }
  }])
  t.equal((await review(api)).headers['idempotent-replayed'], 'true')
  t.equal(api.commands().length, 1)
})

test('a decision that the order has carried out is known when the cache has forgotten it', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { state: 'OnRiskReview' }) })
  await review(api)
  const { meta } = api.commands()[0] ?? {}
  const fresh = await buildApi(t)
  const state = { ...orderState(orderId, 'h'), commandHashes: { [meta?.commandId ?? '']: meta?.bodyHash ?? '' } }
  await fresh.store(orderId, { view: orderView(orderId, { state: 'PaymentAuthorized' }), state })
  t.equal((await review(fresh)).statusCode, 202)
  t.same(fresh.commands(), [])
  t.match((await review(fresh, { body: { ...decision, approved: false } })).json(), { status: 422, code: 'idempotency-conflict' })
})

test('a decision is refused when the order is not under review, the sender may not decide, or a field is wrong', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { state: 'Confirmed' }) })
  t.match((await review(api)).json(), { status: 409, code: 'state-forbids', detail: 'the order is Confirmed' })
  await api.store(orderId, { view: orderView(orderId, { state: 'OnRiskReview' }) })
  t.equal((await review(api, { role: 'Customer' })).statusCode, 403)
  for (const body of [{ approved: true }, { approved: 'yes', reason: 'x' }, { ...decision, more: 1 }, { approved: true, reason: '' }]) {
    t.equal((await review(api, { body })).statusCode, 422)
  }
  t.same(api.commands(), [])
})
