const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/**
 * The 32-bit murmur2 hash of Java's default partitioner, signed.
 *
 * @source Kafka's default partitioner: murmur2 with seed 0x9747b28c
 */
export function murmur2 (bytes: Uint8Array): number {
  const length = bytes.length
  let hash = SEED ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let word = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16 | (bytes[at + 3] ?? 0) << 24
    word = Math.imul(word, MULTIPLIER)
    word ^= word >>> 24
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER)
  }
  if (at < length) {
    for (let tail = length - 1; tail >= at; tail--) hash ^= (bytes[tail] ?? 0) << 8 * (tail - at)
    hash = Math.imul(hash, MULTIPLIER)
  }
  hash ^= hash >>> 13
  hash = Math.imul(hash, MULTIPLIER)
  return hash ^ hash >>> 15
}

/**
 * The partition of a key: what a Java or kafkajs producer chooses for the same bytes. A string is taken as UTF-8.
 *
 * Pure: the same key and count give the same partition for ever, so a topic's partition count must never change.
 */
export function partitionOf (key: Uint8Array | string, partitions: number): number {
  return (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions
}
