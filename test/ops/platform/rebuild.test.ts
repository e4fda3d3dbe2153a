import { test } from 'tap'
import { rebuildBuckets } from '../../../ops/platform/rebuild.ts'
import { type Bucket, type Place, checksum, createClickHouseSink, openClickHouse } from '../../../sinks/index.ts'
import { createMemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { type FetchedRecord, NO_HEADERS, type OutgoingRecord } from '../../../streams/record.ts'
import { type Serde, type TypedValue } from '../../../streams/serde/serde.ts'
import { changelogTopic } from '../../../streams/state/changelog.ts'
import { defineTopic } from '../../../streams/topic.ts'
import { planFromTheStart } from '../../support/sink-tasks.ts'

const names = ['orders', 'payments'] as const
const partitions = 20
const recordsOfEach = 3
const raw: Serde<TypedValue> = { encode: () => Buffer.alloc(0), decode: () => ({ type: 'Any' }) }

/** A table that notes what is done to it, and keeps what is copied. */
class NotedTable {
  readonly steps: string[] = []
  /** Topics whose rows are made anew: those of others are kept. */
  readonly kept: string[] = []
  readonly #copied = new Map<string, FetchedRecord[]>()
  /** Told when something is copied. */
  onAdd: () => void = () => {}

  async begin (): Promise<void> { this.steps.push('begin') }
  async end (): Promise<void> { this.steps.push('end') }
  async fence (): Promise<void> { this.steps.push('fence') }
  async lift (): Promise<void> { this.steps.push('lift') }
  async keepBelow (): Promise<void> {}
  async keepOthers (_place: Place, topics: readonly string[]): Promise<void> { this.kept.push(...topics) }
  async nextOffset (): Promise<bigint> { return BigInt(recordsOfEach) }

  async switch ({ partition }: Place): Promise<number> {
    this.steps.push(`switch ${partition}`)
    return names.reduce((sum, topic) => sum + this.of(topic, partition).length, 0)
  }

  async add (records: readonly FetchedRecord[]): Promise<void> {
    this.onAdd()
    for (const record of records) this.of(record.topic, record.partition).push(record)
  }

  async counts (bucket: Bucket) {
    const rows = this.of(bucket.topic, bucket.partition)
    const distinct = new Set(rows.map(({ offset }) => offset)).size
    return { ...bucket, rows: rows.length, distinct, checksum: rows.reduce((sum, row) => sum + BigInt(checksum(row)), 0n) }
  }

  of (topic: string, partition: number): FetchedRecord[] {
    const key = `${topic}-${partition}`
    const rows = this.#copied.get(key) ?? []
    this.#copied.set(key, rows)
    return rows
  }
}

/** A log of two topics whose sink has acknowledged nothing yet, though its rows have landed. */
async function scene () {
  const client = openClickHouse({ url: 'http://127.0.0.1:1' })
  const topics = names.map(name => defineTopic({ name, partitions, cleanup: { policy: 'keep' }, value: raw, keyName: 'id' }))
  const sink = createClickHouseSink({ client, topics })
  await client.close()
  const broker = createMemoryBroker()
  for (const name of [...names, changelogTopic('app', sink.name)]) broker.createTopic({ name, partitions, replicas: 1, config: {} })
  const kafka = broker.client('rebuild')
  await planFromTheStart({ kafka, applicationId: 'app', node: sink })
  const places = names.flatMap(topic => Array.from({ length: partitions }, (_, partition) => ({ topic, partition })))
  const records = places.flatMap(place => Array.from({ length: recordsOfEach }, (_, index): OutgoingRecord =>
    ({ ...place, key: Buffer.from(`k${index}`), value: Buffer.from(`${place.topic} ${index}`), headers: NO_HEADERS })))
  await kafka.producer().send(records)
  const table = new NotedTable()
  const options = { kafka, applicationId: 'app', sinks: [sink], table: table as never, signal: new AbortController().signal }
  return { table, options, buckets: places.map((place): Bucket => ({ ...place, bucket: 0n })) }
}

test('sinks wait for one table partition at a time when rows of several are made anew', async t => {
  const { table, options, buckets } = await scene()
  t.equal(await rebuildBuckets(options, buckets), names.length * partitions * recordsOfEach)
  t.same(table.steps, ['begin', ...Array.from({ length: partitions }, (_, partition) => ['fence', `switch ${partition}`, 'lift']).flat(), 'end'])
  t.same(table.of('payments', 19).map(({ offset, value }) => [offset, String(value)]), [[0n, 'payments 0'], [1n, 'payments 1'], [2n, 'payments 2']])
})

test('every topic of a table partition is made anew when the rows of one differ', async t => {
  const { table, options } = await scene()
  t.equal(await rebuildBuckets(options, [{ topic: 'payments', partition: 7, bucket: 0n }]), names.length * recordsOfEach)
  t.same(table.steps, ['begin', 'fence', 'switch 7', 'lift', 'end'])
  t.same(table.kept, names, 'and those that no sink has are kept')
})

test('nothing is switched, sinks go on and no copy is left when one of the buckets cannot be copied', async t => {
  const { table, options, buckets } = await scene()
  table.onAdd = () => { throw new Error('the disk is full') }
  await t.rejects(rebuildBuckets(options, buckets), /disk is full/)
  t.same(table.steps, ['begin', 'fence', 'lift', 'end'])
})
