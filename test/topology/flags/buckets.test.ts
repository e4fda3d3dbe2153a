import fc from 'fast-check'
import { test } from 'tap'
import { type BucketRange } from '#schemas'
import { type Share, bucketOf, buckets, dealBuckets, isIn, widthOf } from '../../../topology/flags/buckets.ts'

const names = ['a', 'b', 'c', 'd'] as const

/** Weights of up to four variants that come to 10,000. */
const shares = fc.array(fc.integer({ min: 0, max: buckets }), { minLength: 0, maxLength: 3 }).map((cuts): Share[] => {
  const edges = [0, ...cuts.sort((a, b) => a - b), buckets]
  return edges.slice(1).map((edge, index) => ({ name: names[index]!, weight: edge - edges[index]! }))
})

function ownerOf (dealt: ReadonlyMap<string, readonly BucketRange[]>, bucket: number): string | undefined {
  return [...dealt].find(([, ranges]) => isIn(ranges, bucket))?.[0]
}

function moved (before: ReadonlyMap<string, readonly BucketRange[]>, after: ReadonlyMap<string, readonly BucketRange[]>): number {
  return Array.from({ length: buckets }, (_, bucket) => ownerOf(before, bucket) === ownerOf(after, bucket) ? 0 : 1).reduce<number>((sum, one) => sum + one, 0)
}

test('a subject has the bucket that was recorded, for ever', t => {
  const recorded = [
    ['checkout-button', 'session-0001', 5985], ['checkout-button', 'session-0002', 9714], ['checkout-button', 'customer-7', 4009],
    ['layer/checkout', 'session-0001', 2458], ['', '', 6817], ['größe', 'кошка', 8556], ['a', 'bc', 9324], ['ab', 'c', 1142]
  ] as const
  t.same(recorded.map(([salt, subject]) => [salt, subject, bucketOf(salt, subject)]), recorded)
  t.end()
})

test('subjects are spread evenly over the buckets when there are many, whatever the salt', t => {
  // 60,000 subjects in 100 cells: chi-square of 99 degrees of freedom stays below 148.2 but once in 1,000 times; the subjects are fixed.
  for (const salt of ['checkout-button', 'another', 'layer/checkout']) {
    const cells = new Array<number>(100).fill(0)
    for (let subject = 0; subject < 60_000; subject++) cells[Math.floor(bucketOf(salt, `session-${subject}`) / 100)]! += 1
    const chiSquare = cells.reduce((sum, count) => sum + (count - 600) ** 2 / 600, 0)
    t.ok(chiSquare < 148.2, `${salt}: ${chiSquare}`)
  }
  t.end()
})

test('where a subject lies in one experiment tells nothing of another one', t => {
  const cells = new Array<number>(4).fill(0)
  for (let subject = 0; subject < 20_000; subject++) {
    const [one, other] = [bucketOf('one', `s-${subject}`) < 5000, bucketOf('other', `s-${subject}`) < 5000]
    cells[Number(one) * 2 + Number(other)]! += 1
  }
  const chiSquare = cells.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0)
  t.ok(chiSquare < 16.3, `three degrees of freedom, once in 1,000 times: ${chiSquare}`)
  t.end()
})

test('every bucket has one owner, and each variant as many as its weight, however the weights were changed before', t => {
  fc.assert(fc.property(fc.array(shares, { minLength: 1, maxLength: 4 }), history => {
    let dealt: ReadonlyMap<string, readonly BucketRange[]> = new Map()
    for (const step of history) dealt = dealBuckets(dealt, step)
    const last = history.at(-1)!
    for (const { name, weight } of last) if (widthOf(dealt.get(name)!) !== weight) throw new Error(`${name}: ${widthOf(dealt.get(name)!)} of ${weight}`)
    const ranges = [...dealt.values()].flat().sort((a, b) => a.from - b.from)
    const gap = ranges.find(({ from, to }, index) => from >= to || from !== (ranges[index - 1]?.to ?? 0))
    if (gap !== undefined || ranges.at(-1)?.to !== buckets) throw new Error(JSON.stringify(ranges))
  }), { numRuns: 60 })
  t.end()
})

test('no more subjects change their variant than the new weights demand', t => {
  fc.assert(fc.property(shares, shares, (first, second) => {
    const before = dealBuckets(new Map(), first)
    const after = dealBuckets(before, second)
    const weightBefore = new Map(first.map(({ name, weight }) => [name, weight]))
    const demanded = second.reduce((sum, { name, weight }) => sum + Math.max(0, weight - (weightBefore.get(name) ?? 0)), 0)
    if (moved(before, after) !== demanded) throw new Error(`${moved(before, after)} moved, ${demanded} had to`)
  }), { numRuns: 15 })
  t.end()
})

test('weights that come back give every subject the variant of the weights, and the same weights move nobody', t => {
  const before = dealBuckets(new Map(), [{ name: 'a', weight: 3000 }, { name: 'b', weight: 7000 }])
  t.equal(moved(before, dealBuckets(before, [{ name: 'b', weight: 7000 }, { name: 'a', weight: 3000 }])), 0)
  t.same(dealBuckets(before, [{ name: 'a', weight: 10_000 }, { name: 'b', weight: 0 }]), new Map([['a', [{ from: 0, to: 10_000 }]], ['b', []]]))
  t.end()
})
