import { randomUUID } from 'node:crypto'
import { test } from 'tap'
import { type ApplyRequest, type StateBackend, type StateMeta, type StateWrite, type TaskState } from '../../streams/state/port.ts'

/** What an implementation gives to the suite: a backend, a second connection to the same data, and the loss of all data. */
export interface StateSubject {
  readonly backend: StateBackend
  readonly other: StateBackend
  flush (): Promise<void>
  close (): Promise<void>
}

const NOW = 1_700_000_000_000
const EMPTY = Buffer.alloc(0)

function write (key: string, value: string | null, store = 'orders'): StateWrite {
  return { store, key, value: value === null ? null : Buffer.from(value) }
}

/** An apply that fits a task claimed by `claimed`, unless told otherwise. */
function applyOf (request: Partial<ApplyRequest>): ApplyRequest {
  return {
    token: 100n,
    incarnation: 'me',
    expectedPosition: 0n,
    position: 110n,
    sequence: 1n,
    progress: Buffer.from('progress 1'),
    progressOffset: 109n,
    nowMs: NOW,
    writes: [],
    timers: [],
    restoring: false,
    ...request
  }
}

async function claimed (backend: StateBackend): Promise<{ task: TaskState, taskKey: string }> {
  const taskKey = `conformance:${randomUUID()}:0`
  const task = backend.open(taskKey)
  await task.claim({ token: 100n, incarnation: 'me', nowMs: NOW })
  return { task, taskKey }
}

async function valuesOf (task: TaskState, ...keys: string[]): Promise<Array<string | null>> {
  const { values } = await task.read({ keys: keys.map(key => ({ store: 'orders', key })) })
  return values.map(value => value?.toString() ?? null)
}

