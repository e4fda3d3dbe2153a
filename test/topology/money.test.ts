import fc from 'fast-check'
import { test } from 'tap'
import { formatMoney, isCurrency, isMoney, maxMoney, multiplyMoney, parseMoney, sumMoney } from '../../topology/money.ts'

test('money keeps every digit when it is read and written', t => {
  fc.assert(fc.property(fc.bigInt({ min: -maxMoney, max: maxMoney }), amount => parseMoney(formatMoney(amount)) === amount))
  t.end()
})

test('money is read exactly', t => {
  for (const [text, amount] of [['0', 0n], ['12', 120_000n], ['0.1', 1000n], ['-0.0001', -1n], ['2.55', 25_500n], ['99999999999999.9999', maxMoney]] as const) {
    t.equal(parseMoney(text), amount, text)
  }
  t.end()
})

test('money is refused when it is not an exact decimal of four places', t => {
  for (const text of ['', '.', '1.', '.5', '1.23456', '1e3', '+1', '1,5', ' 1', '--1', '0x10', '100000000000000', 'NaN']) t.equal(parseMoney(text), undefined, text)
  t.end()
})

test('money is written with four decimals', t => {
  t.equal(formatMoney(0n), '0.0000')
  t.equal(formatMoney(-1n), '-0.0001')
  t.equal(formatMoney(106_556_224_840n), '10655622.4840')
  t.end()
})

test('a sum of lines has no rounding', t => {
  t.equal(sumMoney([multiplyMoney(1n, 3), multiplyMoney(33_333n, 3)]), 100_002n)
  t.equal(sumMoney([]), 0n)
  t.throws(() => multiplyMoney(1n, 0.5), RangeError)
  t.end()
})

test('an amount beyond decimal(18,4) is not money', t => {
  t.ok(isMoney(-maxMoney))
  t.notOk(isMoney(maxMoney + 1n))
  t.end()
})

test('a currency is an active ISO 4217 code in capitals', t => {
  for (const code of ['GBP', 'EUR', 'JPY', 'KWD']) t.ok(isCurrency(code), code)
  for (const code of ['gbp', 'DEM', 'XXX', '', 'EURO', 'XAU']) t.notOk(isCurrency(code), code)
  t.end()
})
