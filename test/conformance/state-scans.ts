import { randomUUID } from 'node:crypto'
import assert from 'node:assert/strict'
import { test } from 'tap'
import fc from 'fast-check'
import { boundsOf, compareKeys, isWithin, type KeyRange } from '../../streams/state/key-range.ts'
import { type ApplyRequest, layoutOf, type StateBackend, type StateWrite, type TaskState } from '../../streams/state/port.ts'
import { type StateSubject } from './state.ts'

const ORDERED = ['by-name', 'by-time']

/** The apply that moves a task claimed with token 100 from position `sequence − 1` to `sequence`. */
function cycleOf (sequence: number, writes: readonly StateWrite[]): ApplyRequest {
  return {
    token: 100n,
    incarnation: 'me',
    expectedPosition: BigInt(sequence - 1),
    position: BigInt(sequence),
    sequence: BigInt(sequence),
    progress: Buffer.alloc(0),
    progressOffset: 0n,
    nowMs: 0,
    writes,
    timers: [],
    restoring: false
  }
}

function write (key: string, value: string | null, store = 'by-name'): StateWrite {
  return { store, key, value: value === null ? null : Buffer.from(value) }
}

async function claimed (backend: StateBackend, ordered: readonly string[] = ORDERED): Promise<{ readonly task: TaskState, readonly taskKey: string }> {
  const taskKey = `conformance:${randomUUID()}:0`
  const task = backend.open(taskKey, ordered)
  await task.claim({ token: 100n, incarnation: 'me', nowMs: 0 })
  return { task, taskKey }
}

async function scan (task: TaskState, range: KeyRange, limit = 1000, store = 'by-name'): Promise<{ readonly text: string, readonly isWhole: boolean }> {
  const { scans: [page] } = await task.read({ keys: [], scans: [{ store, limit, ...range }] })
  return { text: page?.rows.map(([key, value]) => `${key}=${String(value)}`).join(' ') ?? '', isWhole: page?.isWhole ?? false }
}

