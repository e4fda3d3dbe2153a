import { test } from 'tap'
import { type BucketCount, bucketOf, bucketParameters, bucketStart, compareBuckets } from '../../../sinks/index.ts'

const count = (change: Partial<BucketCount> = {}): BucketCount => ({ topic: 'a', partition: 0, bucket: 0n, rows: 3, distinct: 3, checksum: 30n, ...change })

test('buckets that hold the same do not differ, in whatever order they come', t => {
  const other = count({ partition: 1, bucket: 7n })
  t.same(compareBuckets([count(), other], [other, count()]), [])
  t.same(compareBuckets([], []), [])
  t.end()
})

test('a bucket differs when a row is missing, twice, another one, or nobody knows it', t => {
  const found = [count({ rows: 2, distinct: 2 }), count({ rows: 4, distinct: 3 }), count({ checksum: 31n }), count({ rows: 3, distinct: 2 })]
  for (const table of found) t.same(compareBuckets([count()], [table]), [{ log: count(), table }])
  t.match(compareBuckets([count()], []), [{ table: { topic: 'a', bucket: 0n, rows: 0, distinct: 0, checksum: 0n } }])
  t.match(compareBuckets([], [count()]), [{ log: { topic: 'a', bucket: 0n, rows: 0 }, table: { rows: 3 } }])
  t.end()
})

test('the query is asked from the smallest offset of the open windows on', t => {
  const windows = [{ from: 0n, before: 0n }, { from: 2_000_000n, before: 2_000_010n }, { from: 1_500_000n, before: 1_500_001n }]
  t.match(bucketParameters('a', windows), { topic: 'a', least: '1500000', from: ['0', '2000000', '1500000'], before: ['0', '2000010', '1500001'] })
  t.match(bucketParameters('a', [{ from: 5n, before: 5n }]), { least: '0' })
  t.equal(bucketOf(bucketStart(3n)), 3n)
  t.equal(bucketOf(bucketStart(3n) - 1n), 2n)
  t.end()
})
