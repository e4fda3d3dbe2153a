import { test } from 'tap'
import { createMemoryIdempotency } from '../../../api/adapters/memory-idempotency.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

const position = { topic: 't', partition: 0, offset: 1n }

test('a key is new once, then running, then done', async t => {
  const store = createMemoryIdempotency({ clock: createManualClock() })
  t.same(await store.begin('a', 'h'), { kind: 'new' })
  t.same(await store.begin('a', 'h'), { kind: 'running' })
  await store.finish('a', position)
  t.same(await store.begin('a', 'h'), { kind: 'done', position })
  t.same(await store.begin('a', 'other'), { kind: 'conflict' })
})

test('a key is free again when its request failed', async t => {
  const store = createMemoryIdempotency({ clock: createManualClock() })
  await store.begin('a', 'h')
  await store.abandon('a')
  t.same(await store.begin('a', 'other'), { kind: 'new' })
})

test('a key is forgotten when its life is over or too many came after it', async t => {
  const clock = createManualClock()
  const store = createMemoryIdempotency({ clock, lifeMs: 100, maxEntries: 2 })
  await store.begin('a', 'h')
  await clock.advance(100)
  t.same(await store.begin('a', 'other'), { kind: 'new' })
  await store.begin('b', 'h')
  await store.begin('c', 'h')
  t.same(await store.begin('b', 'h'), { kind: 'running' })
  t.same(await store.begin('a', 'h'), { kind: 'new' })
})
