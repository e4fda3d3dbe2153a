import { type RecordHeader } from '../../record.ts'
import { BrokerError, type BrokerErrorCode } from './broker-error.ts'
import { ProducerState } from './producer-state.ts'

/** What one offset of the log holds. Markers take an offset, as in Kafka. */
export interface LogEntry {
  readonly offset: bigint
  /** Append time, epoch ms. */
  readonly timestampMs: number
  readonly kind: 'data' | 'commit' | 'abort'
  readonly producerId: bigint | null
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly RecordHeader[]
  /** open = of a running transaction; aborted and markers are never delivered. */
  outcome: 'open' | 'committed' | 'aborted'
}

/** Key, value and headers of a record to append. */
export interface LogRecord { readonly key: Buffer | null, readonly value: Buffer | null, readonly headers: readonly RecordHeader[] }

interface OpenTransaction { readonly first: bigint, readonly entries: LogEntry[] }

/** What the cleaner may remove beside older records of a key. */
export interface CompactOptions {
  /** Every tombstone. @default false */
  readonly dropTombstones?: boolean
  /** Tombstones that were appended before, epoch ms. @default none */
  readonly dropTombstonesBeforeMs?: number
  /** It stops before this offset. @default the last stable offset */
  readonly until?: bigint
}

/**
 * The log of one partition: append, transaction markers, last stable offset, and what tests do to logs (delete, truncate,
 * compact). Synchronous. Bytes are copied when appended, so that writers may reuse their buffers.
 */
export class PartitionLog {
  readonly topic: string
  readonly partition: number
  #entries: LogEntry[] = []
  #startOffset = 0n
  #endOffset = 0n
  readonly #open = new Map<bigint, OpenTransaction>()
  readonly #producers = new Map<bigint, ProducerState>()
  #refusal: BrokerErrorCode | undefined
  readonly #listeners = new Set<() => void>()
  #deleted = false

  constructor (topic: string, partition: number) {
    this.topic = topic
    this.partition = partition
  }

