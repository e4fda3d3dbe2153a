import { type FetchedRecord, type Kafka, type TopicDef, type TypedValue, partitionKey } from '#streams'
import { type PartitionReader } from '../../streams/kafka/port.ts'

/** Follows every partition of a topic and hands over decoded values, in order per partition. */
export interface EventFeed {
  /** Resolves when everything that was in the topic at the time of the call has been handed over. */
  caughtUp (): Promise<void>
  /** Stops; resolves when nothing more will be handed over. */
  close (): Promise<void>
}

export interface EventFeedOptions<V extends TypedValue> {
  readonly kafka: Kafka
  readonly topic: TopicDef<V>
  /** Where to start, by `partitionKey`; absent = the start of the log. */
  readonly from: ReadonlyMap<string, bigint>
  readonly onValue: (value: V, record: FetchedRecord) => void
  readonly onFailure: (error: Error) => void
}

/** Opens a feed. A value that does not decode is passed over: it is the platform's to report, not this reader's. */
export async function openEventFeed<V extends TypedValue> (options: EventFeedOptions<V>): Promise<EventFeed> {
  const { kafka, topic } = options
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))
  const starts = await kafka.startOffsets(partitions)
  let waiting: Array<() => void> = []
  const closing = new AbortController()
  let draining: Promise<void> | undefined
  let again = false

  const drainOne = async (reader: PartitionReader): Promise<void> => {
    for (let records = reader.take(1000); records.length > 0 && !closing.signal.aborted; records = reader.take(1000)) {
      for (const record of records) {
        if (record.value === null) continue
        await topic.value.prepare?.(record.value)
        const value = decode(topic, record.value)
        if (value !== undefined) options.onValue(value, record)
      }
    }
  }
  const drain = async (): Promise<void> => {
    do {
      again = false
      for (const reader of readers) await drainOne(reader)
    } while (again && !closing.signal.aborted)
    const wake = waiting
    waiting = []
    for (const resolve of wake) resolve()
  }
  const onReadable = (): void => {
    if (closing.signal.aborted) return
    if (draining !== undefined) {
      again = true
      return
    }
    draining = drain().catch((error: Error) => options.onFailure(error)).finally(() => {
      draining = undefined
      if (again) onReadable()
    })
  }
  const readers: PartitionReader[] = []
  for (const at of partitions) {
    const key = partitionKey(at.topic, at.partition)
    readers.push(kafka.openReader({ ...at, offset: options.from.get(key) ?? starts.get(key) ?? 0n, onReadable }))
  }

  return {
    async caughtUp () {
      const ends = await kafka.endOffsets(partitions)
      const endOf = (reader: PartitionReader): bigint => ends.get(partitionKey(reader.topic, reader.partition))!
      const behind = (): boolean => readers.some(reader => reader.position < endOf(reader) || reader.queuedRecords > 0)
      while (behind() && !closing.signal.aborted) {
        await new Promise<void>(resolve => {
          waiting.push(resolve)
          onReadable()
        })
        if (behind()) await new Promise(resolve => setTimeout(resolve, 5))
      }
    },
    async close () {
      closing.abort()
      for (const reader of readers) reader.close()
      await draining
    }
  }
}

function decode<V extends TypedValue> (topic: TopicDef<V>, bytes: Buffer): V | undefined {
  try {
    return topic.value.decode(bytes)
  } catch {
    return undefined
  }
}
