import { Readable } from 'node:stream'
import { type ClickHouseClient } from '@clickhouse/client'
import { StreamsError } from '../../streams/errors.ts'
import { type FetchedRecord } from '../../streams/record.ts'
import { type FrozenRows, type PlannedRange, type RangeRows, type SinkBounds, type SinkTarget } from '../../streams/sink/port.ts'
import { bucketOf } from './reconcile.ts'
import { type EventDecoder, RAW_COLUMNS, ROW_FORMAT, RowEncoder } from './rows.ts'
import { INSERT_SECONDS, MIN_DEDUPLICATION_WINDOW, PARTITION_KEY, RAW_TABLE } from './tables.ts'

export interface ClickHouseTargetOptions {
  readonly client: ClickHouseClient
  readonly decoder: EventDecoder
  /** @default 'raw_events' */
  readonly table?: string
  /** Rows and value bytes of one range at most. @default 20000 and 8 MiB */
  readonly maxRangeRows?: number
  readonly maxRangeBytes?: number
}

/**
 * ClickHouse as a sink target: one row per record in one MergeTree table that remembers insert tokens. Ranges of one place are one block
 * in one table partition, so an insert is all or nothing; every setting it needs stands in its statement, so that no server profile
 * and no connection decides about it.
 */
export function createClickHouseTarget (options: ClickHouseTargetOptions): SinkTarget {
  return new ClickHouseTarget(options)
}

interface TableRow { readonly engine: string, readonly engine_full: string, readonly partition_key: string, readonly views: readonly string[] }

class ClickHouseTarget implements SinkTarget {
  readonly name = 'clickhouse'
  readonly #client: ClickHouseClient
  readonly #encoder: RowEncoder
  readonly #table: string
  readonly #maxRows: number
  readonly #maxBytes: number

