import { crc32c } from '@node-rs/crc32'
import { StreamsError } from '../../errors.ts'
import { type FetchedRecord, NO_HEADERS, type RecordHeader } from '../../record.ts'
import { decompress } from './compression.ts'
import { attributeBits, batchLayout, LENGTH_FROM, MAGIC } from './record-batch.ts'

/** What is known of a batch without looking at its records. */
export interface BatchHeader {
  readonly baseOffset: bigint
  /** Offset of the last place in the batch, whether or not a record is still there: the next batch starts behind it. */
  readonly lastOffset: bigint
  readonly producerId: bigint
  readonly transactional: boolean
  readonly control: boolean
  /** Records that are in the batch; 0 for a batch that compaction emptied. */
  readonly count: number
  /** The batch with its header: a view. */
  readonly bytes: Buffer
}

/**
 * Reads the batch at `at` and checks its CRC32C; undefined when the rest of the bytes is only a part of it, as at the end of an answer.
 *
 * @throws {StreamsError} STR_BATCH_CORRUPT when the checksum, the length or the format version is wrong.
 */
export function readBatch (source: Buffer, at: number): BatchHeader | undefined {
  if (source.length - at < batchLayout.records) return undefined
  const end = at + LENGTH_FROM + source.readInt32BE(at + batchLayout.length)
  const baseOffset = source.readBigInt64BE(at)
  const magic = source.readInt8(at + batchLayout.magic)
  if (magic !== MAGIC) throw new StreamsError('STR_BATCH_CORRUPT', { baseOffset, magic })
  if (end > source.length) return undefined
  if (end < at + batchLayout.records) throw new StreamsError('STR_BATCH_CORRUPT', { baseOffset, sizeBytes: end - at })
  const bytes = source.subarray(at, end)
  if (crc32c(bytes.subarray(batchLayout.attributes)) !== bytes.readUInt32BE(batchLayout.crc)) {
    throw new StreamsError('STR_BATCH_CORRUPT', { baseOffset, check: 'CRC32C' })
  }
  const attributes = bytes.readInt16BE(batchLayout.attributes)
  const count = bytes.readInt32BE(batchLayout.count)
  const lastOffsetDelta = bytes.readInt32BE(batchLayout.lastOffsetDelta)
  if (count < 0 || lastOffsetDelta < 0) throw new StreamsError('STR_BATCH_CORRUPT', { baseOffset, count, lastOffsetDelta })
  return {
    baseOffset,
    lastOffset: baseOffset + BigInt(lastOffsetDelta),
    producerId: bytes.readBigInt64BE(batchLayout.producerId),
    transactional: (attributes & attributeBits.transactional) !== 0,
    control: (attributes & attributeBits.control) !== 0,
    count,
    bytes
  }
}

/** True for the marker that ends an aborted transaction. Decided by the control flag first: a user's key bytes never matter. */
export function isAbortMarker (batch: BatchHeader): boolean {
  if (!batch.control || batch.count === 0) return false
  const key = new RecordCursor(batch, '', 0).next()?.key
  return key !== undefined && key !== null && key.length >= 4 && key.readInt16BE(2) === 0
}

/**
 * Walks over the records of one batch, one at a time, so that a record costs nothing before it is wanted.
 * Keys, values and header values are views into the batch (or into its decompressed bytes).
 * Offsets rise from record to record and stay within the batch: not every broker checks what a producer wrote there.
 *
 * @throws {StreamsError} STR_BATCH_CORRUPT from `next` when the records do not fit their batch.
 */
export class RecordCursor {
  /** Records not yet returned. */
  remaining: number
  readonly #topic: string
  readonly #partition: number
  readonly #baseOffset: bigint
  readonly #baseTimestampMs: number
  readonly #appendTimeMs: number | undefined
  #batch: BatchHeader | undefined
  #bytes: Buffer | undefined
  #at = 0
  #leastDelta = 0
  readonly #mostDelta: number

