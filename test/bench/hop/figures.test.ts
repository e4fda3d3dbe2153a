import { test } from 'tap'
import { median, medians, percentiles } from './figures.ts'

test('percentiles are the nearest ranks of the sorted values', async t => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  t.same(percentiles(values), { p50: 50, p99: 99, max: 100 })
  t.same(percentiles([7]), { p50: 7, p99: 7, max: 7 })
})

test('percentiles are zero when there are no values', async t => {
  t.same(percentiles([]), { p50: 0, p99: 0, max: 0 })
})

test('the median is the middle value, or the mean of the two in the middle', async t => {
  t.equal(median([3, 100, 1]), 3)
  t.equal(median([4, 1, 2, 100]), 3)
  t.equal(median([]), 0)
})

test('medians go through every field of the samples', async t => {
  t.same(medians([{ a: 1, b: { c: 30 } }, { a: 3, b: { c: 10 } }, { a: 2, b: { c: 20 } }]), { a: 2, b: { c: 20 } })
})
