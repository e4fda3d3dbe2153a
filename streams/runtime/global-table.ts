import { publish, type Logger } from '../diagnostics.ts'
import { ensureError, StreamsError } from '../errors.ts'
import { type Kafka, type PartitionReader } from '../kafka/port.ts'
import { type GlobalTableDef } from '../processor.ts'
import { partitionKey, type FetchedRecord } from '../record.ts'
import { type TypedValue } from '../serde/serde.ts'
import { type Clock } from '../time/clock.ts'
import { Wakeup } from './wakeup.ts'

/** One row of a global table: its value and the offset it was written at. */
export interface GlobalRow<V extends TypedValue = TypedValue> { readonly value: V, readonly version: bigint }

/** Reads of global tables, by table name. */
export interface GlobalTables {
  /** @throws {StreamsError} STR_TOPOLOGY_INVALID when no node of this process declares the table. */
  table (name: string): ReadonlyMap<string, GlobalRow>
  /**
   * Resolves when the table holds everything that its topic held at the time of the call: what is absent then was absent when the
   * call was made. Rejects when the signal aborts, or the table no longer follows its topic.
   */
  catchUp (name: string, signal: AbortSignal): Promise<void>
}

/** No tables at all. */
export const noGlobalTables: GlobalTables = {
  table (name) { throw new StreamsError('STR_TOPOLOGY_INVALID', { global: name, reason: 'not declared' }) },
  catchUp: async () => {}
}

/** A pause before the registry is asked again. */
const RETRY_MS = 500

/**
 * Every global table of a process: each topic whole in memory, read from the log itself.
 *
 * Guarantee R11: `start` resolves only after each table reached the end that was seen when it began; then they follow.
 */
export class GlobalTableSet implements GlobalTables {
  readonly #kafka: Kafka
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #defs: readonly GlobalTableDef[]
  readonly #tables = new Map<string, Map<string, GlobalRow>>()
  readonly #readers: PartitionReader[] = []
  /** How far the rows of a reader are in its table: its own position runs ahead while records are being decoded. */
  readonly #applied = new Map<PartitionReader, bigint>()
  readonly #running: Promise<void>[] = []
  readonly #ended = new AbortController()
  /** Who waits for a table to move. */
  readonly #watchers = new Set<Wakeup>()
  #failure: Error | undefined

  constructor (options: { readonly kafka: Kafka, readonly clock: Clock, readonly logger: Logger, readonly defs: readonly GlobalTableDef[] }) {
    this.#kafka = options.kafka
    this.#clock = options.clock
    this.#logger = options.logger
    this.#defs = options.defs
  }

