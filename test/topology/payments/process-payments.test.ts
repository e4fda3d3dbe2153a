import { type CommandMeta } from '#schemas'
import { setImmediate as turn } from 'node:timers/promises'
import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { retentionMs } from '../../../topology/commands/retention.ts'
import { type PaymentGateway } from '../../../topology/payments/gateway.ts'
import { createPaymentsProcessor, fenceMs, paymentIndex, paymentStore } from '../../../topology/payments/process-payments.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { callbackOf } from './payment-world.ts'
import { type Fault, ScriptedGateway } from './scripted-gateway.ts'

const orderId = '00000000-0000-4000-8000-000000000001'
const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: 'corr', principal: null, tenant: 'default' }
const { commands, events } = topics.payments

type Till = Awaited<ReturnType<typeof till>>

async function till (t: Test, script: readonly Fault[] = []) {
  const gateway = new ScriptedGateway(script)
  const line = mutable(gateway)
  const processor = createPaymentsProcessor({ gateway: line.wrapped })
  await bindMemoryCodec()
  const driver = await createTestDriver({ nodes: [processor] })
  t.teardown(() => driver.close())
  const follow = { meta, orderId, attempt: 1 }
  return {
    driver,
    gateway,
    line,
    authorise: (attempt = 1, token = 'tok_ok') =>
      driver.pipe(commands, orderId, { type: 'AuthorizePayment', ...follow, attempt, amount: 1_000n, currency: 'GBP', method: 'card', token }),
    capture: () => driver.pipe(commands, orderId, { type: 'CapturePayment', ...follow, amount: 1_000n, currency: 'GBP' }),
    void: () => driver.pipe(topics.compensations.payment, orderId, { type: 'VoidPayment', ...follow, reason: 'test' }),
    tell: (given: Parameters<typeof callbackOf>[0]) => driver.pipe(topics.payments.callbacks, orderId, { ...callbackOf(given), meta }),
    refund: (effectId: string, amount: bigint | null = null) =>
      driver.pipe(topics.compensations.payment, orderId, { type: 'RefundPayment', meta, orderId, effectId, amount, reason: 'test', ceiling: null, capped: false }),
    state: () => driver.store(processor, paymentStore).get(orderId),
    events: async () => (await driver.read(events)).map(record => record.value)
  }
}

/** A gateway that carries out every call, but whose answers are lost with the caller while it is mute, or come after `until`. */
function mutable (gateway: PaymentGateway): { readonly wrapped: PaymentGateway, mute: boolean, until: Promise<void> } {
  const line = { wrapped: gateway, mute: false, until: new Promise<void>(() => {}) }
  const lossy = <Request, Answer>(call: (request: Request, signal: AbortSignal) => Promise<Answer>) =>
    async (request: Request, signal: AbortSignal): Promise<Answer> => {
      const answer = await call(request, signal)
      if (line.mute) await line.until
      return answer
    }
  line.wrapped = {
    authorise: lossy(gateway.authorise.bind(gateway)),
    capture: lossy(gateway.capture.bind(gateway)),
    refund: lossy(gateway.refund.bind(gateway)),
    void: lossy(gateway.void.bind(gateway)),
    find: gateway.find.bind(gateway),
    close: async () => {}
  }
  return line
}

/** Kills the processor when the gateway has carried out the call that `step` leads to, before its answer is finished. */
async function killDuring (s: Till, step: () => Promise<unknown>): Promise<void> {
  const calls = s.gateway.calls.length
  s.line.mute = true
  await step()
  while (s.gateway.calls.length === calls) await turn()
  s.line.mute = false
  await s.driver.restart()
  await s.driver.run()
}

test('payments authorise and capture through the gateway, with events by order', async t => {
  const s = await till(t)
  await s.authorise()
  await s.capture()
  t.match(await s.events(), [
    { type: 'PaymentCreated', method: 'card' }, { type: 'PaymentFailed', step: 'capture', code: 'not-authorised' }, { type: 'PaymentAuthorized' }
  ], 'a capture that does not wait for the authorisation is answered')
  await s.capture()
  const [succeeded] = await s.events()
  t.match(succeeded, { type: 'PaymentSucceeded', amount: 1_000n, meta: { correlationId: 'corr' } })
  t.match(await s.state(), { status: 'captured', captured: 1_000n })
})

test('the token of a payment is on no event', async t => {
  const s = await till(t)
  await s.authorise(1, 'tok_declined')
  await s.driver.run()
  const raw = await s.driver.readRaw(events.name)
  t.equal(raw.length, 2)
  t.notOk(raw.some(record => record.value?.includes('tok_declined')))
})

