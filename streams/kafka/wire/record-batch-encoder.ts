import { crc32c } from '@node-rs/crc32'
import { type OutgoingRecord, type RecordHeader } from '../../record.ts'
import { attributeBits, batchLayout, LENGTH_FROM, MAGIC, varIntSize } from './record-batch.ts'

/** Who writes a batch, and when. */
export interface BatchOrigin {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly transactional: boolean
  /** Epoch ms; a LogAppendTime topic replaces it. */
  readonly timestampMs: number
}

/** Bytes of a record behind its own length field, with the given place in its batch. */
export function recordBodySize ({ key, value, headers }: OutgoingRecord, offsetDelta: number): number {
  const fixed = 2 // attributes, and a timestamp delta of zero
  return fixed + varIntSize(offsetDelta) + fieldSize(key) + fieldSize(value) + (headers.length === 0 ? 1 : headersSize(headers))
}

/** Bytes of a whole record whose body has that size. */
export function recordSize (bodySize: number): number {
  return varIntSize(bodySize) + bodySize
}

/**
 * Encodes records[from … to) as one uncompressed batch at `at`; returns where it ends.
 *
 * `bodySizes[i]` is `recordBodySize(records[i], i - from)`; the target must have room for 61 bytes and every `recordSize`.
 */
export function writeRecordBatch (
  target: Buffer, at: number, records: readonly OutgoingRecord[], bodySizes: readonly number[], from: number, to: number, sequence: number, origin: BatchOrigin
): number {
  const timestamp = BigInt(origin.timestampMs)
  target.writeBigInt64BE(0n, at + batchLayout.baseOffset)
  target.writeInt32BE(0, at + batchLayout.leaderEpoch)
  target.writeInt8(MAGIC, at + batchLayout.magic)
  target.writeInt16BE(origin.transactional ? attributeBits.transactional : 0, at + batchLayout.attributes)
  target.writeInt32BE(to - from - 1, at + batchLayout.lastOffsetDelta)
  target.writeBigInt64BE(timestamp, at + batchLayout.baseTimestamp)
  target.writeBigInt64BE(timestamp, at + batchLayout.maxTimestamp)
  target.writeBigInt64BE(origin.producerId, at + batchLayout.producerId)
  target.writeInt16BE(origin.producerEpoch, at + batchLayout.producerEpoch)
  target.writeInt32BE(sequence, at + batchLayout.baseSequence)
  target.writeInt32BE(to - from, at + batchLayout.count)
  let end = at + batchLayout.records
  for (let index = from; index < to; index++) {
    const record = records[index]
    if (record !== undefined) end = writeRecord(target, end, record, bodySizes[index] ?? 0, index - from)
  }
  target.writeInt32BE(end - at - LENGTH_FROM, at + batchLayout.length)
  target.writeUInt32BE(crc32c(target.subarray(at + batchLayout.attributes, end)), at + batchLayout.crc)
  return end
}

function writeRecord (target: Buffer, start: number, record: OutgoingRecord, bodySize: number, offsetDelta: number): number {
  let at = writeVarInt(target, start, bodySize)
  target[at++] = 0
  target[at++] = 0
  at = writeVarInt(target, at, offsetDelta)
  at = writeField(target, at, record.key)
  at = writeField(target, at, record.value)
  const { headers } = record
  if (headers.length === 0) {
    target[at++] = 0
    return at
  }
  at = writeVarInt(target, at, headers.length)
  for (const [name, value] of headers) {
    const size = Buffer.byteLength(name)
    at = writeVarInt(target, at, size)
    at += target.write(name, at, size, 'utf8')
    at = writeField(target, at, value)
  }
  return at
}

function writeVarInt (target: Buffer, at: number, value: number): number {
  let rest = (value << 1 ^ value >> 31) >>> 0
  while (rest > 127) {
    target[at++] = rest & 127 | 128
    rest >>>= 7
  }
  target[at++] = rest
  return at
}

function writeField (target: Buffer, start: number, field: Buffer | null): number {
  if (field === null) {
    target[start] = 1
    return start + 1
  }
  const at = writeVarInt(target, start, field.length)
  target.set(field, at)
  return at + field.length
}

function fieldSize (field: Buffer | null): number {
  return field === null ? 1 : varIntSize(field.length) + field.length
}

function headersSize (headers: readonly RecordHeader[]): number {
  let size = varIntSize(headers.length)
  for (const [name, value] of headers) {
    const nameSize = Buffer.byteLength(name)
    size += varIntSize(nameSize) + nameSize + fieldSize(value)
  }
  return size
}
