import { setTimeout as sleep } from 'node:timers/promises'
import { type ClickHouseClient } from '@clickhouse/client'
import { type FetchedRecord } from '../../streams/record.ts'
import { rangeToken } from '../../streams/sink/plan.ts'
import { type SinkTarget } from '../../streams/sink/port.ts'
import { SinkError } from '../errors.ts'
import { bucketStart, type BucketCount } from './reconcile.ts'
import { type EventDecoder } from './rows.ts'
import { BUCKET_OFFSETS, INSERT_SECONDS, RAW_TABLE } from './tables.ts'
import { createClickHouseTarget } from './target.ts'

/** One table partition: the same bucket of offsets of every topic that has this Kafka partition. */
export interface Place { readonly partition: number, readonly bucket: bigint }

/** What one topic has there. */
export interface Bucket extends Place { readonly topic: string }

/** Stands in the error of every insert while the table is closed to writers: the sink logs it, so it says what to do. */
const FENCE = 'rows_are_being_rebuilt__if_nobody_does_run_npm_run_backfill_again'
/** What the names of copies begin with. */
const COPIES = `${RAW_TABLE}_rebuilt_`
/** Pause between two looks at the inserts that still run, ms. */
const LOOK_MS = 20

/**
 * Rows made anew beside the table that everybody reads, and put in their place one table partition at a time.
 *
 * The copy is a table of the same structure, which nobody reads. A partition is switched by REPLACE PARTITION: one step of the engine, the
 * same on chDB and on a server, after which every reader sees all of its new rows and none of the old ones. The table itself stays, and
 * with it the insert tokens that it remembers: a range that a sink repeats late is still known. (EXCHANGE TABLES would lose them.)
 *
 * A process that dies leaves a copy that nobody reads, and perhaps the fence; `begin` of the next one removes both.
 */
export class TableRebuild {
  readonly #client: ClickHouseClient
  readonly #target: SinkTarget
  readonly #copy: string

  /** `run`: names the copy, so that two processes can never take each other's rows for their own. Letters and digits. */
  constructor (client: ClickHouseClient, decoder: EventDecoder, run: string) {
    this.#client = client
    this.#copy = `${COPIES}${run}`
    this.#target = createClickHouseTarget({ client, decoder, table: this.#copy })
  }

  /** Removes what an earlier process left behind, and makes an empty copy. */
  async begin (): Promise<void> {
    await this.lift()
    const left = await this.#select<{ readonly name: string }>('SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, {copies:String})', { copies: COPIES })
    for (const { name } of left) await this.#do(`DROP TABLE IF EXISTS ${name} SYNC`)
    await this.#do(`CREATE TABLE ${this.#copy} AS ${RAW_TABLE}`)
  }

  async end (): Promise<void> {
    await this.#do(`DROP TABLE IF EXISTS ${this.#copy} SYNC`)
  }

