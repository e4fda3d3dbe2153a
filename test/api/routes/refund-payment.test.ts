import fc from 'fast-check'
import { test } from 'tap'
import { principalOf, refundCeiling } from '../../../api/permissions.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'
import { orderView } from '../order-fixtures.ts'
import { capturedPayment, earlierId, orderId, paid, paymentId } from '../payment-fixtures.ts'

interface Ask { readonly body?: unknown, readonly key?: string | undefined, readonly token?: string, readonly id?: string }

async function start (t: Parameters<typeof buildApi>[0], state = capturedPayment()) {
  const api = await buildApi(t)
  await api.store(orderId, { view: orderView(orderId) })
  await api.storePayment(state)
  const admin = await api.token('Admin', 'boss')
  const refund = async ({ body = { amount: '20', reason: 'damaged' }, token = admin, id = paymentId, ...rest }: Ask = {}) => await api.app.inject({
    method: 'POST',
    url: `/v1/payments/${id}/refund`,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...(('key' in rest) ? rest.key === undefined ? {} : { 'idempotency-key': rest.key } : { 'idempotency-key': 'k1' }) },
    payload: typeof body === 'string' ? body : JSON.stringify(body)
  })
  return { api, refund, written: () => written(api) }
}

function written (api: ApiUnderTest) {
  return api.taken(topics.compensations.payment)
}

test('a refund is in the log when it is accepted, under an id that follows from its key', async t => {
  const { refund, written } = await start(t)
  const answer = await refund()
  t.equal(answer.statusCode, 202)
  const { refundId, location } = answer.json()
  t.match(answer.json(), { status: 'accepted', paymentId })
  t.equal(answer.headers.location, location)
  t.match(location, /^\/v1\/payments\/[0-9a-f-]{36}\?position=/)
  t.match(written(), [{ type: 'RefundPayment', orderId, effectId: refundId, amount: 200_000n, reason: 'damaged', ceiling: null, meta: { principal: 'boss', commandId: /^[0-9a-f]{64}$/ } }])
})

test('a refund without an amount asks for all that is left', async t => {
  const { refund, written } = await start(t)
  t.equal((await refund({ body: { reason: 'all of it' } })).statusCode, 202)
  t.match(written(), [{ amount: null }])
})

test('a refund needs an Idempotency-Key', async t => {
  const { refund, written } = await start(t)
  const answer = await refund({ key: undefined })
  t.equal(answer.statusCode, 400)
  t.equal(answer.json().code, 'idempotency-key-missing')
  t.same(written(), [])
})

test('the same key gives the same refund, and is written once', async t => {
  const { refund, written } = await start(t)
  const first = await refund()
  const again = await refund()
  t.same([again.statusCode, again.json()], [202, first.json()])
  t.equal(again.headers['idempotent-replayed'], 'true')
  t.equal(written().length, 1)
})

test('the same key with another body is refused, from the cache and from the log', async t => {
  const { api, refund, written } = await start(t)
  const { refundId } = (await refund()).json()
  t.equal((await refund({ body: { amount: '21', reason: 'damaged' } })).json().code, 'idempotency-conflict')
  const later = await start(t, capturedPayment(...paid(refundId, 200_000n, 200_000n)))
  t.equal((await later.refund({ body: { amount: '21', reason: 'damaged' } })).json().code, 'idempotency-conflict')
  t.equal((await later.refund({ body: { amount: '20', reason: 'another' } })).json().code, 'idempotency-conflict')
  const same = await later.refund({ body: { amount: '20.00', reason: 'damaged' } })
  t.same([same.statusCode, same.headers['idempotent-replayed'], same.json().refundId], [202, 'true', refundId])
  t.same([written().length, later.written().length], [1, 0])
  t.ok(api)
})

test('one key in many requests at once is one refund', async t => {
  const { api, refund, written } = await start(t)
  const held = api.broker.faults.hold({ api: 'produce' }, { phase: 'request' })
  const first = refund()
  await held.arrived
  const others = await Promise.all(Array.from({ length: 20 }, async () => await refund()))
  t.same([...new Set(others.map(answer => `${answer.statusCode} ${answer.json().code}`))], ['409 request-running'])
  held.release()
  t.equal((await first).statusCode, 202)
  t.equal(written().length, 1)
})

test('two keys are two refunds, also of the same amount for the same reason', async t => {
  const { refund, written } = await start(t)
  await refund({ key: 'k1' })
  await refund({ key: 'k2' })
  const [one, two] = written()
  t.not(one?.type === 'RefundPayment' && one.effectId, two?.type === 'RefundPayment' && two.effectId)
})

test('a refund that is more than what is left is refused at once', async t => {
  const { refund, written } = await start(t, capturedPayment(...paid('r1', 4_000_000n, 4_000_000n)))
  const answer = await refund({ body: { amount: '100.0001', reason: 'x' } })
  t.equal(answer.statusCode, 422)
  t.match(answer.json(), { code: 'refund-rejected', detail: 'only 100.0000 GBP are left to give back' })
  t.equal((await refund({ body: { amount: '100', reason: 'x' } })).statusCode, 202)
  t.equal(written().length, 1)
})

