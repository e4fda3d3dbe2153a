import { test } from 'tap'
import { type ApplyRequest } from '../../../streams/state/port.ts'
import { chunkApply } from '../../../streams/state/redis/apply-chunks.ts'
import { taskKeys } from '../../../streams/state/redis/meta.ts'

const keys = taskKeys('app:shop:1')

function requestOf (request: Partial<ApplyRequest>): ApplyRequest {
  return {
    token: 100n,
    incarnation: 'me',
    expectedPosition: 0n,
    position: 110n,
    sequence: 1n,
    progress: Buffer.from('p'),
    progressOffset: 109n,
    nowMs: 5,
    writes: [],
    timers: [],
    restoring: false,
    ...request
  }
}

function row (key: string, value: string | null, store = 's'): ApplyRequest['writes'][number] {
  return { store, key, value: value === null ? null : Buffer.from(value) }
}

test('apply of nothing is one call that moves the position', async t => {
  const chunks = chunkApply(keys, requestOf({}))
  t.equal(chunks.length, 1)
  t.equal(chunks[0]?.keyCount, 3)
  t.same(chunks[0]?.args.map(String), [
    '{app:shop:1}:meta', '{app:shop:1}:timers', '{app:shop:1}:stores', '100', 'me', '0', '110', '1', 'p', '109', '5', '0', '0', '1', '0', '0'
  ])
})

test('apply names a hash per store in the slot of the task, then counts, then rows', async t => {
  const request = requestOf({ writes: [row('a', '1'), row('b', null), row('a', '2', 'other')], timers: [{ key: 'a', dueMs: 9 }, { key: 'b', dueMs: null }] })
  const [chunk] = chunkApply(keys, request)
  t.equal(chunk?.keyCount, 5)
  t.same(chunk?.args.slice(3, 5), ['{app:shop:1}:s:s', '{app:shop:1}:s:other'])
  t.same(chunk?.args.slice(16).map(String), ['1', '1', '9', 'a', 'b', 's', '0', '1', '1', 'a', '1', 'b', 'other', '0', '1', '0', 'a', '2'])
})

test('apply keeps the last of several writes to one key', async t => {
  const request = requestOf({ writes: [row('a', '1'), row('a', null), row('b', null), row('b', '2')], timers: [{ key: 'a', dueMs: 9 }, { key: 'a', dueMs: null }] })
  const [chunk] = chunkApply(keys, request)
  t.same(chunk?.args.slice(15).map(String), ['0', '1', 'a', 's', '0', '1', '1', 'b', '2', 'a'])
})

test('apply sets the rows of one key in their order when nothing is deleted', async t => {
  const [chunk] = chunkApply(keys, requestOf({ writes: [row('a', '1'), row('b', '1'), row('a', '2')] }))
  t.same(chunk?.args.slice(15).map(String), ['0', '0', 's', '0', '3', '0', 'a', '1', 'b', '1', 'a', '2'])
})

test('apply is cut by entries and by bytes, in numbered calls of which only the last moves the position', async t => {
  const writes = Array.from({ length: 10 }, (_, i) => row(`k${i}`, 'v'))
  const byEntries = chunkApply(keys, requestOf({ writes, timers: [{ key: 'a', dueMs: 1 }] }), [], { entries: 4, bytes: 1_000 })
  t.same(byEntries.map(chunk => [String(chunk.args[3 + 9 + 1]), String(chunk.args[3 + 10 + 1])]), [['0', '0'], ['1', '0'], ['2', '1']])
  const byBytes = chunkApply(keys, requestOf({ writes: [row('a', 'x'.repeat(90)), row('b', 'x'.repeat(500)), row('c', 'x')] }), [], { entries: 100, bytes: 100 })
  t.equal(byBytes.length, 3, 'a row larger than the limit has a call of its own')
})

test('apply names the order of keys of an ordered store right after its hash', async t => {
  const [chunk] = chunkApply(keys, requestOf({ writes: [row('a', '1'), row('b', null), row('a', '2', 'other')] }), ['s'])
  t.equal(chunk?.keyCount, 6)
  t.same(chunk?.args.slice(3, 6), ['{app:shop:1}:s:s', '{app:shop:1}:o:s', '{app:shop:1}:s:other'])
  t.same(chunk?.args.slice(19).map(String), ['s', '1', '1', '1', 'a', '1', 'b', 'other', '0', '1', '0', 'a', '2'])
})
