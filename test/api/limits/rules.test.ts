import fc from 'fast-check'
import { test } from 'tap'
import { type LimitRule, type Tally, countRequest, memoryMs } from '../../../api/limits/rules.ts'

const window = { max: 3, windowMs: 1000 }
const bucket = { max: 1000, refill: 100, everyMs: 10_000 }

/** What requests at those moments come to, in turn: true = taken. */
function taken (rule: LimitRule, momentsMs: readonly number[]): boolean[] {
  let tally: Tally | undefined
  return momentsMs.map(nowMs => {
    const counted = countRequest(tally, rule, nowMs)
    tally = counted.tally
    return counted.count.current <= rule.max
  })
}

test('a window takes its maximum and begins anew when it is over', t => {
  t.same(taken(window, [0, 1, 2, 3, 999, 1000]), [true, true, true, false, false, true])
  t.same(countRequest({ untilMs: 1000, count: 3 }, window, 400).count, { current: 4, resetMs: 600 })
  t.end()
})

test('a bucket of 1,000 takes 1,000 at once and then 100 every 10 seconds', t => {
  const burst = Array.from({ length: 1200 }, () => 0)
  t.equal(taken(bucket, burst).filter(Boolean).length, 1000)
  const later = Array.from({ length: 150 }, () => 10_000)
  t.equal(taken(bucket, [...burst, ...later]).filter(Boolean).length, 1100)
  t.equal(taken(bucket, [...burst, 99]).at(-1), false)
  t.equal(taken(bucket, [...burst, 100]).at(-1), true)
  t.end()
})

test('a bucket says when the next token comes, and a refused request takes none', t => {
  const empty = { untilMs: memoryMs(bucket), count: 0 }
  t.same(countRequest(empty, bucket, 0).count, { current: 1001, resetMs: 100 })
  t.equal(countRequest(empty, bucket, 0).tally.untilMs, empty.untilMs)
  t.equal(countRequest(empty, bucket, 100).count.current, 1000)
  t.end()
})

test('no sender gets more than the rule allows, whenever it asks', t => {
  const gaps = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 200 })
  const small = fc.record({ max: fc.integer({ min: 1, max: 20 }), refill: fc.integer({ min: 1, max: 20 }), everyMs: fc.integer({ min: 100, max: 5000 }) })
  fc.assert(fc.property(gaps, small, (steps, rule) => {
    let nowMs = 0
    const moments = steps.map(step => { nowMs += step; return nowMs })
    const good = moments.filter((_, index) => taken(rule, moments.slice(0, index + 1)).at(-1))
    for (const [first, from] of good.entries()) {
      for (const [last, until] of good.entries()) {
        if (last < first) continue
        const most = rule.max + (until - from) * rule.refill / rule.everyMs
        if (last - first + 1 > Math.floor(most + 1e-6)) return false
      }
    }
    return true
  }), { numRuns: 50 })
  t.end()
})