test('each step whose caller is killed between accept and finish is carried out once', async t => {
  const s = await till(t)
  for (const step of [() => s.authorise(), () => s.capture(), () => s.refund('r1', 300n), () => s.refund('r2')]) await killDuring(s, step)
  t.same((await s.events()).map(event => event.type), [
    'PaymentCreated', 'PaymentAuthorized', 'PaymentSucceeded', 'PaymentPartiallyRefunded', 'PaymentRefunded'
  ])
  t.match([...s.gateway.ledger.authorisations()], [{ authorised: 1_000n, captured: 1_000n, refunded: 1_000n }])
  t.equal(s.gateway.calls.length, 8, 'every call was made again under its key')
})

test('a void that comes while the authorisation is in flight, and a kill in between, leave nothing open', async t => {
  const s = await till(t)
  await killDuring(s, async () => {
    await s.authorise()
    await s.void()
  })
  t.same((await s.events()).map(event => event.type), ['PaymentCreated', 'PaymentAuthorized', 'PaymentVoided'])
  t.match([...s.gateway.ledger.authorisations()], [{ authorised: 1_000n, voided: 1_000n }])
})

test('a void whose caller is killed gives up the money once', async t => {
  const s = await till(t)
  await s.authorise()
  await s.driver.run()
  await killDuring(s, () => s.void())
  t.match((await s.events()).at(-1), { type: 'PaymentVoided', amount: 1_000n })
  t.match([...s.gateway.ledger.authorisations()], [{ voided: 1_000n }])
})

test('a call is made again by its timer, also after a restart', async t => {
  const s = await till(t, ['down', 'down'])
  await s.authorise()
  await s.driver.run()
  t.match(await s.state(), { operation: { tries: 1, inFlight: false } })
  await s.driver.restart()
  await s.driver.advance(5_000)
  t.match(await s.state(), { status: 'authorised' })
  t.equal(s.gateway.calls.length, 3)
})

test('the wait between two calls is the same whenever it is computed', async t => {
  const due = async (): Promise<number> => {
    const s = await till(t, ['down'])
    await s.authorise()
    await s.driver.run()
    return (await s.state())?.operation?.dueAt ?? 0
  }
  t.equal(await due(), await due())
})

test('a held back payment is deferred again and again with ids of its own, until the breaker lets it through', async t => {
  const s = await till(t, ['held-back', 'held-back', 'held-back'])
  await s.authorise()
  await s.driver.advance(60_000)
  const told = await s.events()
  t.same(told.map(event => event.type), ['PaymentCreated', 'PaymentDeferred', 'PaymentDeferred', 'PaymentDeferred', 'PaymentAuthorized'])
  t.equal(new Set(told.map(event => event.meta.eventId)).size, 5)
})

test('a deferral comes often enough to re-arm the step timeout of thirty seconds', async t => {
  const s = await till(t, new Array<Fault>(20).fill('held-back'))
  await s.authorise()
  const times: number[] = []
  await s.driver.advance(180_000)
  for (const record of await s.driver.read(events)) if (record.value.type === 'PaymentDeferred') times.push(record.timestampMs)
  t.ok(times.length > 10)
  t.ok(times.every((time, at) => at === 0 || time - (times[at - 1] as number) < 30_000))
})

test('a void before its payment leaves a fence, which is forgotten when no late command can come any more', async t => {
  const s = await till(t)
  await s.void()
  await s.driver.run()
  await s.driver.restart()
  await s.authorise()
  t.match(await s.events(), [{ type: 'PaymentVoided', nothingToVoid: true }, { type: 'PaymentFailed', kind: 'fenced' }])
  t.ok(fenceMs > retentionMs(commands))
  await s.driver.advance(fenceMs - 1)
  t.match(await s.state(), { status: 'fenced' })
  await s.driver.advance(2)
  t.equal(await s.state(), undefined)
})

test('the fence timer leaves a payment alone that came later', async t => {
  const s = await till(t)
  await s.void()
  await s.driver.run()
  await s.authorise(2)
  await s.driver.advance(fenceMs + 1)
  t.match(await s.state(), { status: 'authorised', attempt: 2 })
})

