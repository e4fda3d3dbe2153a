import { type Test, test } from 'tap'
import { decryptPersonal } from '../../../topology/personal.ts'
import { commandId, uuidOfCommand } from '../../../topology/envelope.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { parsePosition } from '../../../api/position.ts'
import { topics } from '../../../topology/topics.ts'
import { orderBody, orderState, orderView } from '../order-fixtures.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { derivedKeys } from '../../support/derived-keys.ts'

interface Request { readonly body?: unknown, readonly token?: string, readonly key?: string | null, readonly prefer?: string }

async function place (api: ApiUnderTest, { body = orderBody, token, key = 'key-1', prefer }: Request = {}) {
  return await api.app.inject({
    method: 'POST',
    url: '/v1/orders',
    headers: {
      authorization: `Bearer ${token ?? await api.token('Customer')}`,
      ...(key === null ? {} : { 'idempotency-key': key }),
      ...(prefer === undefined ? {} : { prefer })
    },
    payload: body as object
  })
}

const orderIdOf = (subject: string, key: string): string => uuidOfCommand(commandId('default', subject, 'POST /v1/orders', key))

test('an order is accepted when its command is in the log', async t => {
  const api = await buildApi(t)
  const answer = await place(api)
  const orderId = orderIdOf('customer-1', 'key-1')
  t.equal(answer.statusCode, 202)
  t.match(answer.json(), { orderId, status: 'accepted', location: answer.headers.location })
  const position = parsePosition(new URL(String(answer.headers.location), 'http://x').searchParams.get('position') ?? '')
  t.same(position, { topic: topics.orders.commands.name, partition: partitionOf(orderId, 8), offset: 0n })
  const [command] = api.commands()
  t.match(command, { type: 'PlaceOrder', orderId, customerId: 'customer-1', channel: 'api', currency: 'GBP', placedAt: 1_700_000_000_000, onShortage: null })
  t.same(command?.lines, [{ lineNo: 1, sku: '85123A', quantity: 6, quotedUnitPrice: null }, { lineNo: 2, sku: '22423', quantity: 1, quotedUnitPrice: null }])
  t.match(command?.meta, { commandId: commandId('default', 'customer-1', 'POST /v1/orders', 'key-1'), principal: 'customer-1', bodyHash: /^[0-9a-f]{64}$/ })
})

test('personal data is ciphertext in the log', async t => {
  const api = await buildApi(t)
  await place(api)
  const address = api.commands()[0]?.shippingAddress
  t.ok(address)
  t.notOk(address?.ciphertext.includes('Ada'))
  t.same(await decryptPersonal(derivedKeys(Buffer.alloc(32, 7)), 'address', address as NonNullable<typeof address>), orderBody.shippingAddress)
})

test('an order is refused with 400 when it has no idempotency key', async t => {
  const api = await buildApi(t)
  for (const key of [null, '', 'a'.repeat(256), 'with space']) {
    const answer = await place(api, { key })
    t.equal(answer.statusCode, 400, String(key))
    t.equal(answer.json().code, 'idempotency-key-missing')
  }
  t.same(api.commands(), [])
})

test('the same key and body give the same order when they are repeated', async t => {
  const api = await buildApi(t)
  const first = await place(api)
  const second = await place(api)
  t.equal(second.statusCode, 202)
  t.equal(second.headers['idempotent-replayed'], 'true')
  t.same(second.json(), first.json())
  t.equal(api.commands().length, 1)
})

test('the same key with another body is refused with 422', async t => {
  const api = await buildApi(t)
  await place(api)
  const answer = await place(api, { body: { ...orderBody, currency: 'EUR' } })
  t.equal(answer.statusCode, 422)
  t.equal(answer.json().code, 'idempotency-conflict')
  t.equal(api.commands().length, 1)
})

test('the order itself tells a repeat from a conflict when the cache has forgotten the key', async t => {
  const api = await buildApi(t)
  await place(api)
  const bodyHash = api.commands()[0]?.meta.bodyHash ?? ''
  const orderId = orderIdOf('customer-1', 'key-1')
  await api.store(orderId, { view: orderView(orderId), state: orderState(orderId, bodyHash) })
  await api.clock.advance(90_000_000)
  const repeat = await place(api)
  t.equal(repeat.statusCode, 202)
  t.equal(repeat.headers['idempotent-replayed'], 'true')
  t.equal(repeat.headers.location, `/v1/orders/${orderId}`)
  const conflict = await place(api, { body: { ...orderBody, currency: 'EUR' } })
  t.equal(conflict.statusCode, 422)
  t.equal(conflict.json().code, 'idempotency-conflict')
  t.equal(api.commands().length, 1)
})

test('two customers with one key have two orders', async t => {
  const api = await buildApi(t)
  const one = await place(api)
  const two = await place(api, { token: await api.token('Customer', 'customer-2') })
  t.not(one.json().orderId, two.json().orderId)
  t.equal(api.commands().length, 2)
})

