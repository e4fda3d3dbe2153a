import { StreamsError } from '../errors.ts'

/** An open effect as it is stored: the frozen request and when it was accepted. */
export interface StoredEffect {
  readonly idempotencyKey: string
  /** Context time of the acceptance, epoch ms: the provider's memory of the key is counted from here. */
  readonly acceptedAtMs: number
  readonly request: Buffer
  /** How often its finish failed. @default 0 */
  readonly failures?: number
  /** True while its key is parked because its finish failed: nobody calls it then. @default false */
  readonly isStopped?: boolean
}

/** First byte of a row that never failed, and of one that did. */
const FRESH = 1
const FAILED = 2
const HEAD_BYTES: Readonly<Record<number, number>> = { [FRESH]: 11, [FAILED]: 14 }

/** First byte, accepted-at f64, key length u16; of a failed one also stopped u8 and failures u16; then key and request bytes. */
export function encodeEffect (row: StoredEffect): Buffer {
  const { failures = 0, isStopped = false } = row
  const key = Buffer.from(row.idempotencyKey)
  if (key.length > 0xffff) throw new StreamsError('STR_OUTPUT_TOO_LARGE', { idempotencyKeyBytes: key.length })
  const kind = failures === 0 ? FRESH : FAILED
  const head = Buffer.alloc(HEAD_BYTES[kind] ?? 0)
  head[0] = kind
  head.writeDoubleBE(row.acceptedAtMs, 1)
  head.writeUInt16BE(key.length, 9)
  if (kind === FAILED) {
    head[11] = Number(isStopped)
    head.writeUInt16BE(Math.min(failures, 0xffff), 12)
  }
  return Buffer.concat([head, key, row.request])
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeEffect (bytes: Buffer): Required<StoredEffect> {
  const start = HEAD_BYTES[bytes[0] ?? 0]
  if (start === undefined || bytes.length < start) throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'effect', version: bytes[0] })
  const end = start + bytes.readUInt16BE(9)
  const hasFailed = bytes[0] === FAILED
  return {
    acceptedAtMs: bytes.readDoubleBE(1),
    idempotencyKey: bytes.toString('utf8', start, end),
    request: bytes.subarray(end),
    failures: hasFailed ? bytes.readUInt16BE(12) : 0,
    isStopped: hasFailed && bytes[11] === 1
  }
}
