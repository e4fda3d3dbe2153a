import { StreamsError } from '../errors.ts'
import { type Kafka } from '../kafka/port.ts'
import { type StoreDef } from '../processor.ts'
import { partitionKey, type TopicPartition } from '../record.ts'
import { Wakeup } from '../runtime/wakeup.ts'
import { type Serde } from '../serde/serde.ts'
import { changelogTopic } from './changelog.ts'
import { type AsOf, HistoryScan, lookBack, type PastMoment, type PastRows } from './history-scan.ts'

export { type AsOf, type PastMoment } from './history-scan.ts'

/**
 * Reads stores as they were, from their changelogs: each call reads one partition from its beginning, so it is for people and
 * audits, not for requests. Values are decoded with the schemas that they were written with.
 *
 * The cleaner of the log removes what was overwritten: older moments end up without an answer, and that is what is said then, never a
 * wrong one. A time is answered by what is committed now; ask for the position in the answer to have the same again.
 *
 * Rejects with STR_HISTORY_TOO_OLD (naming the oldest moment that can be answered), STR_HISTORY_AHEAD (the log does not reach so
 * far), STR_HISTORY_TOO_LARGE, STR_TOPIC_MISSING, and with what reading and decoding fail with.
 */
export interface StateHistory {
  /** One row; undefined = there was none. */
  get<V> (task: PastTask<V>, key: string, asOf: AsOf, signal?: AbortSignal): Promise<PastMoment & { readonly value: V | undefined }>
  /** Every row of a store. */
  rows<V> (task: PastTask<V>, asOf: AsOf, signal?: AbortSignal): Promise<PastMoment & { readonly rows: ReadonlyMap<string, V> }>
}

/** Whose store is meant. */
export interface PastTask<V> { readonly processor: string, readonly partition: number, readonly store: StoreDef<V> }

export interface StateHistoryOptions {
  readonly kafka: Pick<Kafka, 'openReader' | 'startOffsets' | 'endOffsets' | 'describeTopics'>
  readonly applicationId: string
  /** Bytes of keys and rows that one call may hold, with about 100 for each row. @default 256 MiB */
  readonly limitBytes?: number
}

const LIMIT_BYTES = 256 * 1024 * 1024

/** Creates the history side of an application's state. */
export function createStateHistory ({ kafka, applicationId, limitBytes = LIMIT_BYTES }: StateHistoryOptions): StateHistory {
  async function scanOf<V> ({ processor, partition, store }: PastTask<V>, key: string | undefined, asOf: AsOf, signal?: AbortSignal): Promise<PastRows> {
    const at = { topic: changelogTopic(applicationId, processor), partition }
    const create = (asOf: AsOf): HistoryScan => new HistoryScan({ store: store.name, key, asOf, limitBytes })
    return await lookBack(create, asOf, async scan => { await readChangelog(kafka, at, scan, asOf, signal) })
  }

  return {
    get: async (task, key, asOf, signal) => {
      const { rows, moment } = await scanOf(task, key, asOf, signal)
      const row = rows.get(key)
      return { ...moment, value: row == null ? undefined : await decode(task.store.value, row) }
    },
    rows: async <V>(task: PastTask<V>, asOf: AsOf, signal?: AbortSignal) => {
      const { rows, moment } = await scanOf(task, undefined, asOf, signal)
      const decoded = new Map<string, V>()
      for (const [key, row] of rows) if (row !== null) decoded.set(key, await decode(task.store.value, row))
      return { ...moment, rows: decoded }
    }
  }
}

/** Feeds a scan with the committed records of a changelog, to the end that it has now or until nothing more is needed. */
async function readChangelog (kafka: StateHistoryOptions['kafka'], at: TopicPartition, scan: HistoryScan, asOf: AsOf, signal?: AbortSignal): Promise<void> {
  if ((await kafka.describeTopics([at.topic])).get(at.topic) === undefined) throw new StreamsError('STR_TOPIC_MISSING', { topic: at.topic })
  const endOf = async (): Promise<bigint> => (await kafka.endOffsets([at])).get(partitionKey(at.topic, at.partition)) ?? 0n
  const start = (await kafka.startOffsets([at])).get(partitionKey(at.topic, at.partition)) ?? 0n
  // A compacted log keeps its beginning. One that was cut there lacks rows that nothing tells of.
  if (start > 0n) throw new StreamsError('STR_OFFSET_OUT_OF_RANGE', { ...at, start, reason: 'the beginning of the changelog was deleted' })
  let end = await endOf()
  if ('position' in asOf && asOf.position > end) throw new StreamsError('STR_HISTORY_AHEAD', { ...at, position: asOf.position, end })
  const wakeup = new Wakeup()
  const reader = kafka.openReader({ ...at, offset: start, onReadable: wakeup.wake })
  signal?.addEventListener('abort', wakeup.wake)
  try {
    while (!scan.isDone) {
      signal?.throwIfAborted()
      const records = reader.take(5000)
      for (const record of records) scan.take(record)
      if (records.length > 0) continue
      if (reader.position < end) {
        await wakeup.wait()
        continue
      }
      if (!scan.isOpenEnded) return
      const newEnd = await endOf()
      if (newEnd <= reader.position) return scan.end()
      end = newEnd
    }
  } finally {
    signal?.removeEventListener('abort', wakeup.wake)
    reader.close()
  }
}

async function decode<V> (serde: Serde<V>, bytes: Buffer): Promise<V> {
  await serde.prepare?.(bytes)
  return serde.decode(bytes)
}