test('a payment of an earlier attempt has nothing to give back', async t => {
  const { refund } = await start(t)
  t.match((await refund({ id: earlierId })).json(), { code: 'refund-rejected', detail: 'nothing is left to give back' })
})

test('Support gives back 200 of one payment in all, and the command carries that limit', async t => {
  const { api, refund, written } = await start(t, capturedPayment(...paid('r1', 500_000n, 500_000n)))
  const token = await api.token('Support', 'agent')
  const tooMuch = await refund({ token, body: { amount: '150.0001', reason: 'x' } })
  t.equal(tooMuch.statusCode, 403)
  t.match(tooMuch.json().detail, /200\.0000 of one payment in all; 50\.0000 were given back before/)
  t.equal((await refund({ token, body: { reason: 'all' } })).statusCode, 403)
  t.equal((await refund({ token, body: { amount: '150', reason: 'x' } })).statusCode, 202)
  t.match(written(), [{ amount: 1_500_000n, ceiling: 2_000_000n }])
})

test('a refund needs the permission payments:refund, and another\'s payment is not there', async t => {
  const { api, refund, written } = await start(t)
  for (const role of ['Customer', 'WarehouseManager', 'Analyst'] as const) t.equal((await refund({ token: await api.token(role) })).statusCode, 403, role)
  t.equal((await refund({ token: await api.token('ServiceAccount', 'svc', ['payments:refund']) })).statusCode, 404, 'it may not read the order')
  t.equal((await refund({ token: await api.token('ServiceAccount', 'svc', ['payments:refund', 'orders:read-all']) })).statusCode, 202)
  t.equal((await refund({ id: '0198c0de-0000-8000-8000-0000000000ff' })).statusCode, 404)
  t.equal(written().length, 1)
})

test('the widest role sets what may be given back', t => {
  t.equal(refundCeiling(principalOf('s', ['Support'])), 2_000_000n)
  t.equal(refundCeiling(principalOf('s', ['Support', 'Admin'])), null)
  t.equal(refundCeiling(principalOf('s', ['Support', 'Analyst'])), 2_000_000n)
  t.equal(refundCeiling(principalOf('s', ['ServiceAccount'], ['payments:refund'])), null)
  t.equal(refundCeiling(principalOf('s', ['Analyst'])), 0n)
  t.end()
})

test('a refund that breaks a rule of its form is refused with the field', async t => {
  const { refund, written } = await start(t)
  const broken: ReadonlyArray<readonly [body: unknown, status: number, field?: string]> = [
    [{ amount: 20, reason: 'x' }, 422, '/amount'], [{ amount: '-1', reason: 'x' }, 422, '/amount'], [{ amount: '0', reason: 'x' }, 422, '/amount'],
    [{ amount: '0.00001', reason: 'x' }, 422, '/amount'], [{ amount: '1e3', reason: 'x' }, 422, '/amount'], [{ amount: '20' }, 422, '/reason'],
    [{ amount: '20', reason: '' }, 422, '/reason'], [{ amount: '20', reason: 'x', effectId: 'mine' }, 422, '/effectId'],
    [{ reason: 'x', ceiling: null }, 422, '/ceiling'], ['{', 400], ['[]', 422], ['', 400]
  ]
  for (const [body, status, field] of broken) {
    const answer = await refund({ body })
    t.equal(answer.statusCode, status, JSON.stringify(body))
    if (field !== undefined) t.equal(answer.json().errors[0].field, field)
  }
  t.same(written(), [])
})

test('no refund body brings the API to an error of its own, and only a good one is written', async t => {
  const { refund, written } = await start(t)
  const amount = fc.oneof(fc.string(), fc.double(), fc.constantFrom('1', '499.9999', '0.0001', '99999999999999.9999', '1.00000', ' 1', '٣', null, true), fc.bigInt().map(String))
  const body = fc.oneof(fc.jsonValue(), fc.record({ amount, reason: fc.oneof(fc.string(), fc.constant('x')), extra: fc.anything() }, { requiredKeys: [] }).filter(value => {
    try { return JSON.stringify(value) !== undefined } catch { return false }
  }))
  let asked = 0
  await fc.assert(fc.asyncProperty(body, async value => {
    const before = written().length
    const { statusCode } = await refund({ body: JSON.stringify(value), key: `fuzz-${asked++}` })
    if (![202, 400, 422].includes(statusCode)) throw new Error(`answered ${statusCode}`)
    if (written().length - before !== Number(statusCode === 202)) throw new Error('the log and the answer differ')
  }), { numRuns: 200 })
  t.ok(asked >= 200)
})

test('a refund is refused with 503 while the log does not answer, and its key is free again', async t => {
  const { api, refund, written } = await start(t)
  api.broker.faults.fail({ api: 'produce' }, { phase: 'request' })
  const answer = await refund()
  t.equal(answer.statusCode, 503)
  t.equal(answer.json().code, 'intake-unavailable')
  t.equal((await refund()).statusCode, 202)
  t.equal(written().length, 1)
})
