import { test } from 'tap'
import { createMemoryRateCounters } from '../../../api/adapters/memory-rate-counters.ts'
import { createRedisRateCounters } from '../../../api/adapters/redis-rate-counters.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

const rule = { max: 2, windowMs: 1000 }

test('a process counts each sender by itself, and forgets whom it saw longest ago', async t => {
  const clock = createManualClock()
  const counters = createMemoryRateCounters({ clock, maxSenders: 2 })
  t.same(await counters.count('a', rule), { current: 1, resetMs: 1000 })
  t.equal((await counters.count('a', rule)).current, 2)
  await counters.count('b', rule)
  t.equal((await counters.count('a', rule)).current, 3)
  await counters.count('c', rule)
  t.equal((await counters.count('a', rule)).current, 4, 'a was seen after b')
  t.equal((await counters.count('b', rule)).current, 1, 'b was forgotten')
  await clock.advance(1000)
  t.equal((await counters.count('a', rule)).current, 1)
})

test('the count of redis is what counts, and no sender is named in its key', async t => {
  const keys: string[] = []
  const counters = createRedisRateCounters({
    calls: { run: async (_script, key) => { keys.push(key); return [41, 900] } },
    local: createMemoryRateCounters({ clock: createManualClock() })
  })
  t.same(await counters.count('all user 203.0.113.7', rule), { current: 41, resetMs: 900 })
  t.match(keys, [/^limit:[\w-]{27}$/])
})

test('a process goes on counting where it was when redis stops answering: never from nothing, never without a limit', async t => {
  let answer: unknown = [1, 1000]
  const counters = createRedisRateCounters({ calls: { run: async () => answer }, local: createMemoryRateCounters({ clock: createManualClock() }) })
  await counters.count('a', rule)
  await counters.count('a', rule)
  for (answer of [undefined, null, 'rubbish', [1], ['x', 'y']]) t.ok((await counters.count('a', rule)).current > rule.max, String(answer))
})
