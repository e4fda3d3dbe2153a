import { test } from 'tap'
import { defineStore } from '../../../streams/processor.ts'
import { jsonSerde } from '../../../streams/serde/json.ts'
import { textSerde } from '../../../streams/serde/text.ts'
import { encodeProgress } from '../../../streams/state/changelog.ts'
import { createMemoryBackend, type MemoryBackend } from '../../../streams/state/memory/index.ts'
import { type StateWrite } from '../../../streams/state/port.ts'
import { createStateQuery } from '../../../streams/state/query.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

const orders = defineStore('orders', jsonSerde<{ readonly total: number }>())
const names = defineStore('names', textSerde)

/** Applies one cycle to task `app:shop:1`, whose next input offset is then `next`. */
async function applyCycle (backend: MemoryBackend, sequence: bigint, next: bigint, restoring = false, more: readonly StateWrite[] = [], owner = { token: 1n, incarnation: 'me' }): Promise<void> {
  const task = backend.open('app:shop:1', ['orders'])
  if (sequence === 1n) await task.claim({ ...owner, nowMs: 0 })
  await task.apply({
    ...owner,
    expectedPosition: (sequence - 1n) * 10n,
    position: sequence * 10n,
    sequence,
    progress: encodeProgress({ sequence, contextTimeMs: 5, offsets: new Map([['commands', next]]) }),
    progressOffset: sequence * 10n - 2n,
    nowMs: 0,
    writes: [{ store: 'orders', key: 'o-1', value: Buffer.from('{"total":3}') }, { store: 'names', key: 'o-1', value: Buffer.from('Ada') }, ...more],
    timers: [],
    restoring
  })
}

test('state query answers values, position and progress of one moment', async t => {
  const backend = createMemoryBackend()
  await applyCycle(backend, 1n, 7n)
  const answer = await createStateQuery({ backend, applicationId: 'app' }).get('shop', 1, [[orders, 'o-1'], [names, 'o-1'], [orders, 'o-2']])
  if (answer.status !== 'ready') return t.fail(answer.status)
  const [order, name, other] = answer.values
  t.equal(order?.total, 3)
  t.equal(name?.toUpperCase(), 'ADA')
  t.equal(other, undefined)
  t.equal(answer.position, 10n)
  t.equal(answer.progress.offsets.get('commands'), 7n)
})

test('state query never says that a row does not exist when the state is missing, being restored or torn', async t => {
  const backend = createMemoryBackend()
  const query = createStateQuery({ backend, applicationId: 'app' })
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'missing' })
  await backend.open('app:shop:1', ['orders']).claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'restoring' })
  await applyCycle(backend, 1n, 7n, true)
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'restoring' })
  await applyCycle(backend, 2n, 8n)
  t.match(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'ready' })
  backend.flush()
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'missing' })
})

test('state query reads on while a task changes its owner, until rows are put into its state', async t => {
  const backend = createMemoryBackend()
  const query = createStateQuery({ backend, applicationId: 'app' })
  await applyCycle(backend, 1n, 7n)
  const before = await query.get('shop', 1, [[orders, 'o-1']])
  t.match(before, { status: 'ready', values: [{ total: 3 }] })
  const heir = { token: 1_000n, incarnation: 'heir' }
  await backend.open('app:shop:1', ['orders']).claim({ ...heir, nowMs: 1 })
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), before)
  await applyCycle(backend, 2n, 8n, true, [], heir)
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'restoring' })
})

test('state query with patience outlasts a change of the owner, and no more than that', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app', patience: { clock, timeoutMs: 1_000 } })
  await backend.open('app:shop:1', ['orders']).claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  const handedOver = query.get('shop', 1, [[orders, 'o-1']])
  await clock.advance(500)
  await applyCycle(backend, 1n, 7n)
  await clock.advance(400)
  t.match(await handedOver, { status: 'ready', values: [{ total: 3 }] })
  backend.flush()
  const lost = query.get('shop', 1, [[orders, 'o-1']])
  await clock.advance(1_500)
  t.same(await lost, { status: 'missing' })
  t.equal(clock.waiting, 0)
})

test('state query waits until an input record was processed', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app' })
  const reached = query.waitFor('shop', 1, { topic: 'commands', partition: 1, offset: 7n }, { clock, timeoutMs: 1_000 })
  await clock.advance(100)
  await applyCycle(backend, 1n, 7n)
  await clock.advance(300)
  t.ok(clock.waiting > 0, 'offset 7 is the next, not yet processed')
  await applyCycle(backend, 2n, 8n)
  await clock.advance(300)
  t.equal(await reached, true)
})

test('state query stops waiting when the time is over or the caller has gone', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app' })
  await applyCycle(backend, 1n, 7n)
  const late = query.waitFor('shop', 1, { topic: 'other', partition: 1, offset: 0n }, { clock, timeoutMs: 1_000 })
  await clock.advance(2_000)
  t.equal(await late, false)
  t.equal(await query.waitFor('shop', 1, { topic: 'other', partition: 1, offset: 0n }, { clock, timeoutMs: 1_000, signal: AbortSignal.abort() }), false)
})

