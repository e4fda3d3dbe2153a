import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'tap'
import { heldBack } from '../../../streams/effects/call-guard.ts'
import { type GatewayAnswer, type PaymentGateway } from '../../../topology/payments/gateway.ts'
import { guardGateway } from '../../../topology/payments/guarded-gateway.ts'

const done: GatewayAnswer = { kind: 'done', view: { reference: 'r', currency: 'GBP', authorised: 1n, captured: 0n, voided: 0n, refunded: 0n } }
const signal = new AbortController().signal
const request = { key: 'k', orderId: 'o', amount: 1n, currency: 'GBP', method: 'card', token: 'tok_ok' } as const

/** A gateway whose every call answers the same way. */
function gatewayOf (answer: (signal: AbortSignal) => Promise<GatewayAnswer>): PaymentGateway & { calls: number } {
  const gateway = {
    calls: 0,
    authorise: (_request: unknown, signal: AbortSignal) => { gateway.calls++; return answer(signal) },
    capture: (_request: unknown, signal: AbortSignal) => answer(signal),
    void: (_request: unknown, signal: AbortSignal) => answer(signal),
    refund: (_request: unknown, signal: AbortSignal) => answer(signal),
    find: async () => null,
    close: async () => {}
  }
  return gateway
}

test('the guard passes answers through and stays closed while cards are declined', async t => {
  const guarded = guardGateway(gatewayOf(async () => ({ kind: 'declined', code: 'no', message: 'no' })))
  for (let call = 0; call < 40; call++) t.equal((await guarded.authorise(request, signal)).kind, 'declined')
  t.equal(guarded.breaker(), 'closed')
})

test('the guard opens when half of at least ten calls fail, and holds the next ones back without calling', async t => {
  let failing = true
  const gateway = gatewayOf(async () => failing ? { kind: 'unavailable', code: 'unreachable', message: 'down' } : done)
  const guarded = guardGateway(gateway, { openMs: 60_000 })
  for (let call = 0; call < 100 && guarded.breaker() === 'closed'; call++) await guarded.authorise(request, signal)
  t.equal(guarded.breaker(), 'open')
  t.ok(gateway.calls >= 10, `${gateway.calls} calls`)
  const before = gateway.calls
  failing = false
  t.match(await guarded.authorise(request, signal), { kind: 'unavailable', code: heldBack })
  t.equal(gateway.calls, before)
})

test('the guard closes again when the call after the pause succeeds', async t => {
  let failing = true
  const guarded = guardGateway(gatewayOf(async () => failing ? { kind: 'unknown', message: 'lost' } : done), { openMs: 1 })
  for (let call = 0; call < 100 && guarded.breaker() === 'closed'; call++) await guarded.authorise(request, signal)
  failing = false
  await sleep(5)
  t.equal((await guarded.authorise(request, signal)).kind, 'done')
  t.equal(guarded.breaker(), 'closed')
})

test('the guard ends a call that does not answer, and says that its outcome is unknown', async t => {
  let aborted = false
  const guarded = guardGateway(gatewayOf(inner => new Promise(() => { inner.addEventListener('abort', () => { aborted = true }) })), { timeoutMs: 5 })
  t.match(await guarded.authorise(request, signal), { kind: 'unknown' })
  t.equal(aborted, true)
})

test('the guard holds back what finds no place in its queue', async t => {
  const { promise, resolve } = Promise.withResolvers<GatewayAnswer>()
  const guarded = guardGateway(gatewayOf(() => promise), { concurrency: 1, queue: 1 })
  const first = guarded.authorise(request, signal)
  const second = guarded.authorise(request, signal)
  t.match(await guarded.authorise(request, signal), { kind: 'unavailable', code: heldBack })
  resolve(done)
  t.same([(await first).kind, (await second).kind], ['done', 'done'])
})

test('the guard turns a throwing adapter into an unknown outcome', async t => {
  const guarded = guardGateway(gatewayOf(async () => { throw new TypeError('defect') }))
  t.match(await guarded.capture({ key: 'k', authorisationKey: 'a', reference: '', amount: 1n, currency: 'GBP' }, signal), { kind: 'unknown' })
})

test('the guard calls nothing for a caller that has gone', async t => {
  const gateway = gatewayOf(async () => done)
  const answer = await guardGateway(gateway).authorise(request, AbortSignal.abort())
  t.not(answer.kind, 'done')
})

test('the guard leaves a lookup without an answer as it is', async t => {
  t.equal(await guardGateway(gatewayOf(async () => done)).find({ step: 'authorise', key: 'k', authorisationKey: 'k', reference: '', authorisation: request }, signal), null)
})
