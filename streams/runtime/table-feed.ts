import { publish, type Logger } from '../diagnostics.ts'
import { ensureError, StreamsError } from '../errors.ts'
import { type Kafka, type PartitionReader } from '../kafka/port.ts'
import { type GlobalTableDef } from '../processor.ts'
import { partitionKey, type FetchedRecord, type TopicPartition } from '../record.ts'
import { type TypedValue } from '../serde/serde.ts'
import { type Clock } from '../time/clock.ts'
import { Wakeup } from './wakeup.ts'

/** One row of a global table: its value and the offset it was written at. */
export interface GlobalRow<V extends TypedValue = TypedValue> { readonly value: V, readonly version: bigint }

type SizedRow = GlobalRow & { readonly sizeBytes: number }

/** How far one partition of a table is. */
export interface TablePosition { readonly partition: number, readonly position: bigint, readonly lag: bigint }

export interface TableFeedOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly logger: Logger
  readonly def: GlobalTableDef
  /** The rows take so many bytes more, or fewer, than before. Throws when that is too much: the feed ends with the error. */
  readonly onGrown: (bytes: number) => void
  /** It has moved, or failed. */
  readonly onMoved: () => void
  /** A row was put (undefined = removed), before `onMoved` tells so. */
  readonly onRow?: (key: string, row: GlobalRow | undefined) => void
}

/** A pause before the registry is asked again, ms. */
const RETRY_MS = 500
/** What a row takes beside the bytes of its key and value. */
const ENTRY_BYTES = 200
const TAKE_RECORDS = 1000

/** One reading of a topic into memory: whole up to the end it had when it began, then it follows. */
export class TableFeed {
  readonly rows = new Map<string, SizedRow>()
  readonly #options: TableFeedOptions
  readonly #readers: PartitionReader[] = []
  /** How far the rows of a reader are in the table: its own position runs ahead while records are being decoded. */
  readonly #applied = new Map<PartitionReader, bigint>()
  readonly #running: Promise<void>[] = []
  readonly #ended = new AbortController()
  #bytes = 0
  #failure: Error | undefined

  constructor (options: TableFeedOptions) {
    this.#options = options
  }

  /** Why it no longer follows its topic. */
  get failure (): Error | undefined { return this.#failure }

  get bytes (): number { return this.#bytes }

  positions (): TablePosition[] {
    return this.#readers.map(reader => {
      const position = this.#applied.get(reader) ?? 0n
      return { partition: reader.partition, position, lag: reader.lastStableOffset > position ? reader.lastStableOffset - position : 0n }
    })
  }

  /** Resolves when everything is read that the topic held at the time of the call; rejects with why that cannot be. */
  async start (): Promise<void> {
    const { kafka, def: { topic } } = this.#options
    const parts = Array.from({ length: topic.partitions }, (_, partition) => ({ topic: topic.name, partition }))
    const [starts, ends] = await Promise.all([kafka.startOffsets(parts), kafka.endOffsets(parts)])
    await Promise.all(parts.map(async part => {
      const at = partitionKey(part.topic, part.partition)
      await this.#follow(part, starts.get(at) ?? 0n, ends.get(at) ?? 0n)
    }))
  }

  /** True once it holds everything below these ends of its partitions, keyed by `partitionKey`. */
  hasReached (ends: ReadonlyMap<string, bigint>): boolean {
    return this.#readers.every(reader => (this.#applied.get(reader) ?? reader.position) >= (ends.get(partitionKey(reader.topic, reader.partition)) ?? 0n))
  }

  /** Ends it, with a reason when something went wrong with it, and gives its bytes back. */
  async close (reason?: Error): Promise<void> {
    this.#failure ??= reason
    this.#ended.abort(reason ?? new StreamsError('STR_CLOSED', { table: this.#options.def.name }))
    for (const reader of this.#readers) reader.close()
    await Promise.all(this.#running)
    this.#options.onGrown(-this.#bytes)
    this.#bytes = 0
  }

  /** Starts one partition's loop; resolves when it has reached `end`. */
  #follow ({ topic, partition }: TopicPartition, start: bigint, end: bigint): Promise<void> {
    const { kafka, logger, def, onMoved } = this.#options
    const { signal } = this.#ended
    return new Promise((resolve, reject) => {
      const wakeup = new Wakeup()
      const reader = kafka.openReader({ topic, partition, offset: start, onReadable: wakeup.wake })
      this.#readers.push(reader)
      signal.addEventListener('abort', wakeup.wake)
      const loop = async (): Promise<void> => {
        try {
          while (!signal.aborted) {
            const records = reader.take(TAKE_RECORDS)
            const position = reader.position
            if (records.length > 0) await this.#put(records)
            if (signal.aborted) break
            this.#applied.set(reader, position)
            onMoved()
            if (position >= end) resolve()
            if (records.length === 0) await wakeup.wait()
          }
          reject(ensureError(signal.reason))
        } catch (error) {
          reject(ensureError(error))
          if (signal.aborted) return
          this.#failure ??= ensureError(error)
          logger.error({ err: error, table: def.name, partition }, 'a global table no longer follows its topic')
          onMoved()
        }
      }
      this.#running.push(loop())
    })
  }

  async #put (records: readonly FetchedRecord[]): Promise<void> {
    const { def, logger } = this.#options
    for (const { key, value: bytes, partition, offset } of records) {
      if (key === null) continue
      if (bytes === null) {
        this.#set(key.toString(), undefined)
        continue
      }
      try {
        await this.#prepare(bytes)
        if (this.#ended.signal.aborted) return
        const value = def.topic.value.decode(bytes)
        this.#set(key.toString(), { value, version: offset, sizeBytes: key.length + bytes.length + ENTRY_BYTES })
      } catch (error) {
        if (this.#ended.signal.aborted) return
        if (error === this.#failure) throw error
        publish('streams:global:unreadable', () => ({ table: def.name, partition, offset, error: ensureError(error) }))
        logger.error({ err: error, table: def.name, partition, offset: String(offset) }, 'a record of a global table does not decode')
      }
    }
  }

  #set (key: string, row: SizedRow | undefined): void {
    const bytes = (row?.sizeBytes ?? 0) - (this.rows.get(key)?.sizeBytes ?? 0)
    if (row === undefined) this.rows.delete(key)
    else this.rows.set(key, row)
    this.#bytes += bytes
    this.#options.onRow?.(key, row)
    try {
      this.#options.onGrown(bytes)
    } catch (error) {
      throw this.#failure = ensureError(error)
    }
  }

  /** Waits while the registry does not answer; any other failure is left to `decode`. */
  async #prepare (value: Buffer): Promise<void> {
    while (true) {
      try {
        const wait = this.#options.def.topic.value.prepare?.(value)
        if (wait !== null && wait !== undefined) await wait
        return
      } catch (error) {
        if (!(error instanceof StreamsError) || error.disposition !== 'retry') return
        await this.#options.clock.sleep(RETRY_MS, this.#ended.signal)
      }
    }
  }
}
