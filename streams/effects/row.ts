import { StreamsError } from '../errors.ts'

/** An open effect as it is stored: the frozen request and when it was accepted. */
export interface StoredEffect {
  readonly idempotencyKey: string
  /** Context time of the acceptance, epoch ms: the provider's memory of the key is counted from here. */
  readonly acceptedAtMs: number
  readonly request: Buffer
}

const VERSION = 1

/** Version byte, accepted-at f64, key length u16, key, request bytes. */
export function encodeEffect (row: StoredEffect): Buffer {
  const key = Buffer.from(row.idempotencyKey)
  if (key.length > 0xffff) throw new StreamsError('STR_OUTPUT_TOO_LARGE', { idempotencyKeyBytes: key.length })
  const head = Buffer.allocUnsafe(11)
  head[0] = VERSION
  head.writeDoubleBE(row.acceptedAtMs, 1)
  head.writeUInt16BE(key.length, 9)
  return Buffer.concat([head, key, row.request])
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeEffect (bytes: Buffer): StoredEffect {
  if (bytes[0] !== VERSION || bytes.length < 11) throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'effect', version: bytes[0] })
  const end = 11 + bytes.readUInt16BE(9)
  return { acceptedAtMs: bytes.readDoubleBE(1), idempotencyKey: bytes.toString('utf8', 11, end), request: bytes.subarray(end) }
}
