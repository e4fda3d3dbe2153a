import { type FetchedRecord, type Kafka, type ProcessorDef, type TopicDef, partitionKey } from '#streams'
import { type TestDriver, createTestDriver } from '#streams/testing'
import { OpsError } from '../errors.ts'
import { readPartition } from '../verify/read-partition.ts'
import { likeness } from './likeness.ts'

/** One output that is not the same in the log. */
export interface ShadowDifference {
  readonly topic: string
  readonly key: string
  readonly id: string
  readonly kind: 'only in the log' | 'only in the shadow' | 'changed'
  readonly recorded?: unknown
  readonly shadow?: unknown
}

/** What a shadow run came to. */
export interface ShadowReport {
  readonly inputs: number
  readonly outputs: number
  readonly same: number
  /** Outputs that differ in instants only: a task that is busy handles an input some moments after it was appended, the shadow at once. */
  readonly shifted: number
  readonly differences: readonly ShadowDifference[]
  /** Inputs that this version could not handle. */
  readonly deadLetters: number
}

export interface ShadowOptions {
  readonly kafka: Kafka
  readonly node: ProcessorDef
  /** Output topics that others write, too: of them only what the shadow writes is compared. */
  readonly shared: ReadonlySet<string>
  /** What tells an output from others with its key; undefined = nothing does, and the newest of a key is compared. */
  readonly idOf: (value: unknown) => string | undefined
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Runs a processor over the inputs that are recorded in the log, in the process, in the order in which they were appended, with a clock that shows
 * what the broker's showed; and holds what it writes against what is in the log. Only reads: nothing is written, no group is joined.
 *
 * Ids are derived from the places of inputs, which are kept, so the same decision is the same record, but for its instants: context time is never
 * before what a task did last. Where two inputs were appended in the same millisecond, or handled in another order than they were appended in, a
 * difference may be one of order only.
 *
 * @throws {OpsError} OPS_SHADOW_IMPOSSIBLE for a processor that calls somebody outside, and when the beginning of an input is gone.
 */
export async function runShadow ({ kafka, node, shared, idOf, onProgress }: ShadowOptions): Promise<ShadowReport> {
  if (node.effects.length > 0) throw new OpsError('OPS_SHADOW_IMPOSSIBLE', { node: node.name, problem: 'it calls a provider outside, and would call it again' })
  const inputs = node.inputs.map(({ topic }) => topic)
  const read = [...inputs, ...node.globals.map(({ topic }) => topic)]
  const recorded = (await Promise.all(read.map(async topic => await readTopic(kafka, topic, node.name)))).flat()
  recorded.sort((a, b) => a.timestampMs - b.timestampMs)
  const driver = await createTestDriver({ nodes: [node], ...recorded[0] === undefined ? {} : { startMs: recorded[0].timestampMs } })
  try {
    await replay(driver, recorded, onProgress)
    const tally = { outputs: 0, same: 0, shifted: 0, differences: [] as ShadowDifference[] }
    const report = { ...tally, inputs: recorded.length, deadLetters: (await driver.deadLetters()).length }
    const lastMs = recorded.at(-1)?.timestampMs ?? 0
    for (const topic of node.outputs) {
      const theirs = (await readTopic(kafka, topic, node.name)).filter(({ timestampMs }) => timestampMs <= lastMs)
      compare(topic.name, byIdentity(topic, theirs, idOf), byIdentity(topic, await driver.readRaw(topic.name), idOf), shared.has(topic.name), report)
    }
    return report
  } finally {
    await driver.close()
  }
}

/** Every record of a topic, as a read-committed reader sees it. */
async function readTopic (kafka: Kafka, topic: TopicDef, node: string): Promise<FetchedRecord[]> {
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))
  const [starts, ends] = await Promise.all([kafka.startOffsets(partitions), kafka.endOffsets(partitions)])
  const records: FetchedRecord[] = []
  for (const at of partitions) {
    const key = partitionKey(at.topic, at.partition)
    if ((starts.get(key) ?? 0n) > 0n) throw new OpsError('OPS_SHADOW_IMPOSSIBLE', { node, problem: `the beginning of ${key} is gone from the log` })
    await readPartition(kafka, at, { from: 0n, end: ends.get(key) ?? 0n }, record => {
      records.push({ ...record, key: record.key === null ? null : Buffer.from(record.key), value: record.value === null ? null : Buffer.from(record.value) })
    })
  }
  return records
}

/** Appends each record at its own offset and time; where the log has something else (markers, what was cleaned), there is a marker here. */
async function replay (driver: TestDriver, recorded: readonly FetchedRecord[], onProgress: ShadowOptions['onProgress']): Promise<void> {
  for (const [done, { topic, partition, offset, timestampMs, key, value, headers }] of recorded.entries()) {
    if (timestampMs > driver.nowMs) await driver.advance(timestampMs - driver.nowMs)
    const log = driver.broker.log(topic, partition)
    while (log.endOffset < offset) log.endTransaction(0n, 0, 'abort', timestampMs)
    log.append([{ key, value, headers }], timestampMs)
    await driver.run()
    if (done % 500 === 0) onProgress(done, recorded.length)
  }
  onProgress(recorded.length, recorded.length)
}

interface Tally { outputs: number, same: number, shifted: number, differences: ShadowDifference[] }

/** Records with an id are compared one by one; views are compared by their newest of each key. */
function compare (topic: string, recorded: Outputs, shadow: Outputs, isShared: boolean, tally: Tally): void {
  tally.outputs += shadow.size
  for (const [id, { key, value }] of shadow) {
    const other = recorded.get(id)
    if (other === undefined) {
      tally.differences.push({ topic, key, id, kind: 'only in the shadow', shadow: value })
      continue
    }
    const like = likeness(other.value, value)
    if (like === 'other') tally.differences.push({ topic, key, id, kind: 'changed', recorded: other.value, shadow: value })
    else tally[like]++
  }
  if (isShared) return
  for (const [id, { key, value }] of recorded) if (!shadow.has(id)) tally.differences.push({ topic, key, id, kind: 'only in the log', recorded: value })
}

type Outputs = ReadonlyMap<string, { readonly key: string, readonly value: unknown }>

function byIdentity (topic: TopicDef, records: readonly FetchedRecord[], idOf: ShadowOptions['idOf']): Outputs {
  const found = new Map<string, { readonly key: string, readonly value: unknown }>()
  for (const { key, value } of records) {
    const name = key?.toString() ?? ''
    const decoded = value === null ? null : topic.value.decode(value)
    found.set(idOf(decoded) ?? name, { key: name, value: decoded })
  }
  return found
}