  /** Every bucket of these topics that the table has rows of. */
  async buckets (topics: readonly string[]): Promise<Bucket[]> {
    const found = await this.#select<{ readonly topic: string, readonly partition: number, readonly bucket: string }>(
      `SELECT DISTINCT _topic AS topic, _partition AS partition, toString(intDiv(_offset, ${BUCKET_OFFSETS})) AS bucket FROM ${RAW_TABLE} WHERE _topic IN {topics:Array(String)}`, { topics })
    return found.map(({ topic, partition, bucket }) => ({ topic, partition, bucket: BigInt(bucket) }))
  }

  /** Puts the rows of these records into the copy: of one bucket, in offset order, each once. */
  async add (records: readonly FetchedRecord[]): Promise<void> {
    for (let left = records; left.length > 0;) {
      const some = left.slice(0, this.#target.cut(left))
      left = left.slice(some.length)
      const [first, last] = [some[0], some.at(-1)]
      if (first === undefined || last === undefined) return
      const { topic, partition, offset: from } = first
      const place = { topic, partition, from, to: last.offset, salt: 'rebuild' }
      const range = { ...place, token: rangeToken(place), rows: some.length, hash: '', rowsBefore: 0n, lastOffsetBefore: -1n }
      await this.#target.insert([{ range, rows: await this.#target.freeze(some, { topic, partition, planFrom: from }) }])
    }
  }

  /** Takes the rows below an offset over as they are: the log does not hold their records any more. Of each offset one row. */
  async keepBelow ({ topic, partition, bucket }: Bucket, before: bigint): Promise<void> {
    const start = bucketStart(bucket)
    if (before <= start) return
    const token = rangeToken({ topic, partition, from: start, to: before, salt: 'kept' })
    await this.#do(`INSERT INTO ${this.#copy} SETTINGS insert_deduplication_token = '${token}', async_insert = 0
      SELECT * FROM ${RAW_TABLE} WHERE _topic = '${topic}' AND _partition = ${partition} AND _offset >= ${start} AND _offset < ${before} ORDER BY _offset LIMIT 1 BY _offset`)
  }

  /** Takes the rows of every other topic over as they are: nobody writes to those any more. */
  async keepOthers ({ partition, bucket }: Place, topics: readonly string[]): Promise<void> {
    const known = topics.map(topic => `'${topic}'`).join(', ')
    await this.#do(`INSERT INTO ${this.#copy} SETTINGS insert_deduplication_token = 'others/${partition}/${bucket}', async_insert = 0
      SELECT * FROM ${RAW_TABLE} WHERE _partition = ${partition} AND intDiv(_offset, ${BUCKET_OFFSETS}) = ${bucket} AND _topic NOT IN (${known})`)
  }

  async #rows ({ partition, bucket }: Place): Promise<number> {
    const [found] = await this.#select<{ readonly rows: string }>(
      `SELECT toString(count()) AS rows FROM ${this.#copy} WHERE _partition = {partition:UInt16} AND intDiv(_offset, ${BUCKET_OFFSETS}) = {bucket:UInt64}`,
      { partition, bucket: String(bucket) })
    return Number(found?.rows ?? 0)
  }

  /** What the copy holds of a bucket from an offset on: to be held against the log. */
  async counts ({ topic, partition, bucket }: Bucket, from: bigint): Promise<BucketCount> {
    const [found] = await this.#select<{ readonly rows: string, readonly distinct: string, readonly sum: string }>(
      `SELECT toString(count()) AS rows, toString(uniqExact(_offset)) AS distinct, toString(sum(toUInt64(_crc))) AS sum FROM ${this.#copy}
       WHERE _topic = {topic:String} AND _partition = {partition:UInt16} AND intDiv(_offset, ${BUCKET_OFFSETS}) = {bucket:UInt64} AND _offset >= {from:UInt64}`,
      { topic, partition, bucket: String(bucket), from: String(from) })
    return { topic, partition, bucket, rows: Number(found?.rows ?? 0), distinct: Number(found?.distinct ?? 0), checksum: BigInt(found?.sum ?? 0) }
  }

  /** First offset behind every row that the table has of a topic-partition; 0 = it has none. */
  async nextOffset (topic: string, partition: number): Promise<bigint> {
    const [found] = await this.#select<{ readonly next: string }>(
      `SELECT toString(if(count() = 0, 0, max(_offset) + 1)) AS next FROM ${RAW_TABLE} WHERE _topic = {topic:String} AND _partition = {partition:UInt16}`, { topic, partition })
    return BigInt(found?.next ?? 0)
  }

  /**
   * Closes the table to writers until `lift`: sinks take it for an outage and repeat their inserts. Readers notice nothing. When it
   * resolves, no insert that began before runs any more.
   *
   * @throws {SinkError} SNK_REBUILD_BLOCKED when one does not end within its limit
   */
  async fence (): Promise<void> {
    await this.#do(`ALTER TABLE ${RAW_TABLE} ADD CONSTRAINT IF NOT EXISTS ${FENCE} CHECK 0`)
    const running = new Set(await this.#running())
    const untilMs = Date.now() + (INSERT_SECONDS + 30) * 1000
    while (running.size > 0) {
      if (Date.now() > untilMs) throw new SinkError('SNK_REBUILD_BLOCKED', { inserts: running.size })
      await sleep(LOOK_MS)
      const still = new Set(await this.#running())
      for (const id of running) if (!still.has(id)) running.delete(id)
    }
  }

  /** Opens the table to writers again. */
  async lift (): Promise<void> {
    await this.#do(`ALTER TABLE ${RAW_TABLE} DROP CONSTRAINT IF EXISTS ${FENCE}`)
  }

  /** Puts what the copy holds of a place in the stead of what the table has there, in one step. Returns its rows. */
  async switch ({ partition, bucket }: Place): Promise<number> {
    const rows = await this.#rows({ partition, bucket })
    const place = `PARTITION (${partition}, ${bucket})`
    // An empty copy has no partition to put in place.
    await this.#do(rows === 0 ? `ALTER TABLE ${RAW_TABLE} DROP ${place}` : `ALTER TABLE ${RAW_TABLE} REPLACE ${place} FROM ${this.#copy}`)
    return rows
  }

  async #running (): Promise<string[]> {
    const found = await this.#select<{ readonly query_id: string }>(`SELECT query_id FROM system.processes WHERE query_kind = 'Insert' AND position(query, '${RAW_TABLE}') > 0`)
    return found.map(({ query_id: id }) => id)
  }

  async #do (query: string): Promise<void> {
    await this.#client.command({ query, clickhouse_settings: { wait_end_of_query: 1 } })
  }

  async #select<Row> (query: string, params: Record<string, unknown> = {}): Promise<Row[]> {
    const answer = await this.#client.query({ query, query_params: params, format: 'JSONEachRow' })
    return await answer.json<Row>()
  }
}
