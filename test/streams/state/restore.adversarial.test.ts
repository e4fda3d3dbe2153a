import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import {
  createManualClock, createMemoryBackend, createMemoryBroker, type ManualClock, type MemoryBackend, type MemoryBroker, type MemoryClient
} from '../../../streams/testing/index.ts'
import { isStreamsError } from '../../../streams/errors.ts'
import { type TransactionUnit } from '../../../streams/kafka/port.ts'
import { type OutgoingRecord } from '../../../streams/record.ts'
import { type Acquired, acquire } from '../../../streams/runtime/acquire.ts'
import { changelogPrefix, encodeProgress, PROGRESS_KEY } from '../../../streams/state/changelog.ts'
import { type TaskState } from '../../../streams/state/port.ts'
import { attack, isCaught } from '../attack.ts'

const LOG = 'changelog'
const RETENTION_MS = 60_000
const KEYS = ['a', 'b', 'c', '', '__proto__', 'é']

/** Rows of a cycle, by the place of their key. */
type Writes = ReadonlyArray<readonly [key: number, value: number | null]>

type Step =
  | { readonly kind: 'cycle' | 'abort', readonly writes: Writes }
  | { readonly kind: 'acquire' | 'compact' | 'flush' | 'snapshot' | 'go-back' | 'grow-old' | 'foreign-abort' }
  | { readonly kind: 'interrupt', readonly op: 'apply' | 'claim' | 'wipe' | 'meta', readonly phase: 'request' | 'answer', readonly skip: number }

const writes = fc.array(fc.tuple(fc.nat(KEYS.length - 1), fc.option(fc.nat(99))), { maxLength: 5 })
const happenings = ['compact', 'flush', 'snapshot', 'go-back', 'grow-old', 'foreign-abort'] as const
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('cycle' as const, 'cycle' as const, 'abort' as const), writes }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('acquire' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom(...happenings) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('interrupt' as const),
      op: fc.constantFrom('apply' as const, 'claim' as const, 'wipe' as const, 'meta' as const),
      phase: fc.constantFrom('request' as const, 'answer' as const),
      skip: fc.nat(2)
    })
  }
)

/** The changelog of one task, the state that is built from it, and what is true. */
class Scene {
  readonly clock: ManualClock = createManualClock(1_000_000)
  readonly broker: MemoryBroker = createMemoryBroker({ clock: this.clock })
  readonly backend: MemoryBackend = createMemoryBackend()
  readonly kafka: MemoryClient = this.broker.client()
  readonly unit: TransactionUnit = this.kafka.openTransactions({ transactionalId: 'task' })
  readonly model = new Map<string, string>()
  readonly #foreign = this.kafka.openTransactions({ transactionalId: 'foreign' })
  sequence = 0n

  constructor () {
    this.broker.createTopic({ name: LOG, partitions: 1, replicas: 1, config: {} })
  }

  async begin (): Promise<void> {
    await this.unit.init()
    await this.cycle([])
  }

