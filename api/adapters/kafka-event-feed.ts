import { ensureError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type Kafka, type PartitionReader } from '../../streams/kafka/port.ts'
import { partitionKey } from '../../streams/record.ts'
import { readSchemaId } from '../../streams/serde/wire-format.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { type EventMeta } from '#schemas'
import { type TopicDef } from '../../streams/topic.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type RecentEvent, RecentEvents } from '../events/recent-events.ts'
import { type EventFeed, type EventEntry } from '../ports.ts'

/** A value that tells what happened. */
export type FeedEvent = TypedValue & { readonly meta: EventMeta }

export interface EventFeedOptions<E extends FeedEvent> {
  readonly topic: Pick<TopicDef<E>, 'name' | 'partitions' | 'value'>
  readonly kafka: Pick<Kafka, 'openReader' | 'startOffsets' | 'endOffsets'>
  readonly clock: Clock
  /** Told of what ends the readers; they begin anew a moment later. */
  readonly onFailure?: (error: Error) => void
  /** Offsets that are read back when the readers begin, per partition. @default 1000 */
  readonly backlog?: bigint
  /** Events kept in memory, bytes per partition. @default 2 MiB */
  readonly keptBytes?: number
  /** How long the readers go on when nobody follows, ms. @default 60000 */
  readonly lingerMs?: number
}

/** Pause before readers that have failed begin anew, ms. */
const pauseMs = 1000
/** Records taken at a time. */
const takeRecords = 1000

interface Partition { readonly reader: PartitionReader, readonly recent: RecentEvents }

/**
 * Reads the end of a topic of events, read-committed, as long as somebody follows one of its keys: one reader per partition for the whole process. Without
 * followers it stands still after a minute. While the broker is away followers hear nothing, and then go on where they were.
 */
export function createKafkaEventFeed<E extends FeedEvent> (options: EventFeedOptions<E>): EventFeed {
  const { kafka, clock, onFailure = () => {}, backlog = 1000n, keptBytes = 2 * 1024 * 1024, lingerMs = 60_000 } = options
  const { name: topic, partitions, value: serde } = options.topic
  const followers = new Map<string, Set<(type?: string) => void>>()
  /** Types of events by the id of their schema. */
  const types = new Map<number, string>()
  let isOn = false
  let open: readonly Partition[] | undefined
  let cancelRetry: (() => void) | undefined
  let cancelLinger: (() => void) | undefined
  /** Counts beginnings: what belongs to an earlier one does nothing any more. */
  let run = 0

  async function begin (own: number): Promise<void> {
    const parts = Array.from({ length: partitions }, (_, partition) => ({ topic, partition }))
    const [starts, ends] = await Promise.all([kafka.startOffsets(parts), kafka.endOffsets(parts)])
    if (own !== run) return
    open = parts.map(at => {
      const key = partitionKey(at.topic, at.partition)
      const [start = 0n, end = 0n] = [starts.get(key), ends.get(key)]
      const from = end - backlog > start ? end - backlog : start
      const recent = new RecentEvents(from, keptBytes)
      const reader = kafka.openReader({ ...at, offset: from, onReadable: () => { if (own === run) queueMicrotask(() => { drain(own, at.partition) }) } })
      return { reader, recent }
    })
    for (const { partition } of parts) drain(own, partition)
    for (const each of followers.values()) tell(each)
  }

  function drain (own: number, partition: number): void {
    const part = open?.[partition]
    if (own !== run || part === undefined) return
    const news: RecentEvent[] = []
    try {
      for (let records = part.reader.take(takeRecords); records.length > 0; records = part.reader.take(takeRecords)) {
        for (const record of records) {
          const event = part.recent.add(record)
          if (followers.has(event.key)) news.push(event)
        }
      }
      part.recent.reach(part.reader.position)
    } catch (error) {
      failed(own, error)
    }
    for (const { key, value } of news) tell(followers.get(key) ?? [], typeOf(value))
  }

  /** Undefined where it is not known without asking the registry, or is no event. */
  function typeOf (value: Buffer): string | undefined {
    const schema = readSchemaId(value)
    if (schema === null) return undefined
    const known = types.get(schema)
    if (known !== undefined || serde.prepare?.(value) instanceof Promise) return known
    try {
      const { type } = serde.decode(value)
      types.set(schema, type)
      return type
    } catch {
      return undefined
    }
  }

  function start (): void {
    const own = ++run
    begin(own).catch((error: unknown) => { failed(own, error) })
  }

  function failed (own: number, error: unknown): void {
    if (own !== run) return
    stop()
    onFailure(ensureError(error))
    cancelRetry = clock.schedule(pauseMs, start)
  }

  function stop (): void {
    run++
    cancelRetry?.()
    for (const { reader } of open ?? []) reader.close()
    open = undefined
  }

  function end (): void {
    isOn = false
    cancelLinger?.()
    stop()
  }

  function join (key: string, onNews: (type?: string) => void): void {
    cancelLinger?.()
    const own = followers.get(key)
    if (own === undefined) followers.set(key, new Set([onNews]))
    else own.add(onNews)
    if (isOn) return
    isOn = true
    start()
  }

  function leave (key: string, onNews: (type?: string) => void): void {
    const own = followers.get(key)
    if (own?.delete(onNews) !== true) return
    if (own.size === 0) followers.delete(key)
    if (followers.size === 0) cancelLinger = clock.schedule(lingerMs, end)
  }

  return {
    follow: (key, onNews) => {
      // One who follows a key twice is two.
      const hear = (type?: string): void => { onNews(type) }
      join(key, hear)
      const partition = partitionOf(key, partitions)
      return {
        read: async from => {
          const recent = open?.[partition]?.recent
          const found = recent?.of(key, from)
          if (recent === undefined || found === undefined) return undefined
          const { next } = recent
          const events = []
          for (const event of found) {
            const entry = await decode(event, partition)
            if (entry !== undefined) events.push(entry)
          }
          return { events, next: next > from ? next : from }
        },
        close: () => { leave(key, hear) }
      }
    },
    hasReached: async (key, offset) => {
      const at = { topic, partition: partitionOf(key, partitions) }
      const known = open?.[at.partition]?.recent.next ?? 0n
      return offset < known || offset < ((await kafka.endOffsets([at])).get(partitionKey(at.topic, at.partition)) ?? 0n)
    },
    close: () => {
      followers.clear()
      end()
    }
  }

  /** Undefined: bytes that are no event, as the history leaves them out. */
  async function decode ({ offset, value }: RecentEvent, partition: number): Promise<EventEntry | undefined> {
    await serde.prepare?.(value)
    let event: E
    try {
      event = serde.decode(value)
    } catch {
      return undefined
    }
    const { eventId, occurredAt } = event.meta
    return { partition, offset, type: event.type, eventId, occurredAtMs: occurredAt, payload: { ...event } as Readonly<Record<string, unknown>> }
  }
}

function tell (each: Iterable<(type?: string) => void>, type?: string): void {
  for (const onNews of each) onNews(type)
}