test('a refund is tried for hours, alerts, and is paid in the end', async t => {
  const s = await till(t, ['none', 'none', ...new Array<Fault>(12).fill('down')])
  await s.authorise()
  await s.driver.run()
  await s.capture()
  await s.driver.run()
  await s.refund('r1')
  await s.driver.advance(2 * 3_600_000)
  const told = await s.events()
  t.match(told.slice(-2), [{ type: 'RefundFailed', tries: 10, effectId: 'r1' }, { type: 'PaymentRefunded', amount: 1_000n, effectId: 'r1' }])
})

test('a refund that breaks a rule lies on orders.rejections with the id of its command', async t => {
  const s = await till(t)
  await s.driver.pipe(topics.compensations.payment, orderId, {
    type: 'RefundPayment', meta: { ...meta, commandId: 'id1' }, orderId, effectId: 'r1', amount: 5n, reason: 'test', ceiling: null, capped: false
  })
  t.match((await s.driver.read(topics.orders.rejections)).map(record => [record.key, record.value]), [
    [orderId, { command: 'RefundPayment', commandId: 'id1', code: 'nothing-captured', field: 'amount', orderId }]
  ])
  t.equal(await s.state(), undefined, 'a refused command leaves no row')
})

test('three hundred payments side by side end as the gateway says', async t => {
  const s = await till(t)
  const tokens = ['tok_ok', 'tok_ok', 'tok_declined']
  for (let at = 0; at < 300; at++) {
    const id = `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`
    const token = tokens[at % 3] as string
    await s.driver.pipe(commands, id, { type: 'AuthorizePayment', meta, orderId: id, attempt: 1, amount: 10n, currency: 'GBP', method: 'card', token })
  }
  const told = await s.events()
  t.equal(told.filter(event => event.type === 'PaymentAuthorized').length, 200)
  t.equal(told.filter(event => event.type === 'PaymentFailed').length, 100)
  t.equal(s.gateway.ledger.size, 200)
})

test('a callback before the answer settles the call, and the answer that comes after it changes nothing', async t => {
  const s = await till(t)
  s.line.mute = true
  const answer = Promise.withResolvers<void>()
  s.line.until = answer.promise
  await s.authorise()
  while (s.gateway.calls.length === 0) await turn()
  await s.tell({ step: 'authorise' })
  t.match((await s.events()).map(({ type }) => type), ['PaymentCreated', 'PaymentAuthorized'])
  answer.resolve()
  await s.driver.run()
  t.same(await s.events(), [])
  t.match(await s.state(), { status: 'authorised', authorised: 1_000n, operation: null })
  s.line.mute = false
  await s.capture()
  t.match((await s.events()).map(({ type }) => type), ['PaymentSucceeded'], 'and the next call can be made')
})

test('a callback that settles a call starts the one that waited, in the same step', async t => {
  const s = await till(t)
  await s.authorise()
  await s.driver.run()
  await s.capture()
  await s.driver.run()
  const before = s.gateway.calls.length + 1
  s.line.mute = true
  await s.refund('r1', 300n)
  while (s.gateway.calls.length < before) await turn()
  await s.refund('r2', 200n)
  s.line.mute = false
  await s.tell({ step: 'refund', effectId: 'r1', captured: 1_000n, refunded: 300n })
  await s.driver.run()
  t.same(s.gateway.calls.slice(before), [`refund ${orderId}/refund/1/r2`])
  t.match(await s.state(), { status: 'partiallyRefunded', refunded: 500n, operation: null })
})

test('a callback is heard once, however often it is sent and whoever was killed between', async t => {
  const s = await till(t, ['lost-answer'])
  await s.authorise()
  await s.driver.run()
  await s.tell({ step: 'authorise' })
  await s.driver.restart()
  await s.tell({ step: 'authorise' })
  await s.tell({ step: 'authorise', callbackId: 'another' })
  await s.driver.advance(60_000)
  t.same((await s.events()).map(({ type }) => type), ['PaymentCreated', 'PaymentAuthorized'])
  t.equal(s.gateway.calls.length, 1, 'nobody had to ask')
})

test('a callback of a payment that is not ours lies on orders.rejections, and leaves no row', async t => {
  const s = await till(t)
  await s.tell({ step: 'authorise' })
  t.match((await s.driver.read(topics.orders.rejections)).map(({ value }) => value), [{ command: 'PaymentCallback', code: 'unknown-payment', orderId }])
  t.equal(await s.state(), undefined)
})

test('a payment is found by its id', async t => {
  const s = await till(t)
  await s.authorise()
  const state = await s.state()
  t.same(await s.driver.store('payments', paymentIndex).get(state?.paymentId ?? ''), { type: 'PaymentIndexEntry', paymentId: state?.paymentId, orderId })
})