  get startOffset (): bigint { return this.#startOffset }
  get endOffset (): bigint { return this.#endOffset }
  get deleted (): boolean { return this.#deleted }

  /** First offset of the oldest open transaction, else the end. */
  get lastStableOffset (): bigint {
    let lowest = this.#endOffset
    for (const { first } of this.#open.values()) if (first < lowest) lowest = first
    return lowest
  }

  /** Open transactions, oldest first: a producer opens one by its first record. */
  get openTransactions (): ReadonlyArray<{ readonly producerId: bigint, readonly firstOffset: bigint }> {
    return [...this.#open].map(([producerId, { first }]) => ({ producerId, firstOffset: first }))
  }

  /** Calls back synchronously after every change of the log; returns the unsubscriber. */
  onChange (listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  /** Appends records of no transaction; returns the offset of the first. */
  append (records: readonly LogRecord[], timestampMs: number): bigint {
    const first = this.#endOffset
    for (const record of records) this.#push('data', record, null, timestampMs, 'committed')
    this.#changed()
    return first
  }

  /**
   * Appends records of a running transaction; returns the offset of the first. `sequence` is the number that the producer gave to the
   * first of them, in this epoch and partition: a batch that was taken before is not appended again, and is answered with its old offset.
   *
   * @throws {BrokerError} INVALID_PRODUCER_EPOCH when this partition has seen a newer epoch of the producer, OUT_OF_ORDER_SEQUENCE_NUMBER
   * when a batch before it is missing, and what `refuseNext` asked for.
   */
  appendTransactional (records: readonly LogRecord[], producerId: bigint, epoch: number, timestampMs: number, sequence?: number): bigint {
    if (this.#refusal !== undefined) {
      const refusal = this.#refusal
      this.#refusal = undefined
      throw new BrokerError(refusal, `${this.topic}-${this.partition}`)
    }
    const first = this.#endOffset
    const taken = this.#producerOf(producerId).take({ epoch, sequence, records: records.length, offset: first })
    if (taken !== first) return taken
    let open = this.#open.get(producerId)
    if (open === undefined) this.#open.set(producerId, open = { first, entries: [] })
    for (const record of records) open.entries.push(this.#push('data', record, producerId, timestampMs, 'open'))
    this.#changed()
    return first
  }

  /** Writes the marker that ends the producer's transaction here; the epoch of the marker fences older ones. */
  endTransaction (producerId: bigint, epoch: number, outcome: 'commit' | 'abort', timestampMs: number): void {
    this.#producerOf(producerId).fence(epoch)
    this.#push(outcome, { key: null, value: null, headers: [] }, producerId, timestampMs, 'committed')
    for (const entry of this.#open.get(producerId)?.entries ?? []) entry.outcome = outcome === 'commit' ? 'committed' : 'aborted'
    this.#open.delete(producerId)
    this.#changed()
  }

  /** Refuses the next records of a transaction with a definite answer, as a leader without its replicas does. */
  refuseNext (code: BrokerErrorCode = 'NOT_ENOUGH_REPLICAS'): void {
    this.#refusal = code
  }

  /** Entries from `offset` up to the last stable offset, whatever they are, until `visit` returns false. */
  scan (offset: bigint, visit: (entry: LogEntry) => boolean): void {
    const limit = this.lastStableOffset
    for (let i = this.#indexOf(offset); i < this.#entries.length; i++) {
      const entry = this.#entries[i] as LogEntry
      if (entry.offset >= limit || !visit(entry)) return
    }
  }

  /** Everything in the log, markers, aborted and open records included. */
  entries (): readonly LogEntry[] {
    return this.#entries
  }

  /** Moves the start of the log, as retention or DeleteRecords does. */
  deleteBefore (offset: bigint): void {
    if (offset <= this.#startOffset) return
    this.#startOffset = offset < this.#endOffset ? offset : this.#endOffset
    this.#entries.splice(0, this.#indexOf(this.#startOffset))
    this.#changed()
  }

  /** Cuts the tail off, as a broker does that lost what it had not synced: the log goes back. */
  truncateTo (offset: bigint): void {
    if (offset >= this.#endOffset) return
    this.#entries.length = this.#indexOf(offset)
    this.#endOffset = offset
    if (this.#startOffset > offset) this.#startOffset = offset
    for (const [producerId, open] of this.#open) if (open.first >= offset) this.#open.delete(producerId)
    for (const producer of this.#producers.values()) producer.forgetFrom(offset)
    this.#changed()
  }

  /** Keeps the last committed record of each key below the last stable offset, or below `until`; offsets stay, holes appear. */
  compact (options: CompactOptions = {}): void {
    const { lastStableOffset } = this
    const limit = options.until !== undefined && options.until < lastStableOffset ? options.until : lastStableOffset
    const last = new Map<string, bigint>()
    for (const entry of this.#entries) {
      if (entry.offset < limit && isVisible(entry)) last.set(entry.key?.toString('latin1') ?? '', entry.offset)
    }
    const isDropped = ({ value, timestampMs }: LogEntry): boolean =>
      value === null && (options.dropTombstones === true || timestampMs < (options.dropTombstonesBeforeMs ?? -Infinity))
    this.#entries = this.#entries.filter(entry => entry.offset >= limit || (isVisible(entry) &&
      last.get(entry.key?.toString('latin1') ?? '') === entry.offset && !isDropped(entry)))
    this.#changed()
  }

  /** The topic is gone: readers fail, nothing can be appended. */
  delete (): void {
    this.#deleted = true
    this.#changed()
  }

  #producerOf (producerId: bigint): ProducerState {
    let producer = this.#producers.get(producerId)
    if (producer === undefined) this.#producers.set(producerId, producer = new ProducerState())
    return producer
  }

  #push (kind: LogEntry['kind'], record: LogRecord, producerId: bigint | null, timestampMs: number, outcome: LogEntry['outcome']): LogEntry {
    const headers = record.headers.length === 0 ? record.headers : record.headers.map(([name, value]) => [name, copy(value)] as const)
    const entry = { offset: this.#endOffset, timestampMs, kind, producerId, key: copy(record.key), value: copy(record.value), headers, outcome }
    this.#endOffset += 1n
    this.#entries.push(entry)
    return entry
  }

  #indexOf (offset: bigint): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries[middle] as LogEntry).offset < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #changed (): void {
    for (const listener of this.#listeners) listener()
  }
}

/** True for what a read-committed reader may see. */
export function isVisible (entry: LogEntry): boolean {
  return entry.kind === 'data' && entry.outcome === 'committed'
}

function copy (bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes)
}
