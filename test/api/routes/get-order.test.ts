import { test } from 'tap'
import { type EventHistory } from '../../../api/ports.ts'
import { positionToken } from '../../../api/position.ts'
import { StreamsError } from '../../../streams/errors.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { topics } from '../../../topology/topics.ts'
import { createdPayload, orderView } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const orderId = '0198c0de-0000-8000-8000-000000000001'
const partition = partitionOf(orderId, topics.orders.commands.partitions)

async function get (api: ApiUnderTest, path: string, token?: string) {
  return await api.app.inject({ url: `/v1/orders/${path}`, headers: { authorization: `Bearer ${token ?? await api.token('Customer')}` } })
}

test('an order is read by its owner', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId) })
  const answer = await get(api, orderId)
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { orderId, state: 'Pending', total: '15.3000', lines: [{ sku: '85123A', unitPrice: '2.5500' }], placedAt: '2023-11-14T22:13:20.000Z' })
})

test('an order is answered 404 to others as if it did not exist', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId) })
  const foreign = await get(api, orderId, await api.token('Customer', 'customer-2'))
  const absent = await get(api, '0198c0de-0000-8000-8000-000000000002')
  t.equal(foreign.statusCode, 404)
  t.equal(absent.statusCode, 404)
  const { traceId: a, ...one } = foreign.json()
  const { traceId: b, ...two } = absent.json()
  t.same(one, two)
  t.not(a, b)
})

test('an order is read by everybody who may read all', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId, { customerId: null }) })
  t.equal((await get(api, orderId, await api.token('Support', 'agent'))).statusCode, 200)
  t.equal((await get(api, orderId)).statusCode, 404)
})

test('a reader with a position waits until it is processed', async t => {
  const api = await buildApi(t)
  const token = positionToken({ topic: topics.orders.commands.name, partition, offset: 4n })
  const pending = get(api, `${orderId}?position=${token}`)
  await api.until(() => api.clock.waiting > 0)
  await api.store(orderId, { view: orderView(orderId) }, 5n)
  await api.until(pending)
  t.equal((await pending).statusCode, 200)
})

test('a reader with a position is told to come back when it is not processed within a second', async t => {
  const api = await buildApi(t)
  const pending = get(api, `${orderId}?position=${positionToken({ topic: topics.orders.commands.name, partition, offset: 4n })}`)
  await api.until(pending)
  const answer = await pending
  t.equal(answer.statusCode, 404)
  t.equal(answer.json().code, 'order-not-visible')
  t.equal(answer.headers['retry-after'], '1')
})

test('a position that is reached without an order means that there is none', async t => {
  const api = await buildApi(t)
  await api.store(orderId, {}, 5n)
  const answer = await get(api, `${orderId}?position=${positionToken({ topic: topics.orders.commandsTrusted.name, partition, offset: 4n })}`)
  t.equal(answer.json().code, 'not-found')
})

test('a position of another topic or partition is refused', async t => {
  const api = await buildApi(t)
  const other = { topic: topics.orders.commands.name, partition: (partition + 1) % 8, offset: 1n }
  for (const token of ['rubbish', positionToken(other), positionToken({ ...other, partition, topic: 'commerce.orders.events' })]) {
    const answer = await get(api, `${orderId}?position=${token}`)
    t.equal(answer.statusCode, 400)
    t.equal(answer.json().code, 'position-invalid')
  }
})

test('an order is 503 and never 404 when its state is missing', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId) })
  api.state.flush()
  const answer = await get(api, orderId)
  t.equal(answer.statusCode, 503)
  t.equal(answer.json().code, 'state-unavailable')
  t.ok(answer.headers['retry-after'])
})

test('an order is 503 while its state is being restored', async t => {
  const api = await buildApi(t, { noState: true })
  await api.state.open(`commerce:orders:${partition}`).claim({ token: 1000n, incarnation: 'next', nowMs: 0 })
  t.match((await get(api, orderId)).json(), { status: 503, code: 'state-unavailable' })
})

test('an order is read on while its task changes its owner', async t => {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId) })
  await api.state.open(`commerce:orders:${partition}`).claim({ token: 1000n, incarnation: 'next', nowMs: 0 })
  t.match((await get(api, orderId)).json(), { orderId })
})

test('an order is 503 when the state does not answer', async t => {
  const api = await buildApi(t)
  api.state.faults.fail({ op: 'read' }, { phase: 'request' })
  t.equal((await get(api, orderId)).statusCode, 503)
})

test('an order is 503 when the state has no memory left, refuses us or may evict', async t => {
  const api = await buildApi(t)
  for (const code of ['STR_STATE_FULL', 'STR_STATE_REFUSED', 'STR_STATE_EVICTING'] as const) {
    api.state.faults.fail({ op: 'read' }, { phase: 'request', error: new StreamsError(code) })
    const answer = await get(api, orderId)
    t.equal(answer.statusCode, 503, code)
    t.match(answer.json(), { code: 'state-unavailable' })
  }
})

test('an id that is no UUID is answered 400', async t => {
  const api = await buildApi(t)
  for (const id of ['1', orderId.toUpperCase().replace('0198C0DE', 'ABCDEFAB'), `${orderId}0`]) t.equal((await get(api, id)).statusCode, 400, id)
  t.equal((await get(api, `${orderId}?other=1`)).statusCode, 400)
})

const entry = { partition, type: 'OrderCreated', eventId: 'e-1', occurredAtMs: 1_700_000_000_000, payload: createdPayload }
const pages: EventHistory = {
  reached: async () => 40n,
  list: async (_orderId, after, limit) => [0n, 10n, 20n, 30n, 40n].filter(offset => offset > after).slice(0, limit).map(offset => ({ ...entry, offset }))
}

test('the history of an order holds no personal data and no payment token', async t => {
  const api = await buildApi(t, { history: pages })
  await api.store(orderId, { view: orderView(orderId) })
  const answer = await get(api, `${orderId}/events?limit=1`)
  t.equal(answer.statusCode, 200)
  t.match(answer.json(), { items: [{ id: `${partition}-0`, type: 'OrderCreated', data: { total: '15.3000', payment: { method: 'card' } } }], next: `${partition}-0` })
  t.notMatch(answer.body, /ciphertext|tok_ok|shippingAddress|bodyHash|meta/)
})

test('the history of an order is read page by page', async t => {
  const api = await buildApi(t, { history: pages })
  await api.store(orderId, { view: orderView(orderId) })
  const ids: string[] = []
  for (let path: string | null = `${orderId}/events?limit=2`; path !== null;) {
    const page: { items: Array<{ id: string }>, next: string | null } = (await get(api, path)).json()
    ids.push(...page.items.map(item => item.id))
    path = page.next === null ? null : `${orderId}/events?limit=2&after=${page.next}`
  }
  t.same(ids, [0, 10, 20, 30, 40].map(offset => `${partition}-${offset}`))
})

test('the history of another\'s order is 404', async t => {
  const api = await buildApi(t, { history: pages })
  await api.store(orderId, { view: orderView(orderId) })
  t.equal((await get(api, `${orderId}/events`, await api.token('Customer', 'customer-2'))).statusCode, 404)
})

test('the history is 503 when analytics does not answer', async t => {
  const api = await buildApi(t, { history: { ...pages, list: async () => { throw new Error('connection refused to 10.0.0.1') } } })
  await api.store(orderId, { view: orderView(orderId) })
  const answer = await get(api, `${orderId}/events`)
  t.equal(answer.statusCode, 503)
  t.equal(answer.json().code, 'analytics-unavailable')
  t.notMatch(answer.body, /10\.0\.0\.1/)
})
