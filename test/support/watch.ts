import { type FetchedRecord, type Kafka, type TypedValue } from '#streams'
import { type PartitionReader } from '../../streams/kafka/port.ts'

/** A topic to watch; without a serde its values are the bytes. */
export interface Watched<V> {
  readonly name: string
  readonly partitions: number
  readonly value?: { decode (bytes: Buffer): V, prepare? (bytes: Buffer): Promise<void> | null }
}

/** A record with its value; `value` is undefined where it does not decode. Its bytes are copies. */
export interface Seen<V> { readonly value: V | undefined, readonly record: FetchedRecord }

/** Everything that committed on a topic since the watch began, in order per partition. */
export interface Watch<V> {
  /** What came so far. */
  readonly seen: ReadonlyArray<Seen<V>>
  /** The first record that fits; waits for it. Rejects, saying what was waited for, when none has come within a minute. */
  find (what: string, fits: (value: V, record: FetchedRecord) => boolean): Promise<Seen<V> & { readonly value: V }>
  close (): void
}

/** A test that waits for longer than this waits for ever: the step timeout of an order is half of it. */
const patienceMs = 60_000

/** Watches a topic from its present end on. */
export async function watchTopic<V extends TypedValue | Buffer> (kafka: Kafka, topic: Watched<V>): Promise<Watch<V>> {
  const partitions = Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))
  const ends = await kafka.endOffsets(partitions)
  const seen: Array<Seen<V>> = []
  const readers: PartitionReader[] = []
  let moved = Promise.withResolvers<void>()
  let draining = Promise.resolve()
  let closed = false

  const drain = async (): Promise<void> => {
    for (const reader of readers) {
      for (const record of reader.take(10_000)) seen.push({ value: await decode(topic, record), record: copy(record) })
    }
    moved.resolve()
    moved = Promise.withResolvers()
  }
  const onReadable = (): void => {
    if (!closed) draining = draining.then(drain)
  }
  for (const at of partitions) readers.push(kafka.openReader({ ...at, offset: ends.get(`${at.topic}-${at.partition}`) ?? 0n, onReadable }))

  return {
    seen,
    async find (what, fits) {
      const deadline = AbortSignal.timeout(patienceMs)
      const expired = new Promise<void>(resolve => { deadline.addEventListener('abort', () => { resolve() }) })
      for (let next = 0; ;) {
        for (; next < seen.length; next++) {
          const { value, record } = seen[next] as Seen<V>
          if (value !== undefined && fits(value, record)) return { value, record }
        }
        if (deadline.aborted) throw new Error(`${topic.name} holds no ${what} after ${patienceMs / 1000} s, but ${seen.length} other records`)
        await Promise.race([moved.promise, expired])
      }
    },
    close () {
      closed = true
      for (const reader of readers) reader.close()
    }
  }
}

async function decode<V> (topic: Watched<V>, record: FetchedRecord): Promise<V | undefined> {
  if (topic.value === undefined) return (record.value === null ? Buffer.alloc(0) : Buffer.from(record.value)) as V
  if (record.value === null) return undefined
  try {
    await topic.value.prepare?.(record.value)
    return topic.value.decode(record.value)
  } catch {
    return undefined
  }
}

function copy (record: FetchedRecord): FetchedRecord {
  const bytes = (of: Buffer | null): Buffer | null => of === null ? null : Buffer.from(of)
  return { ...record, key: bytes(record.key), value: bytes(record.value), headers: record.headers.map(([name, value]) => [name, bytes(value)] as const) }
}
