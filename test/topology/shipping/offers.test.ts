import { test } from 'tap'
import { chargedGrams, chooseOffer, shippingCost } from '../../../topology/shipping/offers.ts'

const byValue = [
  [0n, 'USPS', 'Standard'], [1_000_000n, 'USPS', 'Standard'], [1_000_001n, 'USPS', 'Priority'], [5_000_000n, 'USPS', 'Priority'],
  [5_000_001n, 'UPS', 'Ground'], [10_000_000n, 'UPS', 'Ground'], [10_000_001n, 'FedEx', 'Express']
] as const

for (const [total, carrier, service] of byValue) {
  test(`chooseOffer takes ${carrier} ${service} when the order is worth ${total} ten-thousandths`, t => {
    t.match(chooseOffer(total), { carrier, service })
    t.end()
  })
}

test('chooseOffer refuses when the value is negative', t => {
  t.throws(() => chooseOffer(-1n), RangeError)
  t.end()
})

const standard = (orderTotal: bigint, weightGrams: number) => shippingCost({ orderTotal, weightGrams, speed: 'standard' })

test('shippingCost is the base price when the parcel weighs up to 2 kg', t => {
  t.equal(standard(200_000n, 2_000), 49_900n)
  t.equal(standard(2_000_000n, 0), 99_900n)
  t.end()
})

test('shippingCost adds 1.00 per kilogram to the gram when the parcel is heavier', t => {
  t.equal(standard(200_000n, 3_000), 59_900n)
  t.equal(standard(200_000n, 2_001), 49_910n)
  t.end()
})

test('shippingCost is nothing when the order is worth more than 500', t => {
  t.equal(standard(5_000_001n, 90_000), 0n)
  t.equal(standard(5_000_000n, 2_000), 99_900n)
  t.end()
})

for (const [speed, surcharge] of [['standard', 0n], ['express', 50_000n], ['overnight', 150_000n], ['sameDay', 250_000n]] as const) {
  test(`shippingCost adds ${surcharge} ten-thousandths when it is to be ${speed}, whatever the order is worth`, t => {
    t.equal(shippingCost({ orderTotal: 200_000n, weightGrams: 0, speed }), 49_900n + surcharge)
    t.equal(shippingCost({ orderTotal: 6_000_000n, weightGrams: 0, speed }), surcharge)
    t.end()
  })
}

test('chargedGrams is the weight or the room in 5,000 cm³ a kilogram, whichever is more', t => {
  t.equal(chargedGrams(2_500, 0), 2_500)
  t.equal(chargedGrams(500, 20_000), 4_000)
  t.equal(chargedGrams(4_000, 20_000), 4_000)
  t.equal(chargedGrams(0, 1), 1, 'up to the next gram')
  t.end()
})