  /** Set when a table can no longer follow its topic: nothing that reads it may go on. */
  get failure (): Error | undefined { return this.#failure }

  table (name: string): ReadonlyMap<string, GlobalRow> {
    return this.#tables.get(name) ?? noGlobalTables.table(name)
  }

  /** Rejects with STR_TOPIC_MISSING, STR_TOPIC_CHANGED, or what a reader fails with. */
  async start (): Promise<void> {
    const topics = await this.#kafka.describeTopics(this.#defs.map(def => def.topic.name))
    const parts = this.#defs.flatMap(({ topic }) => {
      const found = topics.get(topic.name)
      if (found === undefined) throw new StreamsError('STR_TOPIC_MISSING', { topic: topic.name })
      if (found.partitions !== topic.partitions) throw new StreamsError('STR_TOPIC_CHANGED', { topic: topic.name, declared: topic.partitions, found: found.partitions })
      return Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))
    })
    if (parts.length === 0) return
    const [starts, ends] = await Promise.all([this.#kafka.startOffsets(parts), this.#kafka.endOffsets(parts)])
    const bootstraps: Promise<void>[] = []
    for (const def of this.#defs) {
      const rows = new Map<string, GlobalRow>()
      this.#tables.set(def.name, rows)
      for (let partition = 0; partition < def.topic.partitions; partition++) {
        const at = partitionKey(def.topic.name, partition)
        bootstraps.push(this.#follow(def, rows, partition, starts.get(at) ?? 0n, ends.get(at) ?? 0n))
      }
    }
    await Promise.all(bootstraps)
  }

  async catchUp (name: string, signal: AbortSignal): Promise<void> {
    const topic = this.#defs.find(def => def.name === name)?.topic.name
    const readers = this.#readers.filter(reader => reader.topic === topic)
    const ends = await this.#kafka.endOffsets(readers.map(({ topic, partition }) => ({ topic, partition })))
    const isBehind = (reader: PartitionReader): boolean =>
      (this.#applied.get(reader) ?? reader.position) < (ends.get(partitionKey(reader.topic, reader.partition)) ?? 0n)
    const wakeup = new Wakeup()
    signal.addEventListener('abort', wakeup.wake)
    this.#watchers.add(wakeup)
    try {
      while (readers.some(isBehind)) {
        signal.throwIfAborted()
        if (this.#failure !== undefined) throw this.#failure
        await wakeup.wait()
      }
    } finally {
      this.#watchers.delete(wakeup)
      signal.removeEventListener('abort', wakeup.wake)
    }
  }

  #notify (): void {
    for (const wakeup of this.#watchers) wakeup.wake()
  }

  async close (): Promise<void> {
    this.#ended.abort()
    for (const reader of this.#readers) reader.close()
    await Promise.all(this.#running)
  }

  /** Starts one partition's loop; resolves when it has reached `end`. */
  #follow (def: GlobalTableDef, rows: Map<string, GlobalRow>, partition: number, start: bigint, end: bigint): Promise<void> {
    return new Promise((resolve, reject) => {
      const wakeup = new Wakeup()
      const reader = this.#kafka.openReader({ topic: def.topic.name, partition, offset: start, onReadable: wakeup.wake })
      this.#readers.push(reader)
      this.#ended.signal.addEventListener('abort', wakeup.wake)
      const loop = async (): Promise<void> => {
        try {
          while (!this.#ended.signal.aborted) {
            const records = reader.take(1000)
            const position = reader.position
            if (records.length > 0) await this.#put(def, rows, records)
            this.#applied.set(reader, position)
            this.#notify()
            if (position >= end) resolve()
            if (records.length === 0) await wakeup.wait()
          }
          reject(new StreamsError('STR_CLOSED', { table: def.name }))
        } catch (error) {
          if (!this.#ended.signal.aborted) {
            this.#failure = ensureError(error)
            this.#logger.error({ err: error, table: def.name, partition }, 'a global table no longer follows its topic')
          }
          reject(ensureError(error))
          this.#notify()
        }
      }
      this.#running.push(loop())
    })
  }

  async #put (def: GlobalTableDef, rows: Map<string, GlobalRow>, records: readonly FetchedRecord[]): Promise<void> {
    for (const record of records) {
      if (record.key === null) continue
      const key = record.key.toString()
      if (record.value === null) {
        rows.delete(key)
        continue
      }
      try {
        await this.#prepare(def, record.value)
        rows.set(key, { value: def.topic.value.decode(record.value), version: record.offset })
      } catch (error) {
        if (this.#ended.signal.aborted) return
        const { partition, offset } = record
        publish('streams:global:unreadable', () => ({ table: def.name, partition, offset, error: ensureError(error) }))
        this.#logger.error({ err: error, table: def.name, partition, offset: String(offset) }, 'a record of a global table does not decode')
      }
    }
  }

  /** Waits while the registry does not answer; any other failure is left to `decode`. */
  async #prepare (def: GlobalTableDef, value: Buffer): Promise<void> {
    while (true) {
      try {
        await def.topic.value.prepare?.(value)
        return
      } catch (error) {
        if (!(error instanceof StreamsError) || error.disposition !== 'retry') return
        await this.#clock.sleep(RETRY_MS, this.#ended.signal)
      }
    }
  }
}
