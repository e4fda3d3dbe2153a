import fc from 'fast-check'
import { test } from 'tap'
import { encodeProgress } from '../../../streams/state/changelog.ts'
import { decodePlan, encodePlan } from '../../../streams/sink/plan-codec.ts'
import { acknowledge, addInputs, draftRange, firstPlan, hashRecords, nextPlan, rangeToken, restartTopic, resumeOffsets, type Plan, type RangeDraft } from '../../../streams/sink/plan.ts'
import { judgeBounds, judgeRange } from '../../../streams/sink/proof.ts'
import { type FetchedRecord } from '../../../streams/record.ts'

const draft = (topic: string, from: bigint, to: bigint, rows = Number(to - from) + 1): RangeDraft => ({ topic, from, to, rows, hash: 'h' })

function record (offset: bigint, key: string | null, value: string | null): FetchedRecord {
  return { topic: 'a', partition: 2, offset, timestampMs: 5, key: key === null ? null : Buffer.from(key), value: value === null ? null : Buffer.from(value), headers: [] }
}

/** Steps of a sink: for each topic a gap before the range and its rows (0 = nothing of that topic). */
const steps = fc.array(fc.array(fc.tuple(fc.nat(5), fc.nat(20)), { minLength: 3, maxLength: 3 }), { maxLength: 30 })

function follow (moves: ReadonlyArray<ReadonlyArray<readonly [gap: number, rows: number]>>): Plan[] {
  const topics = ['a', 'b', 'c']
  const plans = [firstPlan(new Map(topics.map(topic => [topic, 0n])))]
  for (const move of moves) {
    const plan = plans.at(-1) as Plan
    const next = resumeOffsets(plan)
    const drafts = topics.flatMap((topic, index) => {
      const [gap, rows] = move[index] as readonly [number, number]
      const from = (next.get(topic) as bigint) + BigInt(gap)
      return rows === 0 ? [] : [draft(topic, from, from + BigInt(rows - 1))]
    })
    plans.push(nextPlan(plan, 2, drafts))
  }
  return plans
}

test('plan never plans an offset twice and counts every row, whatever is planned', t => {
  fc.assert(fc.property(steps, moves => {
    const seen = new Set<string>()
    const rows = new Map<string, bigint>()
    for (const plan of follow(moves)) {
      for (const range of plan.ranges) {
        if (range.rowsBefore !== (rows.get(range.topic) ?? 0n)) return false
        for (let offset = range.from; offset <= range.to; offset++) {
          const place = `${range.topic}/${offset}`
          if (seen.has(place)) return false
          seen.add(place)
        }
        rows.set(range.topic, range.rowsBefore + BigInt(range.rows))
      }
      for (const [topic, mark] of acknowledge(plan)) if (mark.rows !== (rows.get(topic) ?? 0n)) return false
    }
    return true
  }))
  t.pass()
  t.end()
})

test('plan survives its record in the changelog', t => {
  fc.assert(fc.property(steps, moves => follow(moves).every(plan => {
    const text = (value: Plan): string => JSON.stringify([...value.marks, ...value.ranges, value.sequence], (_, field: unknown) => typeof field === 'bigint' ? String(field) : field)
    return text(decodePlan(encodePlan(plan), 2)) === text(plan)
  })))
  t.pass()
  t.end()
})

test('plan acknowledges the ranges before when the next is made', t => {
  const first = nextPlan(firstPlan(new Map([['a', 5n], ['b', 0n]])), 2, [draft('a', 6n, 9n, 3)])
  t.same(first.marks.get('a'), { next: 5n, rows: 0n, lastOffset: -1n, salt: '0' })
  const second = nextPlan(first, 2, [])
  t.same(second.marks.get('a'), { next: 10n, rows: 3n, lastOffset: 9n, salt: '0' })
  t.same(second.ranges, [])
  t.equal(second.sequence, 2n)
  t.end()
})

test('plan refuses a range that overlaps, repeats a topic, is empty, or holds more rows than offsets', t => {
  const plan = nextPlan(firstPlan(new Map([['a', 0n]])), 2, [draft('a', 0n, 9n)])
  for (const drafts of [[draft('a', 9n, 12n)], [draft('a', 10n, 11n), draft('a', 12n, 13n)], [draft('a', 10n, 9n, 1)], [draft('a', 10n, 10n, 0)], [draft('a', 10n, 11n, 3)], [draft('x', 0n, 1n)]]) {
    t.throws(() => nextPlan(plan, 2, drafts), { code: 'STR_SINK_PLAN_INVALID' })
  }
  t.throws(() => draftRange([]), { code: 'STR_SINK_PLAN_INVALID' })
  t.end()
})

