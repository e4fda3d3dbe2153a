import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { ensureError, StreamsError } from '../../errors.ts'
import { unpackLz4 } from './lz4.ts'
import { unpackSnappy } from './snappy.ts'

/** Largest decompressed batch that is accepted, bytes: a defence against bombs, far above any `max.message.bytes` in use. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

const unpackers: ReadonlyMap<number, (bytes: Buffer) => Buffer> = new Map([
  [1, (bytes) => gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES })],
  [2, (bytes) => unpackSnappy(bytes, MAX_UNPACKED_BYTES)],
  [3, (bytes) => unpackLz4(bytes, MAX_UNPACKED_BYTES)],
  [4, (bytes) => zstdDecompressSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES })]
])

/**
 * The records of a compressed batch. Codecs: 1 gzip, 2 snappy, 3 lz4, 4 zstd.
 *
 * @throws {StreamsError} STR_BATCH_CORRUPT when the codec is not known or the bytes do not unpack.
 */
export function decompress (codec: number, bytes: Buffer): Buffer {
  const unpack = unpackers.get(codec)
  if (unpack === undefined) throw new StreamsError('STR_BATCH_CORRUPT', { codec })
  try {
    return unpack(bytes)
  } catch (error) {
    throw new StreamsError('STR_BATCH_CORRUPT', { codec }, ensureError(error))
  }
}
