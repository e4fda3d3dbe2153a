import assert from 'node:assert/strict'
import { test } from 'tap'
import fc from 'fast-check'
import { createMemoryBackend } from '../../../streams/state/memory/index.ts'
import { type StateSubject, testStateConformance } from '../../conformance/state.ts'
import { testScanConformance } from '../../conformance/state-scans.ts'

async function createSubject (): Promise<StateSubject> {
  const backend = createMemoryBackend()
  return { backend, other: backend.connect(), flush: async () => { backend.flush() }, close: async () => {} }
}

testStateConformance('memory state', createSubject)
testScanConformance('memory state', createSubject)

const empty = { incarnation: 'me', token: 1n, progress: Buffer.alloc(0), progressOffset: 0n, nowMs: 0, restoring: false }

test('memory state holds what a plain map holds, after any applies', async t => {
  const key = fc.constantFrom('a', 'b', 'c', 'd')
  const write = fc.record({ store: fc.constantFrom('x', 'y'), key, value: fc.option(fc.uint8Array({ maxLength: 4 }).map(bytes => Buffer.from(bytes))) })
  const timer = fc.record({ key, dueMs: fc.option(fc.nat(20)) })
  const cycle = fc.record({ writes: fc.array(write), timers: fc.array(timer) })
  await fc.assert(fc.asyncProperty(fc.array(cycle, { maxLength: 12 }), fc.nat(20), fc.nat(5), async (cycles, dueMs, limit) => {
    const task = createMemoryBackend().open('app:node:0')
    const rows = new Map<string, Buffer>()
    const due = new Map<string, number>()
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    for (const [i, { writes, timers }] of cycles.entries()) {
      await task.apply({ ...empty, expectedPosition: BigInt(i), position: BigInt(i + 1), sequence: BigInt(i + 1), writes, timers })
      for (const { store, key, value } of writes) value === null ? rows.delete(store + key) : rows.set(store + key, value)
      for (const { key, dueMs } of timers) dueMs === null ? due.delete(key) : due.set(key, dueMs)
    }
    const keys = ['x', 'y'].flatMap(store => ['a', 'b', 'c', 'd'].map(key => ({ store, key })))
    const answer = await task.read({ keys, timers: { dueMs, limit } })
    const sorted = [...due].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([key, dueMs]) => ({ key, dueMs }))
    const expected = sorted.filter(timer => timer.dueMs <= dueMs).slice(0, limit)
    assert.deepEqual(answer.values, keys.map(({ store, key }) => rows.get(store + key) ?? null))
    assert.deepEqual(answer.timers, expected)
    assert.equal(answer.nextDueMs, sorted[expected.length]?.dueMs ?? null)
  }))
  t.pass('no counterexample')
})

test('memory state goes back to an older moment when a snapshot is restored', async t => {
  const backend = createMemoryBackend()
  const task = backend.open('app:node:0')
  await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  const old = backend.snapshot()
  const cycle = { ...empty, expectedPosition: 0n, position: 5n, sequence: 1n, writes: [{ store: 's', key: 'k', value: Buffer.from('v') }], timers: [] }
  await task.apply(cycle)
  backend.restore(old)
  const { values, meta } = await task.read({ keys: [{ store: 's', key: 'k' }] })
  t.same(values, [null])
  t.equal(meta?.position, 0n)
  t.equal(await task.apply({ ...cycle, expectedPosition: 5n, position: 6n, sequence: 2n }), 'behind')
  t.same(backend.taskKeys(), ['app:node:0'])
})

test('memory state keeps calls in order when one of them is held', async t => {
  const backend = createMemoryBackend()
  const task = backend.open('app:node:0')
  const held = backend.faults.hold({ op: 'claim' }, { phase: 'request' })
  const claim = task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  const meta = task.meta()
  await held.arrived
  held.release()
  t.match(await claim, { kind: 'claimed' })
  t.equal((await meta)?.token, 1n)
})

test('memory state applies although the answer is lost', async t => {
  const backend = createMemoryBackend()
  const task = backend.open('app:node:0')
  await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
  backend.faults.fail({ op: 'apply', taskKey: 'app:node:0' }, { phase: 'answer' })
  const cycle = { ...empty, expectedPosition: 0n, position: 5n, sequence: 1n, writes: [], timers: [] }
  await t.rejects(task.apply(cycle), { code: 'STR_STATE_UNAVAILABLE' })
  t.equal(await task.apply(cycle), 'already')
})

test('memory state ignores what a crashed process had asked for', async t => {
  const backend = createMemoryBackend()
  const process = backend.connect()
  const held = backend.faults.hold({ op: 'claim' }, { phase: 'request' })
  process.open('app:node:0').claim({ token: 1n, incarnation: 'dead', nowMs: 0 }).then(() => { t.fail('it is dead') }, () => { t.fail('it is dead') })
  await held.arrived
  process.crash()
  held.release()
  await new Promise(resolve => setImmediate(resolve))
  t.equal(await backend.open('app:node:0').meta(), null)
})
