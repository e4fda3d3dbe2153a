import { ensureError, StreamsError } from '../../errors.ts'
import { type FetchedRecord, partitionKey } from '../../record.ts'
import { type BrokerErrorName, BrokerError, brokerErrorName } from '../wire/broker-error.ts'
import { type FetchAnswer } from '../wire/fetch.ts'
import { type PartitionReader, type ReaderOptions } from '../port.ts'
import { scanCommitted } from '../wire/read-committed.ts'
import { type BatchHeader, RecordCursor } from '../wire/record-batch-decoder.ts'

const DEFAULT_QUEUE_BYTES = 4 * 1024 * 1024
/** A queued view keeps the whole answer in memory: what is a smaller share of it than this is copied out. */
const PINNED_SHARE = 4
/** Most that one fetch asks for one partition; more only when a single batch is larger. */
const FETCH_BYTES = 1024 * 1024
const LARGEST_FETCH_BYTES = 1024 * 1024 * 1024
/** Taken batches at the front of the queue before it is shifted. */
const DEAD_HEADS = 64

interface QueuedBatch { readonly cursor: RecordCursor, readonly sizeBytes: number }

/** What an answer asks its broker loop to do with the reader. */
export type Verdict = 'read-on' | 'find-leader' | 'stop'

const fatal: Partial<Record<BrokerErrorName, 'STR_OFFSET_OUT_OF_RANGE' | 'STR_BATCH_CORRUPT' | 'STR_BROKER_REFUSED'>> = {
  OFFSET_OUT_OF_RANGE: 'STR_OFFSET_OUT_OF_RANGE',
  CORRUPT_MESSAGE: 'STR_BATCH_CORRUPT',
  TOPIC_AUTHORIZATION_FAILED: 'STR_BROKER_REFUSED'
}

/** The queue of one partition. Batches are kept as they came; a record is decoded when it is taken. */
export class BatchReader implements PartitionReader {
  readonly topic: string
  readonly partition: number
  /** Its `partitionKey`. */
  readonly id: string
  lastStableOffset = -1n
  queuedRecords = 0
  queuedBytes = 0
  failure: Error | undefined
  /** Where the next fetch starts. */
  fetchOffset: bigint
  /** True while a request for this reader is under way: its answer is for `fetchOffset`. */
  isAsked = false
  isClosed = false
  #position: bigint
  #queue: QueuedBatch[] = []
  #head = 0
  readonly #maxQueuedBytes: number
  #leastBytes = 0
  readonly #onReadable: (() => void) | undefined
  readonly #onRoom: (reader: BatchReader) => void
  readonly #onClose: (reader: BatchReader) => void

  constructor (options: ReaderOptions, onRoom: (reader: BatchReader) => void, onClose: (reader: BatchReader) => void) {
    this.topic = options.topic
    this.partition = options.partition
    this.id = partitionKey(options.topic, options.partition)
    this.fetchOffset = options.offset
    this.#position = options.offset
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_QUEUE_BYTES
    this.#onReadable = options.onReadable
    this.#onRoom = onRoom
    this.#onClose = onClose
  }

  get position (): bigint {
    return this.queuedRecords === 0 ? this.fetchOffset : this.#position
  }

  /** True when it may be part of the next fetch. */
  get wantsMore (): boolean {
    return !this.isAsked && !this.isClosed && this.failure === undefined && this.#hasRoom
  }

