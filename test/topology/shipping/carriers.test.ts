import { test } from 'tap'
import { chooseCarrier, shippingCost } from '../../../topology/shipping/carriers.ts'

const byValue = [
  [0n, 'USPS', 'Standard'], [1_000_000n, 'USPS', 'Standard'], [1_000_001n, 'USPS', 'Priority'], [5_000_000n, 'USPS', 'Priority'],
  [5_000_001n, 'UPS', 'Ground'], [10_000_000n, 'UPS', 'Ground'], [10_000_001n, 'FedEx', 'Express']
] as const

for (const [total, carrier, service] of byValue) {
  test(`chooseCarrier takes ${carrier} ${service} when the order is worth ${total} ten-thousandths`, t => {
    t.match(chooseCarrier(total), { carrier, service })
    t.end()
  })
}

test('chooseCarrier refuses when the value is negative', t => {
  t.throws(() => chooseCarrier(-1n), RangeError)
  t.end()
})

test('shippingCost is the base price when the parcel weighs up to 2 kg', t => {
  t.equal(shippingCost(200_000n, 2_000), 49_900n)
  t.equal(shippingCost(2_000_000n, 0), 99_900n)
  t.end()
})

test('shippingCost adds 1.00 per kilogram to the gram when the parcel is heavier', t => {
  t.equal(shippingCost(200_000n, 3_000), 59_900n)
  t.equal(shippingCost(200_000n, 2_001), 49_910n)
  t.end()
})

test('shippingCost is nothing when the order is worth more than 500', t => {
  t.equal(shippingCost(5_000_001n, 90_000), 0n)
  t.equal(shippingCost(5_000_000n, 2_000), 99_900n)
  t.end()
})