  constructor (batch: BatchHeader, topic: string, partition: number) {
    const { bytes } = batch
    this.remaining = batch.count
    this.#topic = topic
    this.#partition = partition
    this.#baseOffset = batch.baseOffset
    this.#baseTimestampMs = Number(bytes.readBigInt64BE(batchLayout.baseTimestamp))
    const stamped = (bytes.readInt16BE(batchLayout.attributes) & attributeBits.logAppendTime) !== 0
    this.#appendTimeMs = stamped ? Number(bytes.readBigInt64BE(batchLayout.maxTimestamp)) : undefined
    this.#mostDelta = bytes.readInt32BE(batchLayout.lastOffsetDelta)
    this.#batch = batch
  }

  /** The next record; undefined at the end. */
  next (): FetchedRecord | undefined {
    if (this.remaining === 0) return undefined
    const bytes = this.#bytes ?? this.#open()
    const size = this.#varInt(bytes)
    const end = this.#at + size
    if (size < 0 || end > bytes.length) throw this.#corrupt()
    this.#at++ // attributes: unused by the format
    const timestampDelta = this.#varLong(bytes)
    const delta = this.#varInt(bytes)
    if (delta < this.#leastDelta || delta > this.#mostDelta) throw this.#corrupt()
    const offset = this.#baseOffset + BigInt(delta)
    const key = this.#field(bytes, end)
    const value = this.#field(bytes, end)
    const count = this.#varInt(bytes)
    const headers = count === 0 ? NO_HEADERS : this.#headers(bytes, end, count)
    if (this.#at !== end) throw this.#corrupt()
    this.remaining--
    this.#leastDelta = delta + 1
    return {
      topic: this.#topic,
      partition: this.#partition,
      offset,
      timestampMs: this.#appendTimeMs ?? this.#baseTimestampMs + timestampDelta,
      key,
      value,
      headers
    }
  }

  /** Passes the records before `offset`; returns how many are left. */
  skipBefore (offset: bigint): number {
    while (this.remaining > 0) {
      const [start, leastDelta] = [this.#at, this.#leastDelta]
      const record = this.next()
      if (record === undefined) break
      if (record.offset >= offset) {
        this.#at = start
        this.#leastDelta = leastDelta
        this.remaining++
        break
      }
    }
    return this.remaining
  }

  #open (): Buffer {
    const { bytes } = this.#batch ?? { bytes: Buffer.alloc(0) }
    const codec = bytes.readInt16BE(batchLayout.attributes) & attributeBits.codec
    const records = bytes.subarray(batchLayout.records)
    this.#bytes = codec === 0 ? records : decompress(codec, records)
    this.#batch = undefined
    return this.#bytes
  }

  #headers (bytes: Buffer, end: number, count: number): readonly RecordHeader[] {
    if (count < 0 || count > end - this.#at) throw this.#corrupt()
    const headers: RecordHeader[] = []
    for (let index = 0; index < count; index++) {
      const name = this.#field(bytes, end)
      if (name === null) throw this.#corrupt()
      headers.push([name.toString(), this.#field(bytes, end)])
    }
    return headers
  }

  #field (bytes: Buffer, end: number): Buffer | null {
    const size = this.#varInt(bytes)
    if (size < 0) return null
    const start = this.#at
    this.#at = start + size
    if (this.#at > end) throw this.#corrupt()
    return bytes.subarray(start, start + size)
  }

  #varInt (bytes: Buffer): number {
    let at = this.#at
    let byte = bytes[at++] ?? 0
    let raw = byte & 127
    for (let shift = 7; byte > 127; shift += 7) {
      if (shift > 28) throw this.#corrupt()
      byte = bytes[at++] ?? 0
      raw |= (byte & 127) << shift
    }
    this.#at = at
    return raw >>> 1 ^ -(raw & 1)
  }

  #varLong (bytes: Buffer): number {
    let byte = bytes[this.#at++] ?? 0
    let raw = byte & 127
    for (let scale = 128; byte > 127; scale *= 128) {
      if (scale > 2 ** 63) throw this.#corrupt()
      byte = bytes[this.#at++] ?? 0
      raw += (byte & 127) * scale
    }
    return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
  }

  #corrupt (): StreamsError {
    return new StreamsError('STR_BATCH_CORRUPT', { topic: this.#topic, partition: this.#partition, baseOffset: this.#baseOffset })
  }
}
