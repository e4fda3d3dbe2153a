import { existsSync, readFileSync } from 'node:fs'
import { type ClickHouseSettings } from '@clickhouse/client'
import { type FetchedRecord, type Kafka, type StateBackend, headerText, partitionKey } from '#streams'
import { readPartition } from '../../../ops/verify/read-partition.ts'
import { stateRows } from '../../../ops/verify/state-rows.ts'
import { partitionsOfTopics } from '../../../ops/verify/topic-count.ts'
import { type ClickHouseClient } from '../../../sinks/index.ts'
import { deadLetterTopic, inventoryName, stockPartitions, stockStore } from '../../../topology/index.ts'
import { type Letter, type ProviderEntry, type Rollup, type StockFacts, type TopicRows } from './evidence.ts'
import { type ReadLog } from './read-log.ts'

/** Every dead letter. */
export async function readLetters (kafka: Kafka): Promise<Letter[]> {
  const letters: Letter[] = []
  const places = partitionsOfTopics([deadLetterTopic])
  const ends = await kafka.endOffsets(places)
  for (const at of places) {
    await readPartition(kafka, at, { from: 0n, end: ends.get(partitionKey(at.topic, at.partition)) ?? 0n }, record => { letters.push(letterOf(record)) })
  }
  return letters
}

function letterOf ({ headers }: FetchedRecord): Letter {
  const said = (name: string): string => headerText(headers, `dlq.${name}`) ?? ''
  return {
    topic: said('topic'),
    partition: Number(said('partition')),
    offset: Number(said('offset')),
    processor: said('processor'),
    reason: said('reason'),
    kind: said('kind'),
    parked: said('parked'),
    attempts: Number(said('attempts') || 1)
  }
}

/** What the payment provider wrote into its journal: its own account, whatever it answered. */
export function readJournal (path: string): ProviderEntry[] {
  if (!existsSync(path)) return []
  const lines = readFileSync(path, 'utf8').split('\n').filter(line => line.trim() !== '')
  const entries = lines.map(line => JSON.parse(line) as Readonly<Record<string, string>>)
  const orders = new Map(entries.flatMap(entry => entry['step'] === 'authorise' ? [[entry['key'], entry['orderId']]] : []))
  return entries.filter(entry => entry['step'] !== undefined).map(entry => {
    const authorisation = entry['authorisationKey'] ?? entry['key'] ?? ''
    return {
      step: entry['step'] as ProviderEntry['step'],
      key: entry['key'] ?? '',
      authorisation,
      orderId: orders.get(authorisation) ?? '',
      currency: entry['currency'] ?? '',
      amount: entry['amount'] ?? '0',
      outcome: entry['outcome'] as ProviderEntry['outcome']
    }
  })
}

/** Stock of every SKU as the tasks that own it have it. */
export async function readStocks (state: StateBackend): Promise<StockFacts[]> {
  const rows = await stateRows(state, inventoryName, stockPartitions, stockStore)
  return [...rows.values()].map(row => {
    const { sku, opening, in: received, out, deducted, onHand, reserved } = row
    return { sku, opening, in: received, out, deducted, onHand, reserved }
  })
}

/** Rows of analytics by topic and partition, beside the records of the log. */
export async function readAnalytics (client: ClickHouseClient, topics: readonly string[], log: ReadLog['sums']): Promise<TopicRows[]> {
  const rows = await select<{ topic: string, partition: number, rows: string, distinct: string, sum: string }>(client, `
    SELECT _topic AS topic, _partition AS partition, toString(count()) AS rows, toString(uniqExact(_offset)) AS distinct, toString(sum(toUInt64(_crc))) AS sum
    FROM raw_events GROUP BY _topic, _partition`, { optimize_use_projections: 0 })
  const found = new Map(rows.map(row => [partitionKey(row.topic, row.partition), row]))
  const all = new Set([...log.keys()].filter(key => topics.includes(key.slice(0, key.lastIndexOf('-')))).concat([...found.keys()]))
  return [...all].map(key => {
    const { records = 0, checksum = 0n } = log.get(key) ?? {}
    const row = found.get(key)
    return {
      topic: key.slice(0, key.lastIndexOf('-')),
      partition: Number(key.slice(key.lastIndexOf('-') + 1)),
      records,
      checksum: String(checksum),
      rows: Number(row?.rows ?? 0),
      distinct: Number(row?.distinct ?? 0),
      rowsChecksum: row?.sum ?? '0'
    }
  })
}

/** The same sums twice: as the projection keeps them, and added up from the rows. */
export async function readRollups (client: ClickHouseClient): Promise<Rollup[]> {
  const ask = async (settings: ClickHouseSettings): Promise<ReadonlyArray<Readonly<Record<string, string>>>> => await select(client, `
    SELECT event_type AS type, currency, toString(count()) AS rows, toString(sum(amount)) AS amount FROM raw_events
    GROUP BY event_type, currency ORDER BY event_type, currency`, settings)
  const [rolled, raw] = [await ask({ force_optimize_projection: 1 }), await ask({ optimize_use_projections: 0 })]
  const keyOf = (row: Readonly<Record<string, string>>): string => `${row['type']}/${row['currency']}`
  const pair = (row: Readonly<Record<string, string>> | undefined): readonly [number, string] => [Number(row?.['rows'] ?? 0), row?.['amount'] ?? '0']
  const [byRolled, byRaw] = [rolled, raw].map(rows => new Map(rows.map(row => [keyOf(row), row])))
  return [...new Set([...byRolled?.keys() ?? [], ...byRaw?.keys() ?? []])].map(key => {
    const [type = '', currency = ''] = key.split('/')
    return { type, currency, rolled: pair(byRolled?.get(key)), raw: pair(byRaw?.get(key)) }
  })
}

async function select<Row> (client: ClickHouseClient, query: string, settings: ClickHouseSettings = {}): Promise<Row[]> {
  return await (await client.query({ query, format: 'JSONEachRow', clickhouse_settings: settings })).json<Row>()
}
