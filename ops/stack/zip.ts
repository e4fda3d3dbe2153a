import { inflateRawSync } from 'node:zlib'

/**
 * The content of one entry of a zip or jar file, or undefined when it has none of that name. Reads the central directory, as the
 * format asks; knows stored and deflated entries below 4 GB, which is all that jars hold.
 *
 * @throws {Error} when the bytes are not a zip file or the entry is packed in another way.
 * @source PKWARE APPNOTE 4.3
 */
export function readZipEntry (zip: Buffer, name: string): Buffer | undefined {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0) throw new Error('not a zip file')
  const entries = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let index = 0; index < entries; index++) {
    const nameBytes = zip.readUInt16LE(at + 28)
    if (zip.toString('utf8', at + 46, at + 46 + nameBytes) === name) {
      return unpack(zip, { method: zip.readUInt16LE(at + 10), packedBytes: zip.readUInt32LE(at + 20), localHeader: zip.readUInt32LE(at + 42) })
    }
    at += 46 + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return undefined
}

function unpack (zip: Buffer, entry: { method: number, packedBytes: number, localHeader: number }): Buffer {
  const start = entry.localHeader + 30 + zip.readUInt16LE(entry.localHeader + 26) + zip.readUInt16LE(entry.localHeader + 28)
  const packed = zip.subarray(start, start + entry.packedBytes)
  if (entry.method === 0) return Buffer.from(packed)
  if (entry.method === 8) return inflateRawSync(packed)
  throw new Error(`zip method ${entry.method} is not known`)
}
