import { gzipSync, zstdCompressSync } from 'node:zlib'
import { type RecordHeader } from '../../../../streams/record.ts'

/**
 * A second encoder of record batches, written for its plainness from the description of the format: it shares nothing with the one that is
 * tested, and writes what ours never does (gaps, times, codecs, markers).
 */
export interface PlainRecord {
  readonly delta: number
  readonly timeDeltaMs?: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers?: readonly RecordHeader[]
}

export interface PlainBatch {
  readonly baseOffset: bigint
  /** Default = the delta of the last record. */
  readonly lastOffsetDelta?: number
  readonly records: readonly PlainRecord[]
  readonly producerId?: bigint
  readonly isControl?: boolean
  readonly timeMs?: number
  /** Set when the broker stamped the batch. */
  readonly appendTimeMs?: number
  readonly codec?: number
}

/** Bytes of a batch as a broker stores it. */
export function encodePlainly (batch: PlainBatch): Buffer {
  const { baseOffset, records, producerId = -1n, isControl = false, timeMs = 1_000, appendTimeMs, codec = 0 } = batch
  const body = pack(codec, Buffer.from(records.flatMap(plainRecord)))
  const attributes = codec | (appendTimeMs === undefined ? 0 : 8) | (producerId < 0n ? 0 : 16) | (isControl ? 32 : 0)
  const checked = Buffer.concat([
    int(attributes, 2), int(batch.lastOffsetDelta ?? records.at(-1)?.delta ?? 0, 4), int(timeMs, 8), int(appendTimeMs ?? timeMs, 8), int(producerId, 8),
    int(0, 2), int(0, 4), int(records.length, 4), body
  ])
  return Buffer.concat([int(baseOffset, 8), int(checked.length + 9, 4), int(0, 4), int(2, 1), int(BigInt.asIntN(32, BigInt(slowCrc32c(checked))), 4), checked])
}

/** Sets the checksum of a changed batch again. */
export function resealPlainly (batch: Buffer): Buffer {
  batch.writeUInt32BE(slowCrc32c(batch.subarray(21)), 17)
  return batch
}

function plainRecord ({ delta, timeDeltaMs = 0, key, value, headers = [] }: PlainRecord): number[] {
  const field = (bytes: Buffer | null): number[] => bytes === null ? zigzag(-1) : [...zigzag(bytes.length), ...bytes]
  const fields = headers.flatMap(([name, value]) => [...field(Buffer.from(name)), ...field(value)])
  const body = [0, ...zigzag(timeDeltaMs), ...zigzag(delta), ...field(key), ...field(value), ...zigzag(headers.length), ...fields]
  return [...zigzag(body.length), ...body]
}

/** A zigzag varint, by bigint arithmetic. */
export function zigzag (value: number): number[] {
  const bytes: number[] = []
  let rest = value < 0 ? BigInt(value) * -2n - 1n : BigInt(value) * 2n
  for (; rest >= 128n; rest /= 128n) bytes.push(Number(rest % 128n) + 128)
  return [...bytes, Number(rest)]
}

function int (value: number | bigint, bytes: number): Buffer {
  const target = Buffer.alloc(bytes)
  for (let at = bytes - 1, rest = BigInt(value); at >= 0; at--, rest >>= 8n) target[at] = Number(rest & 255n)
  return target
}

function slowCrc32c (bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc >>> 1 ^ ((crc & 1) === 1 ? 0x82f63b78 : 0)
  }
  return ~crc >>> 0
}

function pack (codec: number, bytes: Buffer): Buffer {
  switch (codec) {
    case 1: return gzipSync(bytes)
    case 2: return packSnappy(bytes)
    case 3: return packLz4(bytes)
    case 4: return zstdCompressSync(bytes)
    default: return bytes
  }
}

interface Piece { readonly literals: Buffer, readonly distance: number, readonly length: number }

/** Literals, each with the repetition that follows it: the longest that begins where the same four bytes came last. */
function * pieces (bytes: Buffer): Generator<Piece> {
  const seen = new Map<string, number>()
  let from = 0
  for (let at = 0; at < bytes.length;) {
    const next = bytes.toString('latin1', at, at + 4)
    const before = next.length < 4 ? undefined : seen.get(next)
    if (next.length === 4) seen.set(next, at)
    let length = 0
    if (before !== undefined && at - before < 60_000) {
      while (length < 600 && at + length < bytes.length - 5 && bytes[before + length] === bytes[at + length]) length++
    }
    if (before !== undefined && length >= 4) {
      yield { literals: bytes.subarray(from, at), distance: at - before, length }
      at += length
      from = at
    } else at++
  }
  yield { literals: bytes.subarray(from), distance: 0, length: 0 }
}

function packSnappy (bytes: Buffer): Buffer {
  const out: number[] = []
  for (let size = bytes.length; ; size >>>= 7) {
    out.push(size > 127 ? size & 127 | 128 : size)
    if (size <= 127) break
  }
  for (const { literals, distance, length } of pieces(bytes)) {
    for (let at = 0; at < literals.length; at += 50_000) {
      const part = literals.subarray(at, at + 50_000)
      out.push(...part.length <= 60 ? [part.length - 1 << 2] : [61 << 2, part.length - 1 & 255, part.length - 1 >> 8], ...part)
    }
    for (let left = length; left > 0; left -= 64) out.push(Math.min(left, 64) - 1 << 2 | 2, distance & 255, distance >> 8)
  }
  return Buffer.from(out)
}

function packLz4 (bytes: Buffer): Buffer {
  const block: number[] = []
  const more = (rest: number): number[] => rest < 255 ? [rest] : [255, ...more(rest - 255)]
  for (const { literals, distance, length } of pieces(bytes)) {
    const match = Math.max(0, length - 4)
    block.push(Math.min(literals.length, 15) << 4 | (distance === 0 ? 0 : Math.min(match, 15)))
    block.push(...literals.length < 15 ? [] : more(literals.length - 15), ...literals)
    if (distance > 0) block.push(distance & 255, distance >> 8, ...match < 15 ? [] : more(match - 15))
  }
  const size = Buffer.alloc(4)
  size.writeUInt32LE(block.length)
  return Buffer.concat([Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x70, 0]), size, Buffer.from(block), Buffer.alloc(4)])
}
