import { test } from 'tap'
import { type PlaceOrder } from '#schemas'
import { type RejectionCode, priceOrder, rejectionCodes } from '../../../topology/orders/price-order.ts'
import { catalog, line, placeOrder, product } from './order-fixtures.ts'

const env = (trusted = false) => ({ trusted, product: (sku: string) => catalog.get(sku) })

const broken: ReadonlyArray<readonly [what: string, code: RejectionCode, field: string, change: Partial<PlaceOrder>, trusted?: boolean]> = [
  ['the order id is no UUID', 'order-id-invalid', '/orderId', { orderId: '42' }],
  ['the order id is in capitals', 'order-id-invalid', '/orderId', { orderId: '0B8E3C1A-5D0E-4C0E-9C54-0A6F0F7F8A01' }],
  ['the order was placed before 1970', 'placed-at-invalid', '/placedAt', { placedAt: -1 }],
  ['the order was placed in the year 2200', 'placed-at-invalid', '/placedAt', { placedAt: Date.UTC(2200) }],
  ['the time of the order is no time at all', 'placed-at-invalid', '/placedAt', { placedAt: Number.MAX_SAFE_INTEGER }],
  ['the currency does not exist', 'currency-unknown', '/currency', { currency: 'ABC' }],
  ['there is no line', 'lines-missing', '/lines', { lines: [] }],
  ['there are 10,001 lines', 'lines-too-many', '/lines', { lines: Array.from({ length: 10_001 }, (_, index) => line('P0-mug', { lineNo: index + 1 })) }],
  ['a line number is 0', 'line-number-invalid', '/lines/0/lineNo', { lines: [line('P0-mug', { lineNo: 0 })] }],
  ['two lines have one number', 'line-number-duplicate', '/lines/1/lineNo', { lines: [line('P0-mug'), line('P1-bag')] }],
  ['a quantity is 0', 'quantity-invalid', '/lines/0/quantity', { lines: [line('P0-mug', { quantity: 0 })] }],
  ['a quantity is negative', 'quantity-invalid', '/lines/1/quantity', { lines: [line('P0-mug'), line('P0-mug', { lineNo: 2, quantity: -3 })] }],
  ['a SKU is not in the catalog', 'sku-unknown', '/lines/0/sku', { lines: [line('NOPE')] }],
  ['a product has no price in the currency', 'price-missing', '/lines/0/sku', { lines: [line('P0-euro')] }],
  ['a quoted price is negative', 'price-invalid', '/lines/0/quotedUnitPrice', { lines: [line('P0-mug', { quotedUnitPrice: -1n })] }, true],
  ['the total does not fit', 'total-too-large', '/lines', { lines: [line('P0-mug', { quotedUnitPrice: 900_000_000_000_000_000n })] }, true]
]

for (const [what, code, field, change, trusted] of broken) {
  test(`priceOrder rejects with ${code} when ${what}`, t => {
    const answer = priceOrder(placeOrder(change), env(trusted))
    t.match(answer, { code, field })
    t.ok('message' in answer && answer.message.startsWith(rejectionCodes[code]))
    t.end()
  })
}

test('priceOrder takes 10,000 lines when there are as many as allowed', t => {
  const lines = Array.from({ length: 10_000 }, (_, index) => line('P0-mug', { lineNo: index + 1, quantity: 1 }))
  t.match(priceOrder(placeOrder({ lines }), env()), { total: 1_000_000_000n, weightGrams: 5_000_000 })
  t.end()
})

test('priceOrder takes price, version and stock from the catalog when the order is valid', t => {
  const answer = priceOrder(placeOrder({ lines: [line('P0-box', { quantity: 3 }), line('POST', { lineNo: 2, quantity: 1 })] }), env())
  t.same(answer, {
    lines: [
      { lineNo: 1, sku: 'P0-box', quantity: 3, unitPrice: 25_500n, lineTotal: 76_500n, priceSource: 'catalog', catalogVersion: 3, stocked: true },
      { lineNo: 2, sku: 'POST', quantity: 1, unitPrice: 100_000n, lineTotal: 100_000n, priceSource: 'catalog', catalogVersion: 3, stocked: false }
    ],
    total: 176_500n,
    weightGrams: 1_500,
    volumeCm3: 0,
    quotedIgnored: false
  })
  t.end()
})

test('priceOrder uses the price of the currency of the order when the product has several', t => {
  t.match(priceOrder(placeOrder({ currency: 'EUR', lines: [line('P0-box', { quantity: 1 })] }), env()), { total: 30_000n })
  t.end()
})

test('priceOrder ignores and records quoted prices when the sender is not trusted', t => {
  const answer = priceOrder(placeOrder({ lines: [line('P0-mug', { quotedUnitPrice: 1n })] }), env())
  t.match(answer, { total: 200_000n, quotedIgnored: true, lines: [{ priceSource: 'catalog' }] })
  t.end()
})

test('priceOrder uses quoted prices when the sender is trusted', t => {
  const lines = [line('P0-mug', { quotedUnitPrice: 12_345n }), line('P0-euro', { lineNo: 2, quotedUnitPrice: 0n }), line('P0-mug', { lineNo: 3 })]
  const answer = priceOrder(placeOrder({ lines }), env(true))
  t.match(answer, { total: 24_690n + 200_000n, quotedIgnored: false, lines: [{ priceSource: 'quoted' }, { priceSource: 'quoted' }, { priceSource: 'catalog' }] })
  t.end()
})

test('priceOrder keeps the same SKU in several lines when an order repeats it', t => {
  const answer = priceOrder(placeOrder({ lines: [line('P0-mug'), line('P0-mug', { lineNo: 2 })] }), env())
  t.match(answer, { total: 400_000n })
  t.end()
})

test('priceOrder caps the weight when it would not fit an Avro int', t => {
  const heavy = { trusted: false, product: () => product('P0-mug', { weightGrams: 2_000_000_000, prices: [{ currency: 'GBP', amount: 1n }] }) }
  t.match(priceOrder(placeOrder({ lines: [line('P0-mug', { quantity: 1_000 })] }), heavy), { weightGrams: 2_147_483_647 })
  t.end()
})

test('rejection messages name no value of the sender when the value is free text', t => {
  for (const [, , , change, trusted] of broken) {
    const answer = priceOrder(placeOrder(change), env(trusted))
    t.notMatch('message' in answer ? answer.message : '', /NOPE|ABC/)
  }
  t.end()
})

for (const status of ['draft', 'unpublished', 'archived'] as const) {
  test(`an order for a product that is ${status} is refused, but for what was sold elsewhere and comes by the trusted topic`, t => {
    const env = (trusted: boolean) => ({ product: (sku: string) => product(sku, { status }), trusted })
    const order = (channel: PlaceOrder['channel']) => placeOrder({ channel, lines: [line('P0-mug', { quotedUnitPrice: 50_000n })] })
    for (const channel of ['storefront', 'api'] as const) {
      t.match(priceOrder(order(channel), env(false)), { code: 'product-not-for-sale', field: '/lines/0/sku' })
      t.match(priceOrder(order(channel), env(true)), { code: 'product-not-for-sale' })
    }
    for (const channel of ['import', 'backoffice'] as const) {
      t.match(priceOrder(order(channel), env(true)), { lines: [{ unitPrice: 50_000n }] })
      t.match(priceOrder(order(channel), env(false)), { code: 'product-not-for-sale' }, 'whoever cannot quote prices cannot sell what is not for sale')
    }
    t.end()
  })
}