test('plan takes new inputs without touching old ones', t => {
  const plan = nextPlan(firstPlan(new Map([['a', 0n]])), 2, [draft('a', 0n, 9n)])
  const more = addInputs(plan, new Map([['a', 0n], ['b', 7n]]))
  t.same(resumeOffsets(more), new Map([['a', 10n], ['b', 7n]]))
  t.same(more.ranges, plan.ranges)
  t.end()
})

test('plan reads the progress that provisioning wrote as a plan with nothing done', t => {
  const plan = decodePlan(encodeProgress({ sequence: 1n, contextTimeMs: 0, offsets: new Map([['a', 3n]]) }), 2)
  t.same(plan, { ...firstPlan(new Map([['a', 3n]])), sequence: 1n })
  t.end()
})

test('plan codec refuses bytes of another version and broken ones', t => {
  for (const bytes of [Buffer.alloc(0), Buffer.of(9), Buffer.of(2), Buffer.concat([Buffer.of(2), Buffer.from('{"marks":[]}')])]) {
    t.throws(() => decodePlan(bytes, 0), { code: 'STR_CHANGELOG_UNREADABLE' })
  }
  const orphan = { sequence: '1', marks: [], ranges: [['a', '0', '1', 2, 'h']] }
  t.throws(() => decodePlan(Buffer.concat([Buffer.of(2), Buffer.from(JSON.stringify(orphan))]), 0), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.end()
})

test('restart of a topic voids its tokens and drops its open range', t => {
  const plan = nextPlan(firstPlan(new Map([['a', 0n], ['b', 0n]])), 2, [draft('a', 0n, 9n), draft('b', 0n, 4n)])
  const before = rangeToken(plan.ranges[0] as Plan['ranges'][number])
  const restarted = restartTopic(plan, 'a', 2n, { rows: 1n, lastOffset: 0n })
  t.same(restarted.ranges.map(range => range.topic), ['b'])
  const again = nextPlan(restarted, 2, [draft('a', 2n, 9n)])
  t.equal(before, 'a/2/0-9/0')
  t.equal(rangeToken(again.ranges[0] as Plan['ranges'][number]), 'a/2/2-9/1')
  t.equal(again.ranges[0]?.rowsBefore, 1n)
  t.end()
})

test('hash of records tells offsets, keys, values and absent ones apart', t => {
  const records = [record(1n, 'k', 'v'), record(2n, 'kv', ''), record(2n, 'kv', null), record(2n, null, 'kv'), record(2n, 'k', 'v'), record(1n, 'kv', '')]
  t.equal(new Set(records.map(one => hashRecords([one]))).size, records.length)
  t.equal(hashRecords([record(1n, 'k', 'v')]), hashRecords([record(1n, 'k', 'v')]))
  t.not(hashRecords([record(1n, 'ab', 'c'), record(2n, 'd', 'e')]), hashRecords([record(1n, 'a', 'bc'), record(2n, 'd', 'e')]))
  t.end()
})

test('proof of a range is landed, missing or excess', t => {
  t.equal(judgeRange(3, { rows: 3, distinct: 3 }), 'landed')
  t.equal(judgeRange(3, { rows: 0, distinct: 0 }), 'missing')
  t.equal(judgeRange(3, { rows: 2, distinct: 2 }), 'missing')
  t.equal(judgeRange(3, { rows: 3, distinct: 2 }), 'excess')
  t.equal(judgeRange(3, { rows: 4, distinct: 4 }), 'excess')
  t.equal(judgeRange(3, { rows: 6, distinct: 3 }), 'excess')
  t.end()
})

test('bounds of a target agree, are behind or ahead', t => {
  const mark = { rows: 5n, lastOffset: 9n }
  t.equal(judgeBounds(mark, { below: 5n, beyond: 0n, last: 9n }), 'agrees')
  t.equal(judgeBounds(mark, { below: 4n, beyond: 0n, last: 9n }), 'behind')
  t.equal(judgeBounds(mark, { below: 5n, beyond: 0n, last: 8n }), 'behind')
  t.equal(judgeBounds(mark, { below: 5n, beyond: 1n, last: 9n }), 'ahead')
  t.equal(judgeBounds(mark, { below: 6n, beyond: 0n, last: 9n }), 'ahead')
  t.equal(judgeBounds({ rows: 0n, lastOffset: -1n }, { below: 0n, beyond: 0n, last: -1n }), 'agrees')
  t.end()
})
