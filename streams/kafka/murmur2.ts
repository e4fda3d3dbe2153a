const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/**
 * Java's murmur2 as a signed 32-bit integer: what Kafka's own producers hash keys with.
 *
 * @source Kafka: org.apache.kafka.common.utils.Utils.murmur2 (algorithm by Austin Appleby)
 */
export function murmur2 (bytes: Buffer): number {
  const length = bytes.length
  const tail = length & ~3
  let h = SEED ^ length
  for (let at = 0; at < tail; at += 4) {
    let k = Math.imul(bytes.readInt32LE(at), MULTIPLIER)
    k ^= k >>> 24
    h = Math.imul(h, MULTIPLIER) ^ Math.imul(k, MULTIPLIER)
  }
  const left = length - tail
  if (left > 0) {
    if (left === 3) h ^= (bytes[tail + 2] as number) << 16
    if (left >= 2) h ^= (bytes[tail + 1] as number) << 8
    h = Math.imul(h ^ (bytes[tail] as number), MULTIPLIER)
  }
  h = Math.imul(h ^ (h >>> 13), MULTIPLIER)
  return h ^ (h >>> 15)
}

/** The partition of a key, as Kafka's default partitioner: murmur2, sign bit cleared, modulo. */
export function partitionOf (key: string | Buffer, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions
}