const at = (offset: bigint, partition = 1): { readonly topic: string, readonly partition: number, readonly offset: bigint } => ({ topic: 'commands', partition, offset })

test('state query gives values from the position that was asked for or later, and says when it was not reached in time', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app' })
  await applyCycle(backend, 1n, 7n)
  const wait = { position: at(7n), clock, timeoutMs: 1_000 }
  const late = query.get('shop', 1, [[orders, 'o-2']], wait)
  await clock.advance(2_000)
  t.same(await late, { status: 'behind' }, 'not: there is no such row')
  const inTime = query.get('shop', 1, [[orders, 'o-2']], wait)
  await clock.advance(100)
  await applyCycle(backend, 2n, 8n, false, [{ store: 'orders', key: 'o-2', value: Buffer.from('{"total":4}') }])
  await clock.advance(300)
  t.match(await inTime, { status: 'ready', values: [{ total: 4 }], position: 20n })
  t.match(await query.get('shop', 1, [[orders, 'o-2']], { ...wait, timeoutMs: 0 }), { status: 'ready' }, 'one look is enough')
  t.same(await query.get('shop', 1, [], { ...wait, position: at(8n), timeoutMs: 0 }), { status: 'behind' })
})

test('state query goes on waiting while the state is restored or does not answer', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app' })
  await backend.open('app:shop:1', ['orders']).claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  const waiting = query.get('shop', 1, [[orders, 'o-1']], { position: at(6n), clock, timeoutMs: 5_000 })
  await clock.advance(100)
  backend.faults.fail({ op: 'read' }, { phase: 'request', times: 3 })
  await clock.advance(800)
  await applyCycle(backend, 1n, 7n, true)
  await clock.advance(300)
  await applyCycle(backend, 2n, 7n)
  await clock.advance(300)
  t.match(await waiting, { status: 'ready', values: [{ total: 3 }] })
  backend.faults.fail({ op: 'read' }, { phase: 'request', times: 1_000 })
  const over = query.waitFor('shop', 1, at(6n), { clock, timeoutMs: 1_000 })
  const rejected = t.rejects(over, { code: 'STR_STATE_UNAVAILABLE' }, 'with its time over it says what is wrong')
  await clock.advance(2_000)
  await rejected
})

test('state query ends a wait at once when the caller goes', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app' })
  await applyCycle(backend, 1n, 7n)
  const gone = new AbortController()
  const waiting = query.waitFor('shop', 1, at(7n), { clock, timeoutMs: 60_000, signal: gone.signal })
  await clock.advance(1_000)
  gone.abort()
  t.equal(await waiting, false, 'no clock has to move')
})

test('state query refuses a position of another partition: it would wait for nothing', async t => {
  const query = createStateQuery({ backend: createMemoryBackend(), applicationId: 'app' })
  await t.rejects(query.waitFor('shop', 1, at(7n, 2), { clock: createManualClock(), timeoutMs: 1_000 }), { code: 'STR_QUERY_INVALID' })
})

test('state query scans an ordered store page by page', async t => {
  const backend = createMemoryBackend()
  const query = createStateQuery({ backend, applicationId: 'app' })
  const more = ['o-3', 'o-2', 'p-1'].map((key, total) => ({ store: 'orders', key, value: Buffer.from(JSON.stringify({ total })) }))
  await applyCycle(backend, 1n, 7n, false, more)
  const first = await query.scan('shop', 1, orders, { prefix: 'o-', limit: 2 })
  if (first.status !== 'ready') return t.fail(first.status)
  t.same(first.values, { rows: [['o-1', { total: 3 }], ['o-2', { total: 1 }]], next: 'o-2' })
  t.equal(first.position, 10n)
  const second = await query.scan('shop', 1, orders, { prefix: 'o-', after: 'o-2', limit: 2 })
  t.match(second, { status: 'ready', values: { rows: [['o-3', { total: 0 }]], next: undefined } })
})

test('state query scans nothing that it could not answer whole', async t => {
  const backend = createMemoryBackend()
  const query = createStateQuery({ backend, applicationId: 'app' })
  t.same(await query.scan('shop', 1, orders, { limit: 1 }), { status: 'missing' })
  await applyCycle(backend, 1n, 7n)
  await t.rejects(query.scan('shop', 1, names, { limit: 1 }), { code: 'STR_QUERY_INVALID', context: { store: 'names' } }, 'the store has rows, but no order')
  for (const limit of [0, 1001, 1.5, NaN]) await t.rejects(query.scan('shop', 1, orders, { limit }), { code: 'STR_QUERY_INVALID' }, String(limit))
  t.match(await query.scan('shop', 1, orders, { limit: 1000 }, { position: at(7n), clock: createManualClock(), timeoutMs: 0 }), { status: 'behind' })
})
