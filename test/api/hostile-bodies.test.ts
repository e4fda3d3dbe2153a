import { type Test, test } from 'tap'
import { whyUnfit } from '../../api/json-bodies.ts'
import { topics } from '../../topology/topics.ts'
import { buildApi } from '../support/build-app.ts'
import { orderBody } from './order-fixtures.ts'

/** Sends bytes as an administrator. */
async function start (t: Test) {
  const api = await buildApi(t)
  const token = await api.token('Admin', 'root')
  let count = 0
  const send = async (method: 'POST' | 'PUT' | 'PATCH', path: string, payload: string, type = 'application/json') => await api.app.inject({
    method, url: `/v1${path}`, headers: { authorization: `Bearer ${token}`, 'content-type': type, 'idempotency-key': `k-${count++}` }, payload
  })
  return { api, send }
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

test('half of a surrogate pair in a body is refused before anything is written', async t => {
  const { api, send } = await start(t)
  const erased = await send('POST', '/admin/privacy/erase', '{"customerId":"\\ud800","reason":"asked for"}')
  t.match(erased.json(), { status: 400, code: 'request-malformed', detail: /surrogate/ })
  t.same(api.taken(topics.privacy.commands), [])
  const placed = await send('POST', '/orders', JSON.stringify({ ...orderBody, customerId: 'c\udc00' }))
  t.match(placed.json(), { status: 400, detail: /surrogate/ })
  const bulk = await send('POST', '/orders/bulk', `${JSON.stringify({ ...orderBody, customerId: 'c\ud800' })}\n`, 'application/x-ndjson')
  t.match(JSON.parse(bulk.body), { line: 1, status: 'refused', problem: { status: 400 } })
  t.same(api.commands(), [])
})

test('a body that nests without end is refused, wherever it nests', async t => {
  const { send } = await start(t)
  const flag = (value: string): string => `{"enabled":true,"kind":"object","variant":"a","variants":[{"name":"a","value":${value}}]}`
  t.match((await send('PUT', '/admin/flags/deep', flag(nested(100_000)))).json(), { status: 400, code: 'request-malformed', detail: /nests deeper/ })
  t.equal((await send('PUT', '/admin/flags/deep', flag(nested(50)))).statusCode, 200)
  for (const path of ['/orders', '/behaviour', '/auth/login']) t.equal((await send('POST', path, nested(100_000))).statusCode, 400, path)
})

test('a body that would change what objects inherit is refused', async t => {
  const { send } = await start(t)
  for (const body of ['{"__proto__":{"a":1}}', '{"constructor":{"prototype":{"a":1}}}', '{"shippingAddress":{"__proto__":{}}}']) {
    t.match((await send('POST', '/orders', body)).json(), { status: 400, code: 'request-malformed' }, body)
  }
  const bulk = await send('POST', '/orders/bulk', '{"__proto__":{"a":1}}\n', 'application/x-ndjson')
  t.match(JSON.parse(bulk.body), { line: 1, status: 'refused', problem: { status: 422 } })
})

test('a variant may be called like what every object has, and keeps its weight', async t => {
  const { send } = await start(t)
  const variants = ['constructor', 'toString'].map(name => ({ name, value: name, weightBp: 5_000 }))
  t.equal((await send('PUT', '/admin/flags/names', JSON.stringify({ enabled: true, kind: 'string', variant: 'toString', variants }))).statusCode, 200)
  const changed = await send('PATCH', '/admin/flags/names', '{"reason":"try","weights":{"toString":5000}}')
  t.match(changed.json(), { variants: [{ name: 'constructor', weightBp: 5_000 }, { name: 'toString', weightBp: 5_000 }] }, changed.body)
})

test('a path that climbs or breaks UTF-8 leads nowhere else', async t => {
  const { api, send } = await start(t)
  const climbed = await send('PUT', '/users/..%2f..%2fadmin/credit-limit', '{"currency":"GBP","limit":"1"}')
  t.match(climbed.json(), { customerId: '../../admin', location: '/v1/users/..%2F..%2Fadmin/credit-limit' })
  const headers = { authorization: `Bearer ${await api.token('Admin', 'root')}` }
  for (const url of ['/v1/users/%ed%a0%80/credit-limit', '/v1/orders/..%2f..', '/v1/categories/__proto__']) t.equal((await api.app.inject({ url, headers })).statusCode, 400, url)
  t.equal((await api.app.inject({ url: '/v1/products/constructor', headers })).statusCode, 404)
})

test('a moment in a query that is no number of milliseconds is refused', async t => {
  const { api } = await start(t)
  const headers = { authorization: `Bearer ${await api.token('Admin', 'root')}` }
  for (const moment of ['2016-12-31T23:59:60Z', '2026-03-02T09:30:00%2B01']) {
    t.match((await api.app.inject({ url: `/v1/orders?from=${moment}`, headers })).json(), { status: 400, detail: /querystring\/from/ }, moment)
  }
  t.equal((await api.app.inject({ url: '/v1/orders?from=2026-03-02T09:30:00%2B01:00', headers })).statusCode, 200)
})

test('a JSON value is unfit for its depth or for a broken text, also in a name, and for nothing else', t => {
  for (const value of [null, 0, '', 'ü \u{1F600}', { 'a\u{1F600}': ['b', { c: null }] }, JSON.parse(nested(64))]) t.equal(whyUnfit(value), undefined)
  for (const value of ['\ud800', ['\udfff'], { 'a\ud83d': 1 }, { a: { b: ['x\ude00'] } }]) t.match(whyUnfit(value), /surrogate/)
  t.match(whyUnfit(JSON.parse(nested(66))), /64 levels/)
  t.equal(whyUnfit(Array.from({ length: 100_000 }, (_, index) => ({ index }))), undefined, 'width is no fault')
  t.end()
})
