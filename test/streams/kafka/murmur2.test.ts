import { createRequire } from 'node:module'
import fc from 'fast-check'
import { test } from 'tap'
import { murmur2, partitionOf } from '../../../streams/kafka/murmur2.ts'

const load = createRequire(import.meta.url)

test('murmur2 gives the hashes of the Java client when keys have any length', async (t) => {
  // From the Java client's own test of its hash.
  const expected: Array<[string, number]> = [
    ['21', -973932308], ['foobar', -790332482], ['a-little-bit-long-string', -985981536], ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971], ['abc', 479470107]
  ]
  for (const [key, hash] of expected) t.equal(murmur2(Buffer.from(key)), hash, key)
})

test('murmur2 agrees with the hash of kafkajs when keys are random bytes', async () => {
  const reference = load('kafkajs/src/producer/partitioners/default/murmur2') as (key: Buffer) => number
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => murmur2(bytes) === (reference(Buffer.from(bytes)) | 0)), { numRuns: 2_000 })
})

test('partitionOf gives a partition of the topic when the hash is negative', async (t) => {
  t.ok(murmur2(Buffer.from('foobar')) < 0)
  t.equal(partitionOf('foobar', 6), (-790332482 & 0x7fffffff) % 6)
  t.equal(partitionOf(Buffer.from('foobar'), 6), partitionOf('foobar', 6))
  fc.assert(fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (key, count) => {
    const partition = partitionOf(key, count)
    return partition >= 0 && partition < count
  }))
})