  constructor (options: ClickHouseTargetOptions) {
    this.#client = options.client
    this.#encoder = new RowEncoder(options.decoder)
    this.#table = options.table ?? RAW_TABLE
    this.#maxRows = options.maxRangeRows ?? 20_000
    this.#maxBytes = options.maxRangeBytes ?? 8 * 1024 * 1024
    if (!/^\w+$/.test(this.#table)) throw new RangeError(`not a table name: ${this.#table}`)
  }

  async check (): Promise<void> {
    const [table] = await this.#select<TableRow>(`
      SELECT engine, engine_full, partition_key, arrayFilter(name -> name IN (
        SELECT name FROM system.tables WHERE database = currentDatabase() AND engine = 'MaterializedView' AND NOT match(create_table_query, '\\\\sREFRESH\\\\s')
      ), dependencies_table) AS views
      FROM system.tables WHERE database = currentDatabase() AND name = {table:String}`, { table: this.#table })
    if (table === undefined) throw unfit({ table: this.#table, problem: 'it does not exist: run the migrations' })
    if (!table.engine.endsWith('MergeTree')) throw unfit({ table: this.#table, engine: table.engine, problem: 'it is no MergeTree' })
    if (normal(table.partition_key) !== normal(PARTITION_KEY)) throw unfit({ table: this.#table, partitionKey: table.partition_key, wanted: PARTITION_KEY })
    const window = Number(/deduplication_window = (\d+)/.exec(table.engine_full)?.[1] ?? 0)
    if (window < MIN_DEDUPLICATION_WINDOW) throw unfit({ table: this.#table, window, wanted: MIN_DEDUPLICATION_WINDOW, problem: 'it forgets insert tokens too early' })
    if (table.views.length > 0) throw unfit({ table: this.#table, views: table.views.join(), problem: 'incremental materialized views below a sink table disagree after a failed insert' })
  }

  cut (records: readonly FetchedRecord[]): number {
    const bucket = bucketOf(records[0]?.offset ?? 0n)
    let bytes = 0
    let rows = 0
    for (const { offset, value } of records) {
      bytes += value?.length ?? 0
      if (rows > 0 && (rows >= this.#maxRows || bytes > this.#maxBytes || bucketOf(offset) !== bucket)) break
      rows++
    }
    return rows
  }

  async freeze (records: readonly FetchedRecord[], from: { readonly planFrom: bigint }): Promise<FrozenRows> {
    return { bytes: await this.#encoder.encode(records, from.planFrom), rows: records.length }
  }

  place ({ partition, from }: PlannedRange): string {
    return `${partition}/${bucketOf(from)}`
  }

  async insert (ranges: readonly RangeRows[]): Promise<void> {
    const [first] = ranges
    if (first === undefined) return
    const rows = ranges.reduce((sum, { rows }) => sum + rows.rows, 0)
    const settings = [
      `insert_deduplication_token = '${literal(first.range.token)}'`,
      'insert_deduplicate = 1',
      'async_insert = 0',
      'input_format_parallel_parsing = 0',
      `max_insert_block_size = ${Math.max(rows, 1_048_449)}`,
      `max_execution_time = ${INSERT_SECONDS}`
    ]
    const { stream } = await this.#client.exec({
      query: `INSERT INTO ${this.#table} (${RAW_COLUMNS.join(', ')}) SETTINGS ${settings.join(', ')} FORMAT ${ROW_FORMAT}`,
      values: Readable.from(ranges.map(({ rows }) => rows.bytes)),
      clickhouse_settings: { wait_end_of_query: 1 }
    })
    // The answer must be read to its end: only then is it known that there was no exception behind the headers.
    let text = ''
    for await (const chunk of stream) text += String(chunk)
    if (text.includes('DB::Exception')) throw new Error(text.slice(0, 1000))
  }

  async count ({ topic, partition, from, to }: PlannedRange): Promise<{ readonly rows: number, readonly distinct: number }> {
    const [found] = await this.#select<{ readonly rows: string, readonly distinct: string }>(`
      SELECT toString(count()) AS rows, toString(uniqExact(_offset)) AS distinct FROM ${this.#table}
      WHERE _topic = {topic:String} AND _partition = {partition:UInt16} AND _offset BETWEEN {from:UInt64} AND {to:UInt64}`,
    { topic, partition, from: String(from), to: String(to) })
    return { rows: Number(found?.rows ?? 0), distinct: Number(found?.distinct ?? 0) }
  }

  async bounds (topic: string, partition: number, from: bigint, to: bigint): Promise<SinkBounds> {
    const place = '_topic = {topic:String} AND _partition = {partition:UInt16}'
    const [found] = await this.#select<{ readonly below: string, readonly beyond: string, readonly last: string }>(`
      SELECT
        toString((SELECT count() FROM ${this.#table} WHERE ${place} AND _offset < {from:UInt64})) AS below,
        toString((SELECT count() FROM ${this.#table} WHERE ${place} AND _offset >= {after:UInt64})) AS beyond,
        toString((SELECT max(_offset) FROM ${this.#table} WHERE ${place} AND _offset < {from:UInt64})) AS last`,
    { topic, partition, from: String(from), after: String(to + 1n) })
    const below = BigInt(found?.below ?? 0)
    return { below, beyond: BigInt(found?.beyond ?? 0), last: below === 0n ? -1n : BigInt(found?.last ?? 0) }
  }

  async clear (topic: string, partition: number, from: bigint): Promise<void> {
    const where = `_topic = '${literal(topic)}' AND _partition = ${partition} AND _offset >= ${from}`
    await this.#client.command({ query: `ALTER TABLE ${this.#table} DELETE WHERE ${where} SETTINGS mutations_sync = 2`, clickhouse_settings: { wait_end_of_query: 1 } })
  }

  async #select<Row> (query: string, params: Record<string, unknown>): Promise<Row[]> {
    const answer = await this.#client.query({ query, query_params: params, format: 'JSONEachRow' })
    return await answer.json<Row>()
  }
}

function unfit (context: Readonly<Record<string, unknown>>): StreamsError {
  return new StreamsError('STR_SINK_UNFIT', context)
}

function normal (expression: string): string {
  return expression.replace(/\s/g, '')
}

function literal (text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
}
