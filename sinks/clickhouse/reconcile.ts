import { type JsonRow, namedQuery } from './named-query.ts'
import { BUCKET_OFFSETS } from './tables.ts'

/**
 * Rows of one offset bucket of a topic-partition: as the log has them or as the table does. `distinct`: with different offsets.
 * `checksum`: sum of the CRC-32 of key and value, see `checksum` in rows.ts.
 */
export interface BucketCount {
  readonly topic: string
  readonly partition: number
  readonly bucket: bigint
  readonly rows: number
  readonly distinct: number
  readonly checksum: bigint
}

/** Offsets of one partition that are compared: from `from` on and below `before`. Equal = none. */
export interface OffsetWindow { readonly from: bigint, readonly before: bigint }

/** A bucket in which the table does not hold what the log holds. */
export interface BucketDifference { readonly log: BucketCount, readonly table: BucketCount }

/** The bucket that an offset lies in. */
export function bucketOf (offset: bigint): bigint {
  return offset / BUCKET_OFFSETS
}

/** First offset of a bucket. */
export function bucketStart (bucket: bigint): bigint {
  return bucket * BUCKET_OFFSETS
}

/** Rows of a topic by partition and bucket, each partition within a window of its own. `least`: the smallest offset of all windows. */
export const bucketCounts = namedQuery<{
  readonly topic: string, readonly least: string, readonly from: readonly string[], readonly before: readonly string[], readonly bucket: string
}>()({
  title: 'Rows, distinct offsets and sum of checksums of a topic by partition and offset bucket, to be compared with the log',
  sql: `SELECT _topic, _partition, toString(intDiv(_offset, {bucket:UInt64})) AS bucket, count() AS rows, uniqExact(_offset) AS distinct, toString(sum(toUInt64(_crc))) AS sum
    FROM raw_events WHERE _topic = {topic:String} AND _offset >= {least:UInt64}
      AND _offset >= toUInt64({from:Array(String)}[_partition + 1]) AND _offset < toUInt64({before:Array(String)}[_partition + 1])
    GROUP BY _topic, _partition, intDiv(_offset, {bucket:UInt64})`,
  row: (json: JsonRow): BucketCount => ({
    topic: String(json['_topic']),
    partition: Number(json['_partition']),
    bucket: BigInt(String(json['bucket'])),
    rows: Number(json['rows']),
    distinct: Number(json['distinct']),
    checksum: BigInt(String(json['sum']))
  })
})

/** The parameters of `bucketCounts` for these windows, by partition. */
export function bucketParameters (topic: string, windows: readonly OffsetWindow[]): NonNullable<typeof bucketCounts.params> {
  const open = windows.filter(({ from, before }) => from < before)
  const least = open.reduce((least, { from }) => from < least ? from : least, open[0]?.from ?? 0n)
  return {
    topic,
    least: String(least),
    from: windows.map(({ from }) => String(from)),
    before: windows.map(({ before }) => String(before)),
    bucket: String(BUCKET_OFFSETS)
  }
}

/** Every bucket in which log and table differ: rows too few, too many, twice, or others than those of the log. Pure. */
export function compareBuckets (log: Iterable<BucketCount>, table: Iterable<BucketCount>): BucketDifference[] {
  const rows = new Map([...table].map(count => [keyOf(count), count]))
  const differences: BucketDifference[] = []
  for (const expected of log) {
    const found = rows.get(keyOf(expected)) ?? none(expected)
    rows.delete(keyOf(expected))
    if (found.rows !== expected.rows || found.distinct !== expected.distinct || found.checksum !== expected.checksum) {
      differences.push({ log: expected, table: found })
    }
  }
  for (const unknown of rows.values()) differences.push({ log: none(unknown), table: unknown })
  return differences
}

function none ({ topic, partition, bucket }: BucketCount): BucketCount {
  return { topic, partition, bucket, rows: 0, distinct: 0, checksum: 0n }
}

function keyOf ({ topic, partition, bucket }: BucketCount): string {
  return `${topic}-${partition}/${bucket}`
}
