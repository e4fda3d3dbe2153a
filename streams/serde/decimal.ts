/**
 * The bytes of an Avro decimal: the unscaled value as two's complement, big-endian, in as few bytes as hold it (what Java's
 * BigInteger gives). Scale and precision are the schema's; here a value is always the unscaled integer.
 */

/** Bytes of a value of any size. */
export function encodeDecimal (value: bigint): Buffer {
  if (value >= -0x8000_0000_0000n && value <= 0x7fff_ffff_ffffn) return encodeSmall(Number(value))
  let length = 7
  while (BigInt.asIntN(length * 8, value) !== value) length++
  const bytes = Buffer.allocUnsafe(length)
  let rest = value
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

/**
 * The value of these bytes; sign bytes more than needed are read too, as other writers leave them.
 *
 * @throws {RangeError} when there are none: zero is one byte.
 */
export function decodeDecimal (bytes: Buffer): bigint {
  const { length } = bytes
  if (length === 0) throw new RangeError('a decimal has at least one byte')
  if (length <= 6) return BigInt(bytes.readIntBE(0, length))
  return BigInt.asIntN(length * 8, BigInt(`0x${bytes.toString('hex')}`)) // in linear time, however many bytes a stranger sends
}

/** Largest absolute value of a precision: 18 digits give 10^18 − 1. */
export function decimalLimit (precision: number): bigint {
  return 10n ** BigInt(precision) - 1n
}

/** Up to 48 bits, without bigint arithmetic: nearly every amount. */
function encodeSmall (value: number): Buffer {
  let length = 1
  let limit = 0x80
  while (value >= limit || value < -limit) {
    length++
    limit *= 0x100
  }
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeIntBE(value, 0, length)
  return bytes
}
