import { type Bucket, bucketOf } from '../sinks/index.ts'
import { partitionKey } from '#streams'
import { fail, readOptions } from './command-line.ts'
import { type BothSides, openBothSides } from './reconcile/both-sides.ts'

const usage = `npm run backfill [-- TOPIC…]

Makes the rows of these topics (default: of all that are sunk) anew from the log, while everything runs: after a migration that added a
column, or when rows are to be made by newer code. Rows are put in place one bucket of a million offsets at a time, each in one step: who
asks sees a bucket as it was or as it is to be. What the log does not hold any more stays as it is.

Killed in between, give it again: until then sinks may wait with their inserts, and say so. Needs room for the rows a second time.
`
const tell = (line: string): void => { process.stdout.write(`${line}\n`) }

/** Every bucket that the log or the table has anything of. */
async function bucketsOf ({ kafka, sinks }: BothSides, topics: readonly string[], inTable: readonly Bucket[]): Promise<Bucket[]> {
  const chosen = sinks.flatMap(sink => sink.topics).filter(({ name }) => topics.includes(name))
  const places = chosen.flatMap(({ name: topic, partitions }) => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
  const [starts, ends] = await Promise.all([kafka.startOffsets(places), kafka.endOffsets(places)])
  const inLog = places.flatMap(place => {
    const key = partitionKey(place.topic, place.partition)
    const [start, end] = [starts.get(key) ?? 0n, ends.get(key) ?? 0n]
    if (start >= end) return []
    const first = bucketOf(start)
    return Array.from({ length: Number(bucketOf(end - 1n) - first) + 1 }, (_, index): Bucket => ({ ...place, bucket: first + BigInt(index) }))
  })
  const all = new Map([...inTable, ...inLog].map(bucket => [`${partitionKey(bucket.topic, bucket.partition)}/${bucket.bucket}`, bucket]))
  return [...all.values()]
}

async function main (asked: readonly string[]): Promise<void> {
  const sides = await openBothSides(tell)
  try {
    const known = sides.sinks.flatMap(({ topics }) => topics.map(({ name }) => name))
    const unknown = asked.filter(name => !known.includes(name))
    if (unknown.length > 0) throw new Error(`${unknown.join(', ')} is not sunk: ${known.join(', ')} are`)
    const topics = asked.length === 0 ? known : asked
    tell(`${await sides.rebuild(async table => await bucketsOf(sides, topics, await table.buckets(topics)))} rows are made anew`)
  } finally {
    await sides.close()
  }
}

if (import.meta.main) {
  try {
    const { values, positionals } = readOptions({ allowPositionals: true, options: { help: { type: 'boolean', default: false } } })
    if (values.help) process.stdout.write(usage)
    else await main(positionals)
  } catch (error) {
    fail(error, { before: 'not everything is made anew: ' })
  }
}
