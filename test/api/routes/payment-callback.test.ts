import fc from 'fast-check'
import { test } from 'tap'
import { signCallback } from '../../../topology/callbacks/signature.ts'
import { topics } from '../../../topology/topics.ts'
import { buildApi, callbackSecrets } from '../../support/build-app.ts'
import { orderId } from '../payment-fixtures.ts'

const [secret, oldSecret] = callbackSecrets
const amounts = { authorised: '5000000', captured: '0', voided: '0', refunded: '0' }
const body = {
  id: 'evt_1',
  type: 'operation.done',
  created: 1_700_000_000,
  data: { key: `${orderId}/authorise/1`, code: '', authorisation: { reference: 'auth_1', currency: 'GBP', ...amounts } }
}

interface Sent { readonly payload?: string, readonly signature?: string | undefined, readonly type?: string }

async function start (t: Parameters<typeof buildApi>[0]) {
  const api = await buildApi(t)
  const nowS = Math.floor(api.clock.now() / 1000)
  const sign = (payload: string, atS = nowS, by: string = secret) => signCallback(by, payload, atS)
  const tell = async ({ payload = JSON.stringify(body), type = 'application/json', ...rest }: Sent = {}) => {
    const signature = 'signature' in rest ? rest.signature : sign(payload)
    return await api.app.inject({
      method: 'POST',
      url: '/v1/webhooks/payments',
      headers: { 'content-type': type, ...(signature === undefined ? {} : { 'payment-signature': signature }) },
      payload
    })
  }
  return { api, nowS, sign, tell, written: () => api.taken(topics.payments.callbacks) }
}

test('a callback with a right signature is in the log when it is answered, without a token', async t => {
  const { tell, written } = await start(t)
  const answer = await tell()
  t.same([answer.statusCode, answer.json()], [202, { received: true, outcome: 'accepted' }])
  t.match(written(), [{ type: 'PaymentCallback', orderId, callbackId: 'evt_1', step: 'authorise', attempt: 1, outcome: 'done', reference: 'auth_1', authorised: 5_000_000n }])
})

test('a callback that comes twice is two records of one command id: the inbox hears it once', async t => {
  const { tell, written } = await start(t)
  await tell()
  await tell()
  const [one, two] = written()
  t.same(one, two)
})

test('a callback is believed under the new and the old secret while one is changed', async t => {
  const { tell, sign, nowS } = await start(t)
  const payload = JSON.stringify(body)
  t.equal((await tell({ signature: sign(payload, nowS, oldSecret) })).statusCode, 202)
  const both = `t=${nowS},v1=${'0'.repeat(64)},v1=${sign(payload).split('v1=')[1]}`
  t.equal((await tell({ signature: both })).statusCode, 202, 'one of several signatures is enough')
})

test('a callback that cannot be believed is refused with what is wrong, and nothing is written', async t => {
  const { tell, sign, nowS, written } = await start(t)
  const payload = JSON.stringify(body)
  const cases: ReadonlyArray<readonly [what: string, sent: Sent, status: number, code: string]> = [
    ['unsigned', { signature: undefined }, 400, 'callback-unsigned'],
    ['an empty signature', { signature: '' }, 400, 'callback-unsigned'],
    ['no signature at all', { signature: 'rubbish' }, 400, 'callback-forged'],
    ['a signature without a time', { signature: `v1=${'0'.repeat(64)}` }, 400, 'callback-forged'],
    ['a wrong signature', { signature: `t=${nowS},v1=${'0'.repeat(64)}` }, 400, 'callback-forged'],
    ['another secret', { signature: sign(payload, nowS, 'whsec_guess') }, 400, 'callback-forged'],
    ['a changed body', { signature: sign(payload), payload: payload.replace('5000000', '9000000') }, 400, 'callback-forged'],
    ['the same JSON in other bytes', { signature: sign(payload), payload: `${payload} ` }, 400, 'callback-forged'],
    ['a changed time', { signature: sign(payload).replace(String(nowS), String(nowS - 1)) }, 400, 'callback-forged'],
    ['too old', { signature: sign(payload, nowS - 301) }, 400, 'callback-stale'],
    ['from the future', { signature: sign(payload, nowS + 301) }, 400, 'callback-stale'],
    ['a header that never ends', { signature: `t=${nowS}${',v1=00'.repeat(1000)}` }, 400, 'callback-forged'],
    ['too large', { payload: JSON.stringify({ ...body, padding: 'x'.repeat(70_000) }) }, 413, 'body-too-large'],
    ['text', { type: 'text/plain' }, 415, 'media-type-unsupported'],
    ['a form', { type: 'application/x-www-form-urlencoded' }, 415, 'media-type-unsupported'],
    ['not JSON', { payload: '{"id":' }, 400, 'request-malformed'],
    ['nothing', { payload: '' }, 400, 'request-malformed'],
    ['without an id', { payload: JSON.stringify({ ...body, id: undefined }) }, 422, 'request-invalid'],
    ['without amounts', { payload: JSON.stringify({ ...body, data: { ...body.data, authorisation: {} } }) }, 422, 'request-invalid']
  ]
  for (const [what, sent, status, code] of cases) {
    const answer = await tell(sent)
    t.same([answer.statusCode, answer.json().code], [status, code], what)
  }
  t.same(written(), [])
})

