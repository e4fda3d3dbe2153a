import { test } from 'tap'
import { topics } from '../../../topology/topics.ts'
import { orderBody } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

interface Result {
  readonly line: number
  readonly status: string
  readonly orderId?: string
  readonly location?: string
  readonly replayed?: true
  readonly retryAfterS?: number
  readonly problem?: { readonly code: string, readonly status: number, readonly detail?: string }
}

interface Request { readonly token?: string, readonly key?: string | null, readonly type?: string }

async function send (api: ApiUnderTest, payload: string | Buffer, { token, key = 'bulk-1', type = 'application/x-ndjson' }: Request = {}) {
  const headers = { authorization: `Bearer ${token ?? await api.token('Customer')}`, 'content-type': type, ...(key === null ? {} : { 'idempotency-key': key }) }
  return await api.app.inject({ method: 'POST', url: '/v1/orders/bulk', headers, payload })
}

async function results (api: ApiUnderTest, payload: string | Buffer, request: Request = {}): Promise<Result[]> {
  const answer = await send(api, payload, request)
  if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.body}`)
  return answer.body.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Result)
}

const text = (...bodies: readonly unknown[]): string => bodies.map(body => `${JSON.stringify(body)}\n`).join('')
const orders = (count: number): string => text(...Array.from({ length: count }, (_, index) => ({ ...orderBody, lines: [{ sku: `S${index}`, quantity: 1 }] })))

test('every line of a bulk request is answered in its place, once its command is in the log', async t => {
  const api = await buildApi(t)
  const answer = await send(api, orders(3))
  t.equal(answer.headers['content-type'], 'application/x-ndjson')
  const list = answer.body.trimEnd().split('\n').map(line => JSON.parse(line) as Result)
  t.same(list.map(({ line, status }) => [line, status]), [[1, 'accepted'], [2, 'accepted'], [3, 'accepted']])
  const commands = new Map(api.commands().map(command => [command.orderId, command.lines[0]?.sku]))
  t.same(list.map(({ orderId = '' }) => commands.get(orderId)), ['S0', 'S1', 'S2'])
  t.match(list[0]?.location, /^\/v1\/orders\/[0-9a-f-]{36}\?position=/)
})

test('a bad line gets its problem and the others go on', async t => {
  const api = await buildApi(t)
  const good = JSON.stringify(orderBody)
  const bad: ReadonlyArray<readonly [line: string | Buffer, code: string, says: string]> = [
    ['{"currency":', 'request-malformed', 'the line is not one JSON value'],
    [`${good} trailing`, 'request-malformed', 'the line is not one JSON value'],
    [`\uFEFF${good}`, 'request-malformed', 'the line begins with a byte order mark'],
    ['', 'request-malformed', 'the line is empty'],
    [Buffer.from([0x22, 0xff, 0x22]), 'request-malformed', 'the line is not UTF-8'],
    ['[]', 'request-invalid', ''], ['null', 'request-invalid', ''], ['"text"', 'request-invalid', ''],
    [JSON.stringify({ ...orderBody, currency: 'ZZZ' }), 'request-invalid', '/currency'],
    [JSON.stringify({ ...orderBody, total: '1.0000' }), 'request-invalid', '/total'],
    [JSON.stringify({ ...orderBody, lines: [{ sku: 'A', quantity: 0 }] }), 'request-invalid', '/lines/0/quantity'],
    [`{"__proto__":{"x":1},${good.slice(1)}`, 'request-invalid', '/__proto__'],
    [JSON.stringify({ ...orderBody, customerId: 'customer-2' }), 'forbidden', 'a customer orders for itself'],
    [`"${'x'.repeat(4 * 1024 * 1024)}"`, 'body-too-large', 'a line has at most 4194304 bytes']
  ]
  const lines = bad.flatMap(([line]) => [Buffer.from(line), Buffer.from('\n'), Buffer.from(good), Buffer.from('\r\n')])
  const list = await results(api, Buffer.concat(lines))
  t.equal(list.length, bad.length * 2)
  for (const [index, [, code, says]] of bad.entries()) {
    const result = list[index * 2]
    t.match(result, { line: index * 2 + 1, status: 'refused', problem: { code } })
    t.ok(JSON.stringify(result?.problem).includes(says), `${code}: ${JSON.stringify(result?.problem)}`)
    t.equal(result?.orderId, undefined)
    t.equal(list[index * 2 + 1]?.status, 'accepted')
  }
  t.equal(api.commands().length, bad.length)
})

test('a repeated request creates nothing twice and answers the same ids', async t => {
  const api = await buildApi(t)
  const first = await results(api, orders(5))
  const second = await results(api, orders(5))
  t.same(second.map(({ orderId }) => orderId), first.map(({ orderId }) => orderId))
  t.ok(second.every(({ replayed }) => replayed === true))
  t.equal(api.commands().length, 5)
  const third = await results(api, orders(5), { key: 'bulk-2' })
  t.equal(new Set([...first, ...third].map(({ orderId }) => orderId)).size, 10, 'another key means other orders')
})

test('the rest of a request under its key is known by its references, and refused where it has none', async t => {
  const api = await buildApi(t)
  const named = ['a', 'b', 'c'].map(clientReference => ({ ...orderBody, clientReference }))
  const first = await results(api, text(...named))
  const rest = await results(api, text(...named.slice(1)))
  t.same(rest.map(({ orderId, replayed }) => [orderId, replayed]), first.slice(1).map(({ orderId }) => [orderId, true]))
  const conflict = await results(api, text({ ...named[0], currency: 'EUR' }))
  t.match(conflict, [{ line: 1, status: 'refused', problem: { code: 'idempotency-conflict' } }])
  await results(api, orders(3), { key: 'numbers' })
  const shifted = await results(api, orders(3).split('\n').slice(1).join('\n'), { key: 'numbers' })
  t.match(shifted, [{ status: 'refused', problem: { code: 'idempotency-conflict' } }, { status: 'refused' }])
  t.equal(api.commands().length, 6)
})

test('a line and a single order under one key are two orders', async t => {
  const api = await buildApi(t)
  const [line] = await results(api, text(orderBody), { key: 'k' })
  const headers = { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'k' }
  const single = await api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: orderBody })
  t.not(single.json().orderId, line?.orderId)
})

test('a service account sends orders of many customers, with prices where it may quote them', async t => {
  const api = await buildApi(t)
  const token = await api.token('ServiceAccount', 'erp', ['orders:write', 'orders:price-override'])
  const quoted = { ...orderBody, channel: 'backoffice', lines: [{ sku: 'A', quantity: 1, quotedUnitPrice: '2.5' }] }
  const list = await results(api, text({ ...orderBody, customerId: 'c1' }, { ...quoted, customerId: 'c2' }, orderBody, { ...orderBody, guestEmail: 'a@b.example' }), { token })
  t.same(list.map(({ status }) => status), ['accepted', 'accepted', 'refused', 'accepted'])
  t.same(api.commands().map(({ customerId }) => customerId).sort(), ['c1', null])
  t.match(api.commands(topics.orders.commandsTrusted.name), [{ customerId: 'c2', meta: { principal: 'erp' } }])
})

test('a line that the log does not acknowledge says so, the others are taken, and a repeat completes them', async t => {
  const api = await buildApi(t)
  api.broker.faults.fail({ api: 'produce' }, { phase: 'answer' })
  const list = await results(api, orders(4))
  const unknown = list.filter(({ status }) => status === 'unknown')
  t.ok(unknown.length > 0)
  for (const result of unknown) t.match(result, { orderId: /^[0-9a-f-]{36}$/, retryAfterS: 5, problem: { status: 503, code: 'intake-unavailable' } })
  const again = await results(api, orders(4))
  t.same(again.map(({ status }) => status), ['accepted', 'accepted', 'accepted', 'accepted'])
  t.same(again.map(({ orderId }) => orderId), list.map(({ orderId }) => orderId))
  t.equal(new Set(api.commands().map(({ meta }) => meta.commandId)).size, 4, 'what is there twice is the same command')
})

test('a line whose key cannot be looked up is not accepted blindly', async t => {
  const api = await buildApi(t, { noState: true })
  t.match(await results(api, orders(1)), [{ status: 'unknown', retryAfterS: 2, problem: { code: 'state-unavailable' } }])
  t.same(api.commands(), [])
})

test('a bulk request is refused without a key, as JSON, and without the permission', async t => {
  const api = await buildApi(t)
  const refusals = [await send(api, orders(1), { key: null }), await send(api, '[]', { type: 'application/json' }), await send(api, orders(1), { token: await api.token('Analyst', 'a') })]
  t.same(refusals.map(answer => [answer.statusCode, answer.json().code]), [[400, 'idempotency-key-missing'], [415, 'media-type-unsupported'], [403, 'forbidden']])
  t.same(await results(api, ''), [], 'no line, no result')
  t.same(api.commands(), [])
})

test('lines beyond the rate of their user are taken as slowly as that', async t => {
  const api = await buildApi(t, { orderLimits: { bulk: { linesPerS: 10 } } })
  const startMs = api.clock.now()
  const pending = results(api, orders(40))
  await api.until(pending)
  t.equal((await pending).length, 40)
  t.ok(api.clock.now() - startMs >= 3000, '10 at once and 30 at 10 a second')
})

test('a bulk request without a media type and without a body is told what is sent', async t => {
  const api = await buildApi(t)
  const headers = { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'key-1' }
  const answer = await api.app.inject({ method: 'POST', url: '/v1/orders/bulk', headers })
  t.match([answer.statusCode, answer.json()], [415, { code: 'media-type-unsupported', detail: 'orders come as application/x-ndjson, one a line' }])
})
