/** Starts the block framing that Java clients put around snappy: magic, two versions, then blocks with a 32-bit length. */
const FRAMED = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0])
const FRAME_HEADER = 16
/** A copy of three bytes gives 64 at most: a block that says it unpacks to more than this many times its size lies. */
const MOST_PER_BYTE = 22

/**
 * Unpacks snappy, framed as Java clients do or as one raw block.
 *
 * @throws {RangeError} when the bytes are not snappy or unpack to more than `maxBytes`.
 * @source snappy format description; the framing of snappy-java's output stream
 */
export function unpackSnappy (bytes: Buffer, maxBytes: number): Buffer {
  if (!bytes.subarray(0, FRAMED.length).equals(FRAMED)) return unpackBlock(bytes, maxBytes)
  const blocks: Buffer[] = []
  let room = maxBytes
  for (let at = FRAME_HEADER; at < bytes.length;) {
    const size = bytes.readInt32BE(at)
    if (size < 0 || at + 4 + size > bytes.length) throw new RangeError('a snappy block ends early')
    const block = unpackBlock(bytes.subarray(at + 4, at + 4 + size), room)
    room -= block.length
    blocks.push(block)
    at += 4 + size
  }
  return Buffer.concat(blocks)
}

function unpackBlock (source: Buffer, maxBytes: number): Buffer {
  let at = 0
  let size = 0
  for (let scale = 1, byte = 128; byte > 127; scale *= 128) {
    byte = source.readUInt8(at++)
    size += (byte & 127) * scale
    if (size > maxBytes || size > source.length * MOST_PER_BYTE) throw new RangeError('a snappy block is too large')
  }
  const target = Buffer.allocUnsafe(size)
  let end = 0
  while (at < source.length) {
    const tag = source.readUInt8(at++)
    if ((tag & 3) === 0) {
      let length = tag >> 2
      if (length >= 60) {
        const extra = length - 59
        length = source.readUIntLE(at, extra)
        at += extra
      }
      length++
      if (at + length > source.length || end + length > size) throw new RangeError('a snappy literal is too long')
      source.copy(target, end, at, at + length)
      at += length
      end += length
      continue
    }
    let length = (tag >> 2) + 1
    let distance: number
    if ((tag & 3) === 1) {
      length = (tag >> 2 & 7) + 4
      distance = (tag >> 5) << 8 | source.readUInt8(at++)
    } else if ((tag & 3) === 2) {
      distance = source.readUInt16LE(at)
      at += 2
    } else {
      distance = source.readUInt32LE(at)
      at += 4
    }
    if (distance === 0 || distance > end || end + length > size) throw new RangeError('a snappy copy is out of range')
    for (const stop = end + length; end < stop; end++) target[end] = target[end - distance] ?? 0
  }
  if (end !== size) throw new RangeError('a snappy block ends early')
  return target
}
