import { crc32, deflateRawSync } from 'node:zlib'
import { test } from 'tap'
import { readZipEntry } from '../../../ops/stack/zip.ts'

/** A zip file, as small as the format allows. */
function zip (entries: ReadonlyArray<{ readonly name: string, readonly data: Buffer, readonly method: number }>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const { name, data, method } of entries) {
    const packed = method === 8 ? deflateRawSync(data) : data
    const head = Buffer.alloc(30)
    head.writeUInt32LE(0x04034b50, 0)
    head.writeUInt16LE(method, 8)
    head.writeUInt32LE(crc32(data), 14)
    head.writeUInt32LE(packed.length, 18)
    head.writeUInt32LE(data.length, 22)
    head.writeUInt16LE(name.length, 26)
    const extra = Buffer.from('extra')
    head.writeUInt16LE(extra.length, 28)
    locals.push(head, Buffer.from(name), extra, packed)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(method, 10)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(data.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt32LE(offset, 42)
    centrals.push(central, Buffer.from(name))
    offset += head.length + name.length + extra.length + packed.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}

test('an entry of a zip file is read when it is stored or deflated', async t => {
  const data = Buffer.from('redis'.repeat(1000))
  const bytes = zip([{ name: 'META-INF/x', data: Buffer.from('first'), method: 0 }, { name: 'redis-server', data, method: 8 }])
  t.same(readZipEntry(bytes, 'redis-server'), data)
  t.equal(readZipEntry(bytes, 'META-INF/x')?.toString(), 'first')
  t.equal(readZipEntry(bytes, 'nothing'), undefined)
})

test('bytes are refused when they are no zip file or packed in another way', async t => {
  t.throws(() => readZipEntry(Buffer.from('hello'), 'x'), { message: 'not a zip file' })
  t.throws(() => readZipEntry(zip([{ name: 'x', data: Buffer.from('y'), method: 12 }]), 'x'), { message: 'zip method 12 is not known' })
})