  /** Bytes the next fetch asks for; the broker gives one whole batch at least. */
  get fetchBytes (): number {
    return Math.max(this.#leastBytes, Math.min(FETCH_BYTES, this.#maxQueuedBytes - this.queuedBytes), 1)
  }

  take (maxRecords: number): FetchedRecord[] {
    if (this.queuedRecords === 0) {
      if (this.failure !== undefined) throw this.failure
      return []
    }
    const hadRoom = this.#hasRoom
    const records: FetchedRecord[] = []
    try {
      this.#takeInto(records, maxRecords)
    } catch (error) {
      this.#stopAt(records.at(-1), ensureError(error))
      if (records.length === 0) throw error
      return records
    }
    this.queuedRecords -= records.length
    const last = records.at(-1)
    if (last !== undefined) this.#position = last.offset + 1n
    if (!hadRoom && this.#hasRoom) this.#onRoom(this)
    return records
  }

  close (): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#clear()
    this.#onClose(this)
  }

  /** Ends the reader with a reason; what is queued can still be taken. */
  fail (error: Error): void {
    if (this.isClosed || this.failure !== undefined) return
    this.failure = error
    this.#tell()
  }

  /**
   * Takes in the answer to a fetch of `fetchOffset`. `answerBytes` is the size of the whole answer. One that was under way when the reader
   * failed counts for nothing: it lies behind what could not be read.
   */
  accept (answer: FetchAnswer, answerBytes: number): Verdict {
    if (this.failure !== undefined) return 'stop'
    if (answer.errorCode !== 0) return this.#refused(answer.errorCode)
    const { visible, nextOffset, failure } = scanCommitted(answer.records, answer.aborted)
    const [from, stable] = [this.fetchOffset, this.lastStableOffset]
    const copies = answer.records.length * PINNED_SHARE < answerBytes
    for (const batch of visible) {
      if (batch.lastOffset < from) continue
      try {
        this.#enqueue(copies ? { ...batch, bytes: Buffer.from(batch.bytes) } : batch, from)
      } catch (error) {
        this.fail(ensureError(error))
        return 'stop'
      }
    }
    if (nextOffset !== undefined && nextOffset > from) {
      this.fetchOffset = nextOffset
      this.#leastBytes = 0
    } else if (answer.records.length > 0 && failure === undefined && !this.#growFetch()) return 'stop'
    this.lastStableOffset = answer.lastStableOffset
    if (failure !== undefined) this.fail(failure)
    else if (this.fetchOffset !== from || this.lastStableOffset !== stable) this.#tell()
    return failure === undefined ? 'read-on' : 'stop'
  }

  /** A batch did not fit: the next fetch asks for more. False when there is no more to ask for, because the batch lies about its length. */
  #growFetch (): boolean {
    const { topic, partition, fetchOffset: offset, fetchBytes } = this
    if (fetchBytes < LARGEST_FETCH_BYTES) this.#leastBytes = Math.min(fetchBytes * 2, LARGEST_FETCH_BYTES)
    else this.fail(new StreamsError('STR_BATCH_CORRUPT', { topic, partition, offset, check: 'length', fetchBytes }))
    return this.failure === undefined
  }

  /** A quarter of the queue at least, so that a nearly full queue does not ask for crumbs. */
  get #hasRoom (): boolean {
    return (this.#maxQueuedBytes - this.queuedBytes) * 4 >= this.#maxQueuedBytes
  }

  /** What the caller's code throws is the caller's: it must not stop the other readers of the broker. */
  #tell (): void {
    try {
      this.#onReadable?.()
    } catch (error) {
      queueMicrotask(() => { throw error })
    }
  }

  #takeInto (records: FetchedRecord[], maxRecords: number): void {
    for (let batch = this.#queue[this.#head]; batch !== undefined && records.length < maxRecords; batch = this.#queue[this.#head]) {
      const { cursor } = batch
      while (records.length < maxRecords) {
        const record = cursor.next()
        if (record === undefined) break
        records.push(record)
      }
      if (cursor.remaining === 0) this.#dropHead(batch)
    }
  }

  #enqueue (batch: BatchHeader, from: bigint): void {
    const cursor = new RecordCursor(batch, this.topic, this.partition)
    const count = batch.baseOffset < from ? cursor.skipBefore(from) : cursor.remaining
    if (count === 0) return
    if (this.queuedRecords === 0) this.#position = from
    this.#queue.push({ cursor, sizeBytes: batch.bytes.length })
    this.queuedRecords += count
    this.queuedBytes += batch.bytes.length
  }

  #dropHead (batch: QueuedBatch): void {
    this.queuedBytes -= batch.sizeBytes
    this.#head++
    if (this.#head < this.#queue.length && this.#head <= DEAD_HEADS) return
    this.#queue.splice(0, this.#head)
    this.#head = 0
  }

  /** A batch turned out to be unreadable while it was taken: the reader stays behind the last good record. */
  #stopAt (last: FetchedRecord | undefined, error: Error): void {
    this.fetchOffset = last === undefined ? this.#position : last.offset + 1n
    this.#clear()
    this.failure = error
  }

  #clear (): void {
    this.#queue = []
    this.#head = 0
    this.queuedRecords = 0
    this.queuedBytes = 0
  }

  #refused (errorCode: number): Verdict {
    const code = fatal[brokerErrorName(errorCode) as BrokerErrorName]
    if (code === undefined) return 'find-leader'
    const { topic, partition, fetchOffset: offset } = this
    this.fail(new StreamsError(code, { topic, partition, offset }, new BrokerError(errorCode, 'Fetch')))
    return 'stop'
  }
}
