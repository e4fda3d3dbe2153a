import assert from 'node:assert/strict'
import { test } from 'tap'
import fc from 'fast-check'
import { decimalLimit, decodeDecimal, encodeDecimal } from '../../../streams/serde/decimal.ts'

const vectors: ReadonlyArray<readonly [bigint, string]> = [
  [0n, '00'], [1n, '01'], [-1n, 'ff'], [127n, '7f'], [128n, '0080'], [-128n, '80'], [-129n, 'ff7f'], [255n, '00ff'], [256n, '0100'],
  [0x7fff_ffff_ffffn, '7fffffffffff'], [0x8000_0000_0000n, '00800000000000'], [-0x8000_0000_0000n, '800000000000'],
  [-0x8000_0000_0001n, 'ff7fffffffffff'], [999_999_999_999_999_999n, '0de0b6b3a763ffff'], [-999_999_999_999_999_999n, 'f21f494c589c0001'],
  [10n ** 30n, '0c9f2c9cd04674edea40000000']
]

test('decimal bytes are those of a Java BigInteger', async t => {
  for (const [value, hex] of vectors) {
    t.equal(encodeDecimal(value).toString('hex'), hex, String(value))
    t.equal(decodeDecimal(Buffer.from(hex, 'hex')), value, hex)
  }
})

test('decimal gives back every value that it encoded, in as few bytes as hold it', async t => {
  fc.assert(fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), value => {
    const bytes = encodeDecimal(value)
    assert.equal(decodeDecimal(bytes), value)
    if (bytes.length > 1) assert.notEqual(BigInt.asIntN((bytes.length - 1) * 8, value), value)
  }), { numRuns: 2_000 })
  t.pass('no counterexample')
})

test('decimal reads sign bytes that another writer left', async t => {
  fc.assert(fc.property(fc.bigInt(-(10n ** 18n), 10n ** 18n), fc.nat(12), (value, extra) => {
    const padded = Buffer.concat([Buffer.alloc(extra, value < 0n ? 0xff : 0), encodeDecimal(value)])
    assert.equal(decodeDecimal(padded), value)
  }))
  t.pass('no counterexample')
})

test('decimal refuses no bytes at all', async t => {
  t.throws(() => decodeDecimal(Buffer.alloc(0)), RangeError)
})

test('decimal limit is the largest value of the precision', async t => {
  t.equal(decimalLimit(18), 999_999_999_999_999_999n)
  t.equal(decimalLimit(1), 9n)
})