/** The suite that every StateBackend passes. `create` is called once; task keys are random. */
export function testStateConformance (name: string, create: () => Promise<StateSubject>): void {
  let subject: StateSubject
  test(`${name} starts`, async () => { subject = await create() })

  test(`${name} answers a check when it is up`, async t => {
    await t.resolves(subject.backend.check())
  })

  test(`${name} has no meta and no values for a task nobody claimed`, async t => {
    const task = subject.backend.open(`conformance:${randomUUID()}:0`)
    t.equal(await task.meta(), null)
    const answer = await task.read({ keys: [{ store: 'orders', key: 'a' }], timers: { dueMs: NOW, limit: 10 } })
    t.same(answer, { values: [null], timers: [], nextDueMs: null, scans: [], meta: null })
    t.same(await task.rows('orders'), { rows: [], meta: null })
    t.equal(await task.apply(applyOf({ writes: [write('a', '1')] })), 'lost')
    t.equal(await task.meta(), null)
  })

  test(`${name} claims an empty task, which is restoring from then on`, async t => {
    const task = subject.backend.open(`conformance:${randomUUID()}:0`)
    t.same(await task.claim({ token: 100n, incarnation: 'me', nowMs: NOW }), { kind: 'claimed', before: null })
    t.same(await task.meta(), {
      token: 100n,
      incarnation: 'me',
      position: 0n,
      sequence: 0n,
      progress: EMPTY,
      progressOffset: -1n,
      appliedAtMs: NOW,
      restoring: true,
      applying: false,
      layout: ''
    } satisfies StateMeta)
  })

  test(`${name} hands a task over to a later token and leaves data, position and progress as they are, for readers too`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    await task.apply(applyOf({ writes: [write('a', '1')], sequence: 7n }))
    const before = await task.meta()
    const heir = subject.other.open(taskKey)
    const answer = await heir.claim({ token: 111n, incarnation: 'heir', nowMs: NOW + 1 })
    t.same(answer, { kind: 'claimed', before })
    t.same(await heir.meta(), { ...before, token: 111n, incarnation: 'heir' })
    t.same(await valuesOf(heir, 'a'), ['1'])
  })

  test(`${name} refuses a claim with an older or equal token, and changes nothing`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    const stored = await task.meta()
    const zombie = subject.other.open(taskKey)
    t.same(await zombie.claim({ token: 99n, incarnation: 'zombie', nowMs: NOW + 1 }), { kind: 'refused', stored })
    t.same(await zombie.claim({ token: 100n, incarnation: 'zombie', nowMs: NOW + 1 }), { kind: 'refused', stored })
    t.same(await zombie.claim({ token: 99n, incarnation: 'me', nowMs: NOW + 1 }), { kind: 'refused', stored }, 'even a late claim of my own')
    t.same(await task.meta(), stored)
  })

  test(`${name} refuses a claim whose ownership record lies before the stored position`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    await task.apply(applyOf({ position: 200n }))
    const stored = await task.meta()
    const heir = subject.other.open(taskKey)
    t.same(await heir.claim({ token: 199n, incarnation: 'heir', nowMs: NOW }), { kind: 'refused', stored })
    t.match(await heir.claim({ token: 200n, incarnation: 'heir', nowMs: NOW }), { kind: 'claimed' })
  })

  test(`${name} takes a repeated claim of the same incarnation for what it is`, async t => {
    const { task } = await claimed(subject.backend)
    await task.apply(applyOf({ position: 200n }))
    const before = await task.meta()
    t.same(await task.claim({ token: 100n, incarnation: 'me', nowMs: NOW }), { kind: 'claimed', before })
  })

  test(`${name} compares tokens and positions as numbers of 64 bits`, async t => {
    const taskKey = `conformance:${randomUUID()}:0`
    const task = subject.backend.open(taskKey)
    const large = 9_007_199_254_740_993n
    await task.claim({ token: large, incarnation: 'me', nowMs: NOW })
    t.match(await task.claim({ token: large - 1n, incarnation: 'other', nowMs: NOW }), { kind: 'refused' })
    t.match(await task.claim({ token: 99n, incarnation: 'other', nowMs: NOW }), { kind: 'refused' })
    t.match(await task.claim({ token: large + 1n, incarnation: 'other', nowMs: NOW }), { kind: 'claimed' })
    t.equal((await task.meta())?.token, large + 1n)
    const request = applyOf({ token: large + 1n, incarnation: 'other', position: large })
    t.equal(await task.apply(request), 'applied')
    t.equal(await task.apply({ ...request, expectedPosition: large + 1n, position: large + 5n }), 'behind')
  })

  test(`${name} applies writes, deletes, timers, progress and position at once`, async t => {
    const { task } = await claimed(subject.backend)
    const first = applyOf({ writes: [write('a', '1'), write('b', '2'), write('a', 'x', 'other')], timers: [{ key: 'a', dueMs: NOW + 5 }] })
    t.equal(await task.apply(first), 'applied')
    const second = applyOf({
      expectedPosition: 110n,
      position: 120n,
      sequence: 2n,
      progress: Buffer.from([0, 255, 10, 128]),
      progressOffset: 118n,
      nowMs: NOW + 9,
      writes: [write('a', null), write('c', ''), write('missing', null)],
      timers: [{ key: 'a', dueMs: null }, { key: 'b', dueMs: NOW }],
      restoring: true
    })
    t.equal(await task.apply(second), 'applied')
    const answer = await task.read({
      keys: [{ store: 'orders', key: 'a' }, { store: 'other', key: 'a' }, { store: 'orders', key: 'c' }, { store: 'orders', key: 'b' }],
      timers: { dueMs: NOW + 100, limit: 10 }
    })
    t.same(answer.values.map(value => value?.toString() ?? null), [null, 'x', '', '2'], 'in the order they were asked for')
    t.same(answer.timers, [{ key: 'b', dueMs: NOW }])
    t.same(answer.meta, {
      token: 100n,
      incarnation: 'me',
      position: 120n,
      sequence: 2n,
      progress: Buffer.from([0, 255, 10, 128]),
      progressOffset: 118n,
      appliedAtMs: NOW + 9,
      restoring: true,
      applying: false,
      layout: ''
    } satisfies StateMeta)
  })

  test(`${name} keeps bytes as they are when keys and values are not plain`, async t => {
    const { task } = await claimed(subject.backend)
    const value = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const key = 'grüße/{x}:☃ \n'
    await task.apply(applyOf({ writes: [{ store: '#s/1', key, value }], timers: [{ key, dueMs: 0 }] }))
    const answer = await task.read({ keys: [{ store: '#s/1', key }], timers: { dueMs: 0, limit: 1 } })
    t.same(answer.values, [value])
    t.same(answer.timers, [{ key, dueMs: 0 }])
    t.same((await task.rows('#s/1')).rows, [[key, value]])
  })

  test(`${name} answers lost to another token or incarnation, and writes nothing`, async t => {
    const { task } = await claimed(subject.backend)
    const writes = [write('a', 'zombie')]
    t.equal(await task.apply(applyOf({ token: 99n, writes })), 'lost')
    t.equal(await task.apply(applyOf({ token: 101n, writes })), 'lost')
    t.equal(await task.apply(applyOf({ incarnation: 'zombie', writes })), 'lost')
    t.same(await valuesOf(task, 'a'), [null])
    t.equal((await task.meta())?.position, 0n)
  })

  test(`${name} answers behind when the stored position is older than expected`, async t => {
    const { task } = await claimed(subject.backend)
    t.equal(await task.apply(applyOf({ expectedPosition: 50n, writes: [write('a', '1')] })), 'behind')
    t.same(await valuesOf(task, 'a'), [null])
  })

  test(`${name} answers already to the resend of the last apply only`, async t => {
    const { task } = await claimed(subject.backend)
    const first = applyOf({ writes: [write('a', '1')] })
    await task.apply(first)
    t.equal(await task.apply(first), 'already')
    t.equal(await task.apply({ ...first, sequence: 2n, writes: [write('a', '2')] }), 'lost', 'same positions, another sequence')
    t.equal(await task.apply({ ...first, position: 111n, writes: [write('a', '2')] }), 'lost', 'same sequence, another position')
    t.equal(await task.apply({ ...first, token: 99n }), 'lost', 'a resend of another owner')
    await task.apply(applyOf({ expectedPosition: 110n, position: 120n, sequence: 2n, writes: [write('a', '2')] }))
    t.equal(await task.apply(first), 'lost', 'a resend from before')
    t.same(await valuesOf(task, 'a'), ['2'])
  })

  test(`${name} applies without moving the position when told so`, async t => {
    const { task } = await claimed(subject.backend)
    await task.apply(applyOf({ restoring: true }))
    const touch = applyOf({ expectedPosition: 110n, position: 110n, nowMs: NOW + 60, restoring: false })
    t.equal(await task.apply(touch), 'applied')
    t.match(await task.meta(), { position: 110n, appliedAtMs: NOW + 60, restoring: false })
  })

  test(`${name} reads after an apply what it wrote when both are asked at once`, async t => {
    const { task } = await claimed(subject.backend)
    const applied = task.apply(applyOf({ writes: [write('a', '1')] }))
    const read = task.read({ keys: [{ store: 'orders', key: 'a' }] })
    t.equal(await applied, 'applied')
    const answer = await read
    t.equal(String(answer.values[0]), '1')
    t.equal(answer.meta?.position, 110n)
  })

  test(`${name} lists due timers in order, up to the limit, and names the next`, async t => {
    const { task } = await claimed(subject.backend)
    const timers = [['d', 40], ['b', 20], ['c', 20], ['a', 30], ['e', 50]] as const
    await task.apply(applyOf({ timers: timers.map(([key, dueMs]) => ({ key, dueMs })) }))
    const due = async (dueMs: number, limit: number): Promise<unknown> => {
      const answer = await task.read({ keys: [], timers: { dueMs, limit } })
      return [answer.timers.map(timer => `${timer.key}@${timer.dueMs}`).join(' '), answer.nextDueMs]
    }
    t.same(await due(19, 10), ['', 20])
    t.same(await due(30, 10), ['b@20 c@20 a@30', 40])
    t.same(await due(30, 2), ['b@20 c@20', 30])
    t.same(await due(30, 0), ['', 20])
    t.same(await due(99, 10), ['b@20 c@20 a@30 d@40 e@50', null])
    await task.apply(applyOf({ expectedPosition: 110n, position: 120n, timers: [{ key: 'b', dueMs: 60 }, { key: 'c', dueMs: null }] }))
    t.same(await due(99, 3), ['a@30 d@40 e@50', 60])
    t.equal((await task.read({ keys: [] })).nextDueMs, null, 'not asked for')
  })

  test(`${name} shows the loss of all data in the very next read`, async t => {
    const { task } = await claimed(subject.backend)
    await task.apply(applyOf({ writes: [write('a', '1')] }))
    await subject.flush()
    const answer = await task.read({ keys: [{ store: 'orders', key: 'a' }] })
    t.same(answer.values, [null])
    t.equal(answer.meta, null)
    t.equal(await task.apply(applyOf({ expectedPosition: 110n, position: 120n })), 'lost')
    t.match(await task.claim({ token: 130n, incarnation: 'me again', nowMs: NOW }), { kind: 'claimed', before: null })
  })

  test(`${name} applies tens of thousands of rows and large values`, async t => {
    const { task } = await claimed(subject.backend)
    const writes = Array.from({ length: 25_000 }, (_, i) => write(`key-${i}`, `value ${i}`))
    const large = { store: 'large', key: 'blob', value: Buffer.alloc(3_000_000, 7) }
    const timers = Array.from({ length: 5_000 }, (_, i) => ({ key: `key-${i}`, dueMs: i }))
    const request = applyOf({ writes: [...writes, large], timers })
    t.equal(await task.apply(request), 'applied')
    t.match(await task.meta(), { position: 110n, sequence: 1n, applying: false })
    t.equal(await task.apply(request), 'already')
    t.equal((await task.rows('orders')).rows.length, 25_000)
    const answer = await task.read({ keys: [{ store: 'large', key: 'blob' }, { store: 'orders', key: 'key-24999' }], timers: { dueMs: 1e9, limit: 1 } })
    t.equal(answer.values[0]?.length, 3_000_000)
    t.equal(String(answer.values[1]), 'value 24999')
    t.equal(answer.nextDueMs, 1)
    const deletes = applyOf({ expectedPosition: 110n, position: 120n, sequence: 2n, writes: writes.map(({ store, key }) => ({ store, key, value: null })) })
    t.equal(await task.apply(deletes), 'applied')
    t.same((await task.rows('orders')).rows, [])
  })

  test(`${name} refuses a large apply of a stale owner whole`, async t => {
    const { task } = await claimed(subject.backend)
    const writes = Array.from({ length: 25_000 }, (_, i) => write(`key-${i}`, 'zombie'))
    t.equal(await task.apply(applyOf({ token: 99n, writes })), 'lost')
    t.equal(await task.apply(applyOf({ expectedPosition: 10n, writes })), 'behind')
    t.same((await task.rows('orders')).rows, [])
    t.match(await task.meta(), { position: 0n, applying: false })
  })

  test(`${name} reads thousands of keys of several stores in the order they were asked for`, async t => {
    const { task } = await claimed(subject.backend)
    const writes = Array.from({ length: 6_000 }, (_, i) => write(`k${i}`, `${i}`, `store-${i % 3}`))
    await task.apply(applyOf({ writes }))
    const keys = Array.from({ length: 6_000 }, (_, i) => 5_999 - i).map(i => ({ store: `store-${i % 3}`, key: `k${i}` }))
    const { values } = await task.read({ keys })
    t.ok(values.every((value, i) => String(value) === String(5_999 - i)))
  })

  test(`${name} gives every row of one store, with the meta of that moment`, async t => {
    const { task } = await claimed(subject.backend)
    await task.apply(applyOf({ writes: [write('a', '1'), write('b', '2'), write('c', '3', 'other')] }))
    const { rows, meta } = await task.rows('orders')
    t.same([...rows].map(([key, value]) => [key, String(value)]).sort(), [['a', '1'], ['b', '2']])
    t.equal(meta?.position, 110n)
    t.same((await task.rows('nothing')).rows, [])
  })

  test(`${name} wipes a task only while token and position are the expected ones`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    const neighbour = await claimed(subject.backend)
    await neighbour.task.apply(applyOf({ writes: [write('a', 'kept')] }))
    await task.apply(applyOf({ writes: [write('a', '1'), write('b', '2', 'other')], timers: [{ key: 'a', dueMs: 1 }] }))
    t.equal(await task.wipe({ token: 100n, position: 0n }), false)
    t.equal(await task.wipe({ token: 99n, position: 110n }), false)
    t.equal(await task.wipe(null), false)
    t.same(await valuesOf(task, 'a'), ['1'])
    t.equal(await subject.other.open(taskKey).wipe({ token: 100n, position: 110n }), true)
    const answer = await task.read({ keys: [{ store: 'orders', key: 'a' }, { store: 'other', key: 'b' }], timers: { dueMs: 9, limit: 9 } })
    t.same(answer, { values: [null, null], timers: [], nextDueMs: null, scans: [], meta: null })
    t.equal(await task.wipe({ token: 100n, position: 110n }), false)
    t.equal(await task.wipe(null), true)
    t.same(await valuesOf(neighbour.task, 'a'), ['kept'])
  })

  test(`${name} answers nothing more once it is closed`, async t => {
    const task = subject.backend.open(`conformance:${randomUUID()}:0`)
    await subject.backend.close()
    await t.rejects(task.meta(), { code: 'STR_CLOSED' })
    await t.rejects(task.read({ keys: [] }), { code: 'STR_CLOSED' })
    await t.resolves(subject.other.check(), 'the other connection goes on')
    await subject.close()
  })
}