/** What every StateBackend does with ordered stores, and with reads of those who do not own the task. `create` is called once. */
export function testScanConformance (name: string, create: () => Promise<StateSubject>): void {
  let subject: StateSubject
  test(`${name} starts`, async () => { subject = await create() })

  test(`${name} scans the rows of a range in the order of their keys`, async t => {
    const { task } = await claimed(subject.backend)
    await task.apply(cycleOf(1, ['c', 'a/2', 'b', 'a/10', 'a', 'a0', 'd'].map(key => write(key, key.toUpperCase()))))
    t.same(await scan(task, {}), { text: 'a=A a/10=A/10 a/2=A/2 a0=A0 b=B c=C d=D', isWhole: true })
    t.same(await scan(task, { prefix: 'a/' }), { text: 'a/10=A/10 a/2=A/2', isWhole: true })
    t.same(await scan(task, { from: 'a/2', to: 'c' }), { text: 'a/2=A/2 a0=A0 b=B', isWhole: true }, 'from is meant, to is not')
    t.same(await scan(task, { after: 'b' }), { text: 'c=C d=D', isWhole: true })
    t.same(await scan(task, { prefix: 'a', from: 'a/2', to: 'a0', after: 'a/1' }), { text: 'a/2=A/2', isWhole: true }, 'all that is said holds')
    t.same(await scan(task, { from: 'x' }), { text: '', isWhole: true })
    t.same(await scan(task, { from: 'b', to: 'a' }), { text: '', isWhole: true })
    t.same(await scan(task, { prefix: 'nothing' }), { text: '', isWhole: true })
  })

  test(`${name} cuts a scan at its limit and goes on behind the last key`, async t => {
    const { task } = await claimed(subject.backend)
    await task.apply(cycleOf(1, ['a', 'b', 'c', 'd', 'e'].map(key => write(key, '1'))))
    t.same(await scan(task, {}, 2), { text: 'a=1 b=1', isWhole: false })
    t.same(await scan(task, { after: 'b' }, 2), { text: 'c=1 d=1', isWhole: false })
    t.same(await scan(task, { after: 'd' }, 2), { text: 'e=1', isWhole: true })
    t.same(await scan(task, {}, 5), { text: 'a=1 b=1 c=1 d=1 e=1', isWhole: true }, 'exactly all')
    t.same(await scan(task, { to: 'c' }, 2), { text: 'a=1 b=1', isWhole: true }, 'exactly the range')
  })

  test(`${name} ends a page of large rows early, and never without a row`, async t => {
    const { task } = await claimed(subject.backend)
    const large = Buffer.alloc(700_000, 'x')
    await task.apply(cycleOf(1, ['a', 'b', 'c'].map(key => ({ store: 'by-name', key, value: large }))))
    const { scans: [page] } = await task.read({ keys: [], scans: [{ store: 'by-name', limit: 10 }] })
    t.same(page?.rows.map(([key]) => key), ['a', 'b'])
    t.equal(page?.isWhole, false)
    const { scans: [rest] } = await task.read({ keys: [], scans: [{ store: 'by-name', limit: 10, after: 'b' }] })
    t.same([rest?.rows.map(([key]) => key), rest?.isWhole], [['c'], true])
  })

  test(`${name} keeps the order of keys in step with the rows, over overwrites, deletes and large applies`, async t => {
    const { task } = await claimed(subject.backend)
    const many = Array.from({ length: 7_000 }, (_, i) => write(`k${String(i).padStart(5, '0')}`, `${i}`))
    await task.apply(cycleOf(1, [...many, write('x', '1', 'by-time')]))
    t.match(await scan(task, {}, 1), { text: 'k00000=0' })
    await task.apply(cycleOf(2, [...many.slice(0, 6_998).map(({ key }) => write(key, null)), write('k06998', 'new'), write('gone', null)]))
    t.same(await scan(task, {}), { text: 'k06998=new k06999=6999', isWhole: true })
    t.same(await scan(task, {}, 10, 'by-time'), { text: 'x=1', isWhole: true })
    t.same(await scan(task, {}, 10, 'plain'), { text: '', isWhole: true }, 'a store that is not ordered has no order')
  })

  test(`${name} orders keys by their bytes, whatever is in them`, async t => {
    const { task } = await claimed(subject.backend)
    const keys = ['', ' ', '\n', '(', '[', '+', '-', 'Z', 'a', 'aa', 'é', '\u{ffff}', '\u{1f600}', '\u0000', 'a\u0000', '{x}']
    await task.apply(cycleOf(1, keys.map(key => write(key, '1'))))
    const { scans: [page] } = await task.read({ keys: [], scans: [{ store: 'by-name', limit: 100 }] })
    t.same(page?.rows.map(([key]) => key), [...keys].sort(compareKeys))
    t.equal(page?.rows.at(-1)?.[0], '\u{1f600}', 'behind all of the basic plane, unlike in UTF-16')
    t.same((await scan(task, { prefix: 'a' })).text, 'a=1 a\u0000=1 aa=1')
  })

  test(`${name} scans what a sorted map holds, after any applies`, async () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é', '\u{1f600}', '\u{ffff}'), maxLength: 3 })
    const cycle = fc.array(fc.record({ key, value: fc.option(fc.constantFrom('1', '2')) }), { maxLength: 12 })
    const range: fc.Arbitrary<KeyRange> = fc.record({ prefix: key, from: key, to: key, after: key }, { requiredKeys: [] })
    await fc.assert(fc.asyncProperty(fc.array(cycle, { maxLength: 4 }), range, fc.integer({ min: 1, max: 6 }), async (cycles, range, limit) => {
      const { task } = await claimed(subject.backend)
      const model = new Map<string, string>()
      for (const [i, writes] of cycles.entries()) {
        await task.apply(cycleOf(i + 1, writes.map(({ key, value }) => write(key, value))))
        for (const { key, value } of writes) value === null ? model.delete(key) : model.set(key, value)
      }
      const expected = [...model].filter(([key]) => isWithin(boundsOf(range), key)).sort(([a], [b]) => compareKeys(a, b))
      const page = await scan(task, range, limit)
      assert.deepEqual(page, { text: expected.slice(0, limit).map(row => row.join('=')).join(' '), isWhole: expected.length <= limit })
    }), { numRuns: 60 })
  })

  test(`${name} sees in a scan what was applied just before it`, async t => {
    const { task } = await claimed(subject.backend)
    const applied = task.apply(cycleOf(1, [write('a', '1')]))
    const read = task.read({ keys: [{ store: 'by-name', key: 'a' }], scans: [{ store: 'by-name', limit: 1 }] })
    t.equal(await applied, 'applied')
    const { values, scans, meta } = await read
    t.same([String(values[0]), String(scans[0]?.rows[0]?.[1]), meta?.position], ['1', '1', 1n])
  })

  test(`${name} forgets orders with everything else when a task is wiped`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    await task.apply(cycleOf(1, [write('a', '1')]))
    await task.wipe({ token: 100n, position: 1n })
    t.same(await scan(task, {}), { text: '', isWhole: true })
    await task.claim({ token: 100n, incarnation: 'me', nowMs: 0 })
    await task.apply(cycleOf(1, [write('b', '1')]))
    t.same(await scan(subject.other.open(taskKey), {}), { text: 'b=1', isWhole: true }, 'who only reads needs not say what is ordered')
  })

  test(`${name} tells by its layout which stores were ordered when it was begun`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    t.equal((await task.meta())?.layout, layoutOf(ORDERED))
    t.equal(task.layout, layoutOf(['by-time', 'by-name']), 'in any order')
    const heir = subject.other.open(taskKey, ['by-name'])
    const answer = await heir.claim({ token: 200n, incarnation: 'heir', nowMs: 0 })
    t.match(answer, { kind: 'claimed', before: { layout: layoutOf(ORDERED) } })
    t.equal((await heir.meta())?.layout, layoutOf(ORDERED), 'until it is wiped')
    await heir.wipe({ token: 200n, position: 0n })
    await heir.claim({ token: 200n, incarnation: 'heir', nowMs: 0 })
    t.equal((await heir.meta())?.layout, heir.layout)
  })

  test(`${name} answers values, scans and meta of one moment to a reader that asks for it, while others apply`, async t => {
    const { task, taskKey } = await claimed(subject.backend)
    const reader = subject.other.open(taskKey)
    const changing = [{ store: 'by-name', key: 'a' }, { store: 'by-time', key: 'z' }]
    // Long enough to reach a server in many pieces, between which it serves others.
    const filler = Array.from({ length: 2_000 }, (_, i) => ({ store: 'by-time', key: `${i}${'x'.repeat(300)}` }))
    const keys = [...changing.slice(0, 1), ...filler, ...changing.slice(1)]
    const writesOf = (sequence: number): StateWrite[] => changing.map(({ store, key }) => write(key, String(sequence), store))
    await task.apply(cycleOf(1, writesOf(1)))
    const applied: Array<Promise<string>> = []
    let torn = 0
    for (let sequence = 2; sequence <= 60; sequence++) {
      const read = reader.read({ keys, scans: [{ store: 'by-time', limit: 5 }], isOneMoment: true })
      applied.push(task.apply(cycleOf(sequence, writesOf(sequence))))
      const { values, scans, meta } = await read
      const seen = new Set([values[0], values.at(-1), scans[0]?.rows[0]?.[1]].map(String))
      if (seen.size !== 1 || !seen.has(String(meta?.position))) torn++
    }
    t.ok((await Promise.all(applied)).every(answer => answer === 'applied'))
    t.equal(torn, 0)
  })

  test(`${name} ends`, async () => {
    await subject.backend.close()
    await subject.other.close()
    await subject.close()
  })
}