test('a callback just inside the tolerance is believed', async t => {
  const { tell, sign, nowS } = await start(t)
  const payload = JSON.stringify(body)
  for (const atS of [nowS - 300, nowS + 300]) t.equal((await tell({ signature: sign(payload, atS) })).statusCode, 202)
})

test('a callback about nothing of ours is received and ignored, with the reason', async t => {
  const { tell, written } = await start(t)
  const unknownType = await tell({ payload: JSON.stringify({ ...body, type: 'customer.created' }) })
  t.same([unknownType.statusCode, unknownType.json()], [200, { received: true, outcome: 'ignored', reason: 'unknown-type' }])
  const foreign = await tell({ payload: JSON.stringify({ ...body, data: { ...body.data, key: 'somebody else' } }) })
  t.same([foreign.statusCode, foreign.json().reason], [200, 'foreign-payment'])
  t.same(written(), [])
})

test('a callback is answered 503 while the log does not answer: the provider sends it again', async t => {
  const { api, tell, written } = await start(t)
  api.broker.faults.fail({ api: 'produce' }, { phase: 'request' })
  t.equal((await tell()).statusCode, 503)
  t.equal((await tell()).statusCode, 202)
  t.equal(written().length, 1)
})

test('callbacks are refused while no secret is configured', async t => {
  const api = await buildApi(t)
  const off = await buildApi(t, { services: { ...api.app.services, callbacks: { ...api.app.services.callbacks, check: () => 'off' } } })
  const answer = await off.app.inject({ method: 'POST', url: '/v1/webhooks/payments', payload: body })
  t.same([answer.statusCode, answer.json().code, answer.headers['retry-after']], [503, 'callbacks-off', '60'])
})

test('no signed body brings the API to an error of its own, and only a good one is written', async t => {
  const { tell, written } = await start(t)
  const part = fc.oneof(fc.jsonValue(), fc.constant(undefined))
  const money = fc.record({ reference: part, currency: part, authorised: fc.constantFrom('1', '-1', 1, '', '9'.repeat(19)), captured: fc.constantFrom('0', null), voided: fc.constant('0'), refunded: fc.constant('0') })
  const key = fc.oneof(fc.string(), fc.constantFrom(`${orderId}/refund/1/r1`, `${orderId}/capture/2`, `${orderId}/capture/-2`))
  const shaped = fc.record({ id: fc.oneof(fc.string(), part), type: fc.constantFrom('operation.done', 'operation.declined', 'x', 1), data: fc.oneof(part, fc.record({ key, code: part, authorisation: fc.oneof(part, money) })) })
  await fc.assert(fc.asyncProperty(fc.oneof(fc.jsonValue(), shaped, fc.string()), async value => {
    const before = written().length
    const { statusCode } = await tell({ payload: typeof value === 'string' ? value : JSON.stringify(value) })
    if (![200, 202, 400, 422].includes(statusCode)) throw new Error(`answered ${statusCode}`)
    if (written().length - before !== Number(statusCode === 202)) throw new Error('the log and the answer differ')
  }), { numRuns: 300 })
  t.pass('300 bodies')
})