test('a second request is answered 409 while the first with its key is running', async t => {
  const api = await buildApi(t)
  const held = api.broker.faults.hold({ api: 'produce' }, { phase: 'request' })
  const first = place(api)
  await held.arrived
  const second = await place(api)
  t.equal(second.statusCode, 409)
  t.equal(second.json().code, 'request-running')
  t.equal(second.headers['retry-after'], '1')
  held.release()
  t.equal((await first).statusCode, 202)
  t.equal(api.commands().length, 1)
})

test('intake answers 503 when the broker is down, and takes the repeat as the same order', async t => {
  const api = await buildApi(t)
  api.broker.faults.fail({ api: 'produce' }, { phase: 'request' })
  const refused = await place(api)
  t.equal(refused.statusCode, 503)
  t.equal(refused.json().code, 'intake-unavailable')
  t.equal(refused.headers['retry-after'], '5')
  t.equal((await place(api)).statusCode, 202)
  t.equal(api.commands().length, 1)
})

test('a repeat after a lost answer carries the same command id', async t => {
  const api = await buildApi(t)
  api.broker.faults.fail({ api: 'produce' }, { phase: 'answer' })
  t.equal((await place(api)).statusCode, 503)
  t.equal((await place(api)).statusCode, 202)
  const [first, second] = api.commands()
  t.equal(first?.meta.commandId, second?.meta.commandId)
  t.equal(first?.meta.bodyHash, second?.meta.bodyHash)
  t.equal(first?.orderId, second?.orderId)
})

test('an order is not accepted blindly when the state that knows its key cannot be read', async t => {
  const api = await buildApi(t, { noState: true })
  const answer = await place(api)
  t.equal(answer.statusCode, 503)
  t.equal(answer.json().code, 'state-unavailable')
  t.same(api.commands(), [])
})

function refuses (name: string, change: object, field: string): void {
  test(`an order is refused with 422 when ${name}`, async t => {
    const api = await buildApi(t)
    const answer = await place(api, { body: { ...orderBody, ...change } })
    t.equal(answer.statusCode, 422)
    t.equal(answer.json().code, 'request-invalid')
    t.ok(answer.json().errors.some((error: { field: string }) => error.field === field), JSON.stringify(answer.json().errors))
    t.equal(answer.headers['content-type'], 'application/problem+json')
    t.same(api.commands(), [])
  })
}

const line = orderBody.lines[0]
refuses('it has no lines', { lines: [] }, '/lines')
refuses('it has more than 10,000 lines', { lines: Array.from({ length: 10_001 }, () => line) }, '/lines')
refuses('a quantity is zero', { lines: [{ ...line, quantity: 0 }] }, '/lines/0/quantity')
refuses('a quantity is negative', { lines: [line, { ...line, quantity: -1 }] }, '/lines/1/quantity')
refuses('a quantity is a fraction', { lines: [{ ...line, quantity: 1.5 }] }, '/lines/0/quantity')
refuses('a quantity is text', { lines: [{ ...line, quantity: '3' }] }, '/lines/0/quantity')
refuses('the currency does not exist', { currency: 'ZZZ' }, '/currency')
refuses('the currency is not a code', { currency: 'pounds' }, '/currency')
refuses('it has an unknown member', { total: '0.0000' }, '/total')
refuses('a line has an unknown member', { lines: [{ ...line, unitPrice: '1.00' }] }, '/lines/0/unitPrice')
refuses('the address is missing', { shippingAddress: undefined }, '/shippingAddress')
refuses('a card number is given for a token', { payment: { method: 'card', token: '4111 1111 1111 1111' } }, '/payment/token')
refuses('a quoted price is larger than money', { lines: [{ ...line, quotedUnitPrice: '99999999999999' }] }, '/lines/0/quotedUnitPrice')
refuses('a customer gives a guest address', { guestEmail: 'a@b.example' }, '/guestEmail')

test('an order of 10,000 lines is accepted', async t => {
  const api = await buildApi(t)
  const answer = await place(api, { body: { ...orderBody, lines: Array.from({ length: 10_000 }, () => line) } })
  t.equal(answer.statusCode, 202)
  t.equal(api.commands()[0]?.lines.length, 10_000)
})

