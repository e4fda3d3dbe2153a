import { crc32c } from '@node-rs/crc32'
import fc from 'fast-check'
import { type OutgoingRecord, type RecordHeader } from '../../../../streams/record.ts'
import { batchLayout, LENGTH_FROM } from '../../../../streams/kafka/wire/record-batch.ts'
import { type BatchOrigin, recordBodySize, recordSize, writeRecordBatch } from '../../../../streams/kafka/wire/record-batch-encoder.ts'

/** A batch as a broker stores it, for tests: encoded by our encoder, then stamped with what only a broker or a coordinator sets. */
export interface StoredBatch {
  readonly baseOffset?: bigint
  readonly origin?: Partial<BatchOrigin>
  readonly sequence?: number
  readonly attributes?: number
  readonly maxTimestampMs?: number
  /** Places that compaction left; default = one for each record. */
  readonly lastOffsetDelta?: number
}

const plainOrigin: BatchOrigin = { producerId: -1n, producerEpoch: 0, transactional: false, timestampMs: 1_000 }

/** A record for partition 0 of topic `t`. */
export function record (key: string | Buffer | null, value: string | Buffer | null, headers: readonly RecordHeader[] = []): OutgoingRecord {
  const bytes = (field: string | Buffer | null): Buffer | null => typeof field === 'string' ? Buffer.from(field) : field
  return { topic: 't', partition: 0, key: bytes(key), value: bytes(value), headers }
}

/** Encodes one batch. */
export function encodeBatch (records: readonly OutgoingRecord[], stored: StoredBatch = {}): Buffer {
  const sizes = records.map((one, index) => recordBodySize(one, index))
  const target = Buffer.alloc(batchLayout.records + sizes.reduce((sum, size) => sum + recordSize(size), 0))
  const end = writeRecordBatch(target, 0, records, sizes, 0, records.length, stored.sequence ?? 0, { ...plainOrigin, ...stored.origin })
  if (end !== target.length) throw new Error(`the batch ends at ${end} instead of ${target.length}`)
  if (stored.baseOffset !== undefined) target.writeBigInt64BE(stored.baseOffset, batchLayout.baseOffset)
  if (stored.maxTimestampMs !== undefined) target.writeBigInt64BE(BigInt(stored.maxTimestampMs), batchLayout.maxTimestamp)
  if (stored.lastOffsetDelta !== undefined) target.writeInt32BE(stored.lastOffsetDelta, batchLayout.lastOffsetDelta)
  if (stored.attributes !== undefined) target.writeInt16BE(target.readInt16BE(batchLayout.attributes) | stored.attributes, batchLayout.attributes)
  return seal(target)
}

/** The marker that ends a transaction. */
export function encodeMarker (kind: 'abort' | 'commit', producerId: bigint, baseOffset: bigint): Buffer {
  const key = Buffer.from([0, 0, 0, kind === 'abort' ? 0 : 1])
  return encodeBatch([record(key, Buffer.alloc(6))], { baseOffset, attributes: 0b110000, origin: { producerId } })
}

/** Replaces the records of a batch, as compression does. */
export function withRecords (batch: Buffer, records: Buffer, codec: number): Buffer {
  const copy = Buffer.concat([batch.subarray(0, batchLayout.records), records])
  copy.writeInt16BE(copy.readInt16BE(batchLayout.attributes) | codec, batchLayout.attributes)
  return seal(copy)
}

/** Sets length and checksum again. */
export function seal (batch: Buffer): Buffer {
  batch.writeInt32BE(batch.length - LENGTH_FROM, batchLayout.length)
  batch.writeUInt32BE(crc32c(batch.subarray(batchLayout.attributes)), batchLayout.crc)
  return batch
}

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const headerName = fc.string({ maxLength: 20 })

/** Any record. */
export const anyRecord: fc.Arbitrary<OutgoingRecord> = fc.record({
  topic: fc.constant('t'),
  partition: fc.constant(0),
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.oneof(fc.constant<RecordHeader[]>([]), fc.array(fc.tuple(headerName, fc.option(bytes)), { maxLength: 4 }))
})
