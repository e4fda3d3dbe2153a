const MAGIC = 0x184d2204
const SHORTEST_MATCH = 4
const flags = { blockChecksum: 1 << 4, contentSize: 1 << 3, contentChecksum: 1 << 2, dictionary: 1 } as const
const STORED = 0x80000000

/**
 * Unpacks lz4 frames, one or several, with linked or independent blocks. The frame's own checksums are not looked at:
 * the CRC32C of the batch covers the same bytes.
 *
 * @throws {RangeError} when the bytes are not lz4 frames, need a dictionary, or unpack to more than `maxBytes`.
 * @source LZ4 frame and block format descriptions
 */
export function unpackLz4 (source: Buffer, maxBytes: number): Buffer {
  const out = new Output(source.length * 4, maxBytes)
  let at = 0
  while (at < source.length) at = unpackFrame(source, at, out)
  return out.finish()
}

function unpackFrame (source: Buffer, start: number, out: Output): number {
  if (source.readUInt32LE(start) !== MAGIC) throw new RangeError('not an lz4 frame')
  const descriptor = source.readUInt8(start + 4)
  if (descriptor >> 6 !== 1 || (descriptor & flags.dictionary) !== 0) throw new RangeError('an lz4 frame of an unknown kind')
  let at = start + 7 + ((descriptor & flags.contentSize) === 0 ? 0 : 8)
  for (;;) {
    const field = source.readUInt32LE(at)
    at += 4
    if (field === 0) break
    const size = field & ~STORED
    if (at + size > source.length) throw new RangeError('an lz4 block ends early')
    if (field >= STORED) out.append(source, at, size)
    else unpackBlock(source, at, at + size, out)
    at += size + ((descriptor & flags.blockChecksum) === 0 ? 0 : 4)
  }
  return at + ((descriptor & flags.contentChecksum) === 0 ? 0 : 4)
}

function unpackBlock (source: Buffer, start: number, end: number, out: Output): void {
  let at = start
  while (at < end) {
    const token = source.readUInt8(at++)
    let literals = token >> 4
    if (literals === 15) {
      for (let byte = 255; byte === 255; literals += byte) byte = source.readUInt8(at++)
    }
    if (at + literals > end) throw new RangeError('an lz4 literal is too long')
    out.append(source, at, literals)
    at += literals
    if (at >= end) return // the last sequence has no match
    const distance = source.readUInt16LE(at)
    at += 2
    let length = token & 15
    if (length === 15) {
      for (let byte = 255; byte === 255; length += byte) byte = source.readUInt8(at++)
    }
    out.repeat(distance, length + SHORTEST_MATCH)
  }
}

/** One growing buffer over all blocks, so that matches reach back over block borders. */
class Output {
  #bytes: Buffer
  #end = 0
  readonly #maxBytes: number

  constructor (sizeHint: number, maxBytes: number) {
    this.#bytes = Buffer.allocUnsafe(Math.min(sizeHint, maxBytes))
    this.#maxBytes = maxBytes
  }

  append (source: Buffer, at: number, size: number): void {
    this.#reserve(size)
    source.copy(this.#bytes, this.#end, at, at + size)
    this.#end += size
  }

  repeat (distance: number, length: number): void {
    if (distance === 0 || distance > this.#end) throw new RangeError('an lz4 match is out of range')
    this.#reserve(length)
    const bytes = this.#bytes
    let end = this.#end
    for (const stop = end + length; end < stop; end++) bytes[end] = bytes[end - distance] ?? 0
    this.#end = end
  }

  finish (): Buffer {
    return this.#bytes.subarray(0, this.#end)
  }

  #reserve (size: number): void {
    const needed = this.#end + size
    if (needed <= this.#bytes.length) return
    if (needed > this.#maxBytes) throw new RangeError('an lz4 frame is too large')
    const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, this.#bytes.length * 2), this.#maxBytes))
    this.#bytes.copy(larger, 0, 0, this.#end)
    this.#bytes = larger
  }
}
