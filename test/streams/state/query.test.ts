import { test } from 'tap'
import { defineStore } from '../../../streams/processor.ts'
import { jsonSerde } from '../../../streams/serde/json.ts'
import { textSerde } from '../../../streams/serde/text.ts'
import { encodeProgress } from '../../../streams/state/changelog.ts'
import { createMemoryBackend, type MemoryBackend } from '../../../streams/state/memory/index.ts'
import { createStateQuery } from '../../../streams/state/query.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

const orders = defineStore('orders', jsonSerde<{ readonly total: number }>())
const names = defineStore('names', textSerde)

/** Applies one cycle to task `app:shop:1`, whose next input offset is then `next`. */
async function applyCycle (backend: MemoryBackend, sequence: bigint, next: bigint, restoring = false): Promise<void> {
  const task = backend.open('app:shop:1')
  if (sequence === 1n) await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  await task.apply({
    token: 1n,
    incarnation: 'me',
    expectedPosition: (sequence - 1n) * 10n,
    position: sequence * 10n,
    sequence,
    progress: encodeProgress({ sequence, contextTimeMs: 5, offsets: new Map([['commands', next]]) }),
    progressOffset: sequence * 10n - 2n,
    nowMs: 0,
    writes: [{ store: 'orders', key: 'o-1', value: Buffer.from('{"total":3}') }, { store: 'names', key: 'o-1', value: Buffer.from('Ada') }],
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
  await backend.open('app:shop:1').claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'restoring' })
  await applyCycle(backend, 1n, 7n, true)
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'restoring' })
  await applyCycle(backend, 2n, 8n)
  t.match(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'ready' })
  backend.flush()
  t.same(await query.get('shop', 1, [[orders, 'o-1']]), { status: 'missing' })
})

test('state query waits until an input record was processed', async t => {
  const backend = createMemoryBackend()
  const clock = createManualClock()
  const query = createStateQuery({ backend, applicationId: 'app' })
  const reached = query.waitFor('shop', 1, { topic: 'commands', offset: 7n }, { clock, timeoutMs: 1_000 })
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
  const late = query.waitFor('shop', 1, { topic: 'other', offset: 0n }, { clock, timeoutMs: 1_000 })
  await clock.advance(2_000)
  t.equal(await late, false)
  t.equal(await query.waitFor('shop', 1, { topic: 'other', offset: 0n }, { clock, timeoutMs: 1_000, signal: AbortSignal.abort() }), false)
})