  async cycle (writes: Writes): Promise<void> {
    await this.unit.commit(this.#records(writes, ++this.sequence))
    for (const [key, value] of writes) {
      if (value === null) this.model.delete(KEYS[key] as string)
      else this.model.set(KEYS[key] as string, String(value))
    }
  }

  async abort (unit: TransactionUnit, transactionalId: string, writes: Writes): Promise<void> {
    this.broker.faults.fail({ api: 'endTxn', transactionalId }, { phase: 'request' })
    await unit.commit(this.#records(writes, this.sequence + 7n)).catch(() => {})
    await unit.init()
  }

  async abortForeign (): Promise<void> {
    await this.#foreign.init()
    await this.abort(this.#foreign, 'foreign', [[0, 1], [1, null]])
  }

  async acquire (open: (task: TaskState) => TaskState = task => task): Promise<Acquired> {
    const { kafka, unit, clock } = this
    return await acquire({
      kafka,
      unit,
      state: open(this.backend.connect().open('app:node:0')),
      clock,
      processor: 'node',
      partition: 0,
      changelog: LOG,
      inputs: ['in'],
      instance: 'test',
      deleteRetentionMs: RETENTION_MS,
      maxUnappliedBytes: 100,
      slot: async () => await Promise.resolve(() => {}),
      signal: new AbortController().signal
    })
  }

  async rows (): Promise<Map<string, string>> {
    const { rows } = await this.backend.open('app:node:0').rows('rows')
    return new Map(rows.map(([key, value]) => [key, value.toString()]))
  }

  #records (writes: Writes, sequence: bigint): OutgoingRecord[] {
    const record = (key: Buffer, value: Buffer | null): OutgoingRecord => ({ topic: LOG, partition: 0, key, value, headers: [] })
    const rows = writes.map(([key, value]) => (
      record(Buffer.from(changelogPrefix('rows') + (KEYS[key] as string)), value === null ? null : Buffer.from(String(value)))))
    return [...rows, record(PROGRESS_KEY, encodeProgress({ sequence, contextTimeMs: 0, offsets: new Map([['in', sequence * 10n]]) }))]
  }
}

/** Acquires until it is let; what is restored then has to be what was committed, and nothing else. */
async function check (scene: Scene, open?: (task: TaskState) => TaskState): Promise<void> {
  let acquired: Acquired | undefined
  for (let tries = 0; acquired === undefined; tries++) {
    assert.ok(tries < 12, 'it never succeeded')
    try {
      acquired = await scene.acquire(open)
    } catch (error) {
      if (!isStreamsError(error) || !['STR_STATE_UNAVAILABLE', 'STR_STATE_LOST', 'STR_TXN_UNKNOWN'].includes(error.code)) throw error
    }
  }
  scene.backend.faults.clear()
  assert.deepStrictEqual([...await scene.rows()].sort(), [...scene.model].sort())
  assert.equal(acquired.progress.sequence, scene.sequence)
  assert.equal(acquired.progress.offsets.get('in'), scene.sequence * 10n)
  const meta = await scene.backend.open('app:node:0').meta()
  assert.deepStrictEqual([meta?.restoring, meta?.applying, meta?.sequence], [false, false, scene.sequence])
}

async function play (scene: Scene, steps: readonly Step[], open?: (task: TaskState) => TaskState): Promise<void> {
  await scene.begin()
  let snapshot = scene.backend.snapshot()
  for (const one of steps) {
    switch (one.kind) {
      case 'cycle': await scene.cycle(one.writes); break
      case 'abort': await scene.abort(scene.unit, 'task', one.writes); break
      case 'foreign-abort': await scene.abortForeign(); break
      case 'acquire': await check(scene, open); break
      case 'compact': scene.broker.compact(LOG); break
      case 'grow-old': // tombstones may go once they are older than their retention
        await scene.clock.advance(RETENTION_MS + 1)
        scene.broker.compact(LOG, { dropTombstones: true })
        break
      case 'flush': scene.backend.flush(); break
      case 'snapshot': snapshot = scene.backend.snapshot(); break
      case 'go-back': scene.backend.restore(snapshot); break
      case 'interrupt': scene.backend.faults.fail({ op: one.op }, { phase: one.phase, skip: one.skip })
    }
  }
  scene.backend.faults.clear()
  await check(scene, open)
}

function restores (open?: (task: TaskState) => TaskState): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { maxLength: 30, size: 'max' }), async steps => {
    const scene = new Scene()
    try {
      await play(scene, steps, open)
    } finally {
      await scene.broker.close()
    }
  })
}

test('a restored state is what the log says, over aborted, compacted and removed rows, and state that is lost, old, torn or ahead', async () => {
  await fc.assert(restores(), attack(150))
})

test('a restore that forgets removals, or begins a record too late, is caught by the same histories', async t => {
  const forgetful = (task: TaskState): TaskState => ({
    ...bound(task), apply: async request => await task.apply({ ...request, writes: request.writes.filter(({ value }) => value !== null) })
  })
  t.ok(await isCaught(restores(forgetful), 60))
  const late = (task: TaskState): TaskState => ({
    ...bound(task),
    claim: async request => {
      const answer = await task.claim(request)
      return answer.kind === 'claimed' && answer.before !== null ? { ...answer, before: { ...answer.before, position: answer.before.position + 1n } } : answer
    },
    apply: async request => await task.apply({ ...request, expectedPosition: (await task.meta())?.position ?? 0n })
  })
  t.ok(await isCaught(restores(late), 60))
})

function bound (task: TaskState): TaskState {
  return {
    layout: task.layout,
    meta: task.meta.bind(task),
    claim: task.claim.bind(task),
    read: task.read.bind(task),
    apply: task.apply.bind(task),
    rows: task.rows.bind(task),
    wipe: task.wipe.bind(task)
  }
}

test('a log that lost its end is restored as it is now, whatever the state held, and its owner is believed again', async () => {
  const cycles = fc.array(writes, { minLength: 1, maxLength: 8 })
  await fc.assert(fc.asyncProperty(cycles, cycles, fc.nat(7), async (first, second, cut) => {
    const scene = new Scene()
    try {
      await scene.begin()
      const marks: Array<readonly [end: bigint, model: Map<string, string>, sequence: bigint]> = []
      for (const one of first) {
        marks.push([scene.broker.log(LOG, 0).endOffset, new Map(scene.model), scene.sequence])
        await scene.cycle(one)
      }
      await check(scene)
      const [end, model, sequence] = marks[cut % marks.length] as typeof marks[number]
      scene.broker.truncateTo(LOG, 0, end)
      scene.model.clear()
      for (const [key, value] of model) scene.model.set(key, value)
      scene.sequence = sequence
      await scene.unit.init()
      await check(scene)
      for (const one of second) await scene.cycle(one)
      await check(scene)
    } finally {
      await scene.broker.close()
    }
  }), attack(80))
})