test('malformed JSON is answered 400 and another media type 415', async t => {
  const api = await buildApi(t)
  const headers = { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': 'k' }
  const malformed = await api.app.inject({ method: 'POST', url: '/v1/orders', headers: { ...headers, 'content-type': 'application/json' }, payload: '{"currency":' })
  t.equal(malformed.statusCode, 400)
  t.equal(malformed.json().code, 'request-malformed')
  const xml = await api.app.inject({ method: 'POST', url: '/v1/orders', headers: { ...headers, 'content-type': 'application/xml' }, payload: '<order/>' })
  t.equal(xml.statusCode, 415)
})

test('a customer cannot order for another or through a channel of the back office', async t => {
  const api = await buildApi(t)
  t.equal((await place(api, { body: { ...orderBody, customerId: 'customer-2' } })).statusCode, 403)
  t.equal((await place(api, { body: { ...orderBody, channel: 'backoffice' } })).statusCode, 403)
  t.equal((await place(api, { body: { ...orderBody, channel: 'storefront' } })).statusCode, 202)
})

test('a service account says for whom it orders', async t => {
  const api = await buildApi(t)
  const token = await api.token('ServiceAccount', 'shop', ['orders:write'])
  t.equal((await place(api, { token })).statusCode, 422)
  t.equal((await place(api, { token, body: { ...orderBody, customerId: 'c', guestEmail: 'a@b.example' } })).statusCode, 422)
  t.equal((await place(api, { token, key: 'k1', body: { ...orderBody, customerId: 'customer-9' } })).statusCode, 202)
  t.equal((await place(api, { token, key: 'k2', body: { ...orderBody, guestEmail: 'a@b.example' } })).statusCode, 202)
  const guest = api.commands().find(command => command.customerId === null)
  t.match(guest?.guestEmail, { keyId: `order/${guest?.orderId ?? ''}` })
})

test('quoted prices go where they count only with the permission', async t => {
  const api = await buildApi(t)
  const body = { ...orderBody, lines: [{ ...line, quotedUnitPrice: '1.5' }] }
  await place(api, { body })
  t.equal(api.commands()[0]?.lines[0]?.quotedUnitPrice, 15_000n)
  t.same(api.commands(topics.orders.commandsTrusted.name), [])
  const token = await api.token('ServiceAccount', 'erp', ['orders:write', 'orders:price-override'])
  await place(api, { token, body: { ...body, customerId: 'c', channel: 'backoffice' } })
  t.equal(api.commands(topics.orders.commandsTrusted.name).length, 1)
})

async function waited (t: Test, api: ApiUnderTest, view: Parameters<typeof orderView>[1]) {
  const orderId = orderIdOf('customer-1', 'key-1')
  const pending = place(api, { prefer: 'respond-async, wait=5' })
  await api.until(() => api.commands().length === 1)
  await api.store(orderId, { view: orderView(orderId) })
  await api.clock.advance(100)
  await api.store(orderId, { view: orderView(orderId, view) })
  await api.until(pending)
  return await pending
}

test('a client that waits gets the order when it is confirmed', async t => {
  const api = await buildApi(t)
  const answer = await waited(t, api, { state: 'Confirmed', everConfirmed: true, confirmedAt: 1_700_000_000_100, captured: 153_000n })
  t.equal(answer.statusCode, 201)
  t.equal(answer.headers['preference-applied'], 'wait=5')
  t.match(answer.json(), { state: 'Confirmed', total: '15.3000', captured: '15.3000', confirmedAt: '2023-11-14T22:13:20.100Z' })
})

test('a client that waits gets the order when it ended or needs an action', async t => {
  for (const view of [{ state: 'Cancelled', outcome: 'Cancelled', outcomeCause: 'shortStock' }, { state: 'ActionRequired' }] as const) {
    const answer = await waited(t, await buildApi(t), view)
    t.equal(answer.statusCode, 201)
    t.match(answer.json(), view)
  }
})

test('a client that waits is told the rule when the order was rejected', async t => {
  const answer = await waited(t, await buildApi(t), { state: 'Rejected', outcome: 'Rejected', reason: 'SKU X is not in the catalog' })
  t.equal(answer.statusCode, 422)
  t.match(answer.json(), { code: 'order-rejected', detail: 'SKU X is not in the catalog', order: { state: 'Rejected' } })
})

test('a client that waits gets 202 when the time is over before the order is settled', async t => {
  const api = await buildApi(t)
  const pending = place(api, { prefer: 'wait=2' })
  await api.until(pending)
  const answer = await pending
  t.equal(answer.statusCode, 202)
  t.equal(answer.headers['preference-applied'], 'wait=2')
})

test('a client that waits gets 202 when the state goes away after the order was accepted', async t => {
  const api = await buildApi(t)
  const pending = place(api, { prefer: 'wait=9' })
  await api.until(() => api.commands().length > 0)
  api.state.flush()
  await api.until(pending)
  t.equal((await pending).statusCode, 202)
})

test('a trace goes on from the request into the log, and a broken one does not', async t => {
  const api = await buildApi(t)
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const headersOf = async (key: string, given: string) => {
    const headers = { authorization: `Bearer ${await api.token('Customer')}`, 'idempotency-key': key, traceparent: given }
    const answer = await api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: orderBody })
    const position = parsePosition(new URL(String(answer.headers.location), 'http://x').searchParams.get('position') ?? '')
    return api.broker.entries(topics.orders.commands.name, position?.partition ?? -1)[Number(position?.offset)]?.headers
  }
  t.same(await headersOf('one', traceparent), [['traceparent', Buffer.from(traceparent)]])
  t.same(await headersOf('two', '00-0-0-01'), [])
  t.equal(api.commands().find(command => command.meta.correlationId === '4bf92f3577b34da6a3ce929d0e0e4736')?.orderId, orderIdOf('customer-1', 'one'))
})
