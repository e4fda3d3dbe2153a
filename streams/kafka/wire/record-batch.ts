/**
 * The header of a record batch, version 2: byte positions, attribute bits, and the varint sizes that both directions need.
 *
 * @source Kafka documentation, message format
 */
export const batchLayout = {
  baseOffset: 0,
  length: 8,
  leaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  count: 57,
  records: 61
} as const

/** `baseOffset` and `length` come before what `length` counts. */
export const LENGTH_FROM = 12

export const MAGIC = 2

export const attributeBits = { codec: 0b111, logAppendTime: 1 << 3, transactional: 1 << 4, control: 1 << 5 } as const

/** Bytes of a zigzag varint; exact for −2^31 … 2^31 − 1. */
export function varIntSize (value: number): number {
  const zigzag = (value << 1 ^ value >> 31) >>> 0
  if (zigzag < 0x80) return 1
  if (zigzag < 0x4000) return 2
  if (zigzag < 0x200000) return 3
  return zigzag < 0x10000000 ? 4 : 5
}
