import { StreamsError } from '../../errors.ts'
import { type FetchedRecord } from '../../record.ts'
import { type PartitionReader, type ReaderOptions } from '../port.ts'
import { BrokerError, translatePlain } from './broker-error.ts'
import { type MemoryLink } from './link.ts'
import { isVisible, type LogEntry, type PartitionLog } from './partition-log.ts'

const DEFAULT_MAX_QUEUED_BYTES = 4 * 1024 * 1024
const RETRY_MS = 20

/** Reads one partition of the memory broker, read-committed. Polls by microtask whenever the log, the queue or the link changes. */
export class MemoryReader implements PartitionReader {
  readonly topic: string
  readonly partition: number
  readonly #link: MemoryLink
  readonly #options: ReaderOptions
  readonly #maxQueuedBytes: number
  readonly #queue: FetchedRecord[] = []
  #taken = 0
  #queuedBytes = 0
  #position: bigint
  /** Where the next poll reads: beyond everything queued, controls and aborted records included. */
  #fetchPosition: bigint
  #lastStableOffset = -1n
  #failure: Error | undefined
  #closed = false
  #polling = false
  #pollAgain = false
  #log: PartitionLog | undefined
  #unsubscribe: Array<() => void> = []
  #cancelRetry: (() => void) | undefined

  constructor (link: MemoryLink, options: ReaderOptions) {
    this.topic = options.topic
    this.partition = options.partition
    this.#link = link
    this.#options = options
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES
    this.#position = this.#fetchPosition = options.offset
    this.#unsubscribe.push(link.onChange(() => { this.#wake() }))
    this.#wake()
  }

  get position (): bigint { return this.queuedRecords === 0 ? this.#fetchPosition : this.#position }
  get lastStableOffset (): bigint { return this.#lastStableOffset }
  get queuedRecords (): number { return this.#queue.length - this.#taken }
  get queuedBytes (): number { return this.#queuedBytes }
  get failure (): Error | undefined { return this.#failure }

  take (maxRecords: number): FetchedRecord[] {
    if (this.queuedRecords === 0 && this.#failure !== undefined) throw this.#failure
    const records = this.#queue.slice(this.#taken, this.#taken + maxRecords)
    const wasFull = this.#queuedBytes >= this.#maxQueuedBytes
    this.#taken += records.length
    for (const record of records) this.#queuedBytes -= sizeOf(record)
    const last = records.at(-1)
    if (last !== undefined) this.#position = last.offset + 1n
    if (this.#taken === this.#queue.length || this.#taken > 4096) {
      this.#queue.splice(0, this.#taken)
      this.#taken = 0
    }
    if (wasFull) this.#wake()
    return records
  }

  close (): void {
    this.#closed = true
    this.#cancelRetry?.()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  #wake (): void {
    if (this.#closed || this.#failure !== undefined) return
    if (this.#polling) {
      this.#pollAgain = true
      return
    }
    this.#polling = true
    this.#poll().catch(error => { this.#failed(error) })
  }

  async #poll (): Promise<void> {
    do {
      this.#pollAgain = false
      await null
      if (this.#closed || !this.#link.isUp) break
      try {
        const asked = this.#fetchPosition
        const fetch = (): LogEntry[] => this.#fetch(asked)
        const { topic, partition } = this
        const found = this.#link.broker.faults.idle ? fetch() : await this.#link.call({ api: 'fetch', topic, partition }, fetch)
        this.#accept(found)
      } catch (error) {
        this.#failed(error)
      }
    } while (this.#pollAgain)
    this.#polling = false
  }

  /** What the broker does with a Fetch request. */
  #fetch (asked: bigint): LogEntry[] {
    if (this.#log === undefined) {
      this.#log = this.#link.broker.log(this.topic, this.partition)
      this.#unsubscribe.push(this.#log.onChange(() => { this.#wake() }))
    }
    if (this.#log.deleted) throw new BrokerError('UNKNOWN_TOPIC_OR_PARTITION', this.topic)
    if (asked < this.#log.startOffset || asked > this.#log.endOffset) throw new BrokerError('OFFSET_OUT_OF_RANGE', String(asked))
    const entries: LogEntry[] = []
    let room = this.#maxQueuedBytes - this.#queuedBytes
    if (room > 0) {
      this.#log.scan(asked, entry => {
        entries.push(entry)
        room -= isVisible(entry) ? sizeOf(entry) : 0
        return room > 0
      })
    }
    return entries
  }

  #accept (entries: readonly LogEntry[]): void {
    const log = this.#log as PartitionLog
    if (this.#closed) return
    const before = this.#fetchPosition
    for (const entry of entries) {
      this.#fetchPosition = entry.offset + 1n
      if (isVisible(entry)) this.#enqueue(entry)
    }
    const last = entries.at(-1)
    const stable = log.lastStableOffset
    // Holes left by the cleaner are passed by batch headers on a real broker.
    const drained = this.#queuedBytes < this.#maxQueuedBytes && (last === undefined || last.offset + 1n <= stable)
    if (drained && stable > this.#fetchPosition && !hasEntries(log, this.#fetchPosition)) this.#fetchPosition = stable
    const moved = this.#fetchPosition !== before || stable !== this.#lastStableOffset
    this.#lastStableOffset = stable
    if (moved) this.#options.onReadable?.()
  }

  #enqueue (entry: LogEntry): void {
    const { topic, partition } = this
    const record = { topic, partition, offset: entry.offset, timestampMs: entry.timestampMs, key: entry.key, value: entry.value, headers: entry.headers }
    // Markers and aborted records before it are passed: the position never goes back behind them.
    if (this.queuedRecords === 0) this.#position = entry.offset
    this.#queue.push(record)
    this.#queuedBytes += sizeOf(record)
  }

  #failed (error: unknown): void {
    if (this.#closed) return
    if (error instanceof BrokerError && error.code === 'NETWORK') {
      this.#cancelRetry?.()
      this.#cancelRetry = this.#link.broker.clock.schedule(RETRY_MS, () => { this.#wake() })
      return
    }
    if (error instanceof StreamsError && error.code === 'STR_CLOSED') return
    this.#failure = translatePlain(error, { topic: this.topic, partition: this.partition, offset: this.#fetchPosition }) as Error
    this.#options.onReadable?.()
  }
}

function hasEntries (log: PartitionLog, from: bigint): boolean {
  let found = false
  log.scan(from, () => {
    found = true
    return false
  })
  return found
}

function sizeOf (record: { readonly key: Buffer | null, readonly value: Buffer | null }): number {
  return (record.key?.length ?? 0) + (record.value?.length ?? 0) + 70
}
