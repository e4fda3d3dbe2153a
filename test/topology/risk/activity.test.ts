import fc from 'fast-check'
import { test } from 'tap'
import { type ActivityBucket } from '#schemas'
import { activityIn, addActivity, minuteOf } from '../../../topology/risk/activity.ts'

const from = 1_000
const textOf = (_name: string, value: unknown): unknown => typeof value === 'bigint' ? String(value) : value

function add (...entries: ReadonlyArray<readonly [minute: number, amount: number, currency?: string]>): readonly ActivityBucket[] {
  return entries.reduce<readonly ActivityBucket[]>((buckets, [minute, amount, currency = 'GBP']) => addActivity(buckets, minute, currency, BigInt(amount)), [])
}

test('activity is counted by the minute it happened in, whatever the second', t => {
  t.equal(minuteOf(59_999), 0)
  t.equal(minuteOf(60_000), 1)
  t.end()
})

test('the activity window holds the minute of an order and the 60 before it', t => {
  const buckets = add([from, 1], [from + 30, 10], [from + 60, 100])
  t.equal(activityIn(buckets, from + 60, 'GBP'), 111n)
  t.equal(activityIn(buckets, from + 61, 'GBP'), 110n)
  t.equal(activityIn(buckets, from + 59, 'GBP'), 11n, 'what comes later is no activity of before')
  t.end()
})

test('activity of two currencies is never added up', t => {
  const buckets = add([from, 1], [from, 10, 'EUR'], [from, 2])
  t.same(buckets, [{ minute: from, currency: 'EUR', amount: 10n }, { minute: from, currency: 'GBP', amount: 3n }])
  t.same([activityIn(buckets, from, 'GBP'), activityIn(buckets, from, 'EUR'), activityIn(buckets, from, 'USD')], [3n, 10n, 0n])
  t.end()
})

test('activity that is older than the window is forgotten, and never comes back', t => {
  const buckets = add([from, 1], [from + 61, 2])
  t.same(buckets, [{ minute: from + 61, currency: 'GBP', amount: 2n }])
  t.same(addActivity(buckets, from, 'GBP', 5n), buckets, 'it is too old to matter to anybody')
  t.end()
})

const entries = fc.array(fc.record({
  minute: fc.integer({ min: from, max: from + 300 }), amount: fc.integer({ min: 0, max: 1_000 }), currency: fc.constantFrom('GBP', 'EUR')
}), { maxLength: 80 })

test('the sum of the window is exact when orders come in the order of their time', t => {
  fc.assert(fc.property(entries, drawn => {
    const inTime = drawn.toSorted((a, b) => a.minute - b.minute)
    let buckets: readonly ActivityBucket[] = []
    return inTime.every(({ minute, amount, currency }, index) => {
      buckets = addActivity(buckets, minute, currency, BigInt(amount))
      const within = inTime.slice(0, index + 1).filter(other => other.currency === currency && other.minute >= minute - 60)
      return activityIn(buckets, minute, currency) === BigInt(within.reduce((sum, other) => sum + other.amount, 0))
    })
  }), { numRuns: 500 })
  t.pass('every sum was exact')
  t.end()
})

test('the window is the same, and of 61 minutes at most, in whatever order the orders come', t => {
  fc.assert(fc.property(entries, fc.infiniteStream(fc.nat()), (drawn, stream) => {
    const shuffled = drawn.map(entry => ({ entry, key: stream.next().value as number })).sort((a, b) => a.key - b.key).map(({ entry }) => entry)
    const fold = (list: typeof drawn): readonly ActivityBucket[] =>
      list.reduce<readonly ActivityBucket[]>((buckets, { minute, amount, currency }) => addActivity(buckets, minute, currency, BigInt(amount)), [])
    const [one, other] = [fold(drawn), fold(shuffled)]
    const minutes = new Set(one.map(({ minute }) => minute))
    return JSON.stringify(one, textOf) === JSON.stringify(other, textOf) && minutes.size <= 61
  }), { numRuns: 500 })
  t.pass('every order of them gave the same window')
  t.end()
})
