import { type BackOrderState, type StockState } from '#schemas'
import fc from 'fast-check'
import { test } from 'tap'
import { type Queued, chooseFills, letsFill, placeOf, queuePrefix } from '../../../topology/inventory/back-orders.ts'
import { claimStock, openStock, unclaimed } from '../../../topology/inventory/stock.ts'

const orderIdOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
type Wish = Readonly<Record<string, number>>

/** Who waits, oldest first, each with what it asks for by SKU. */
function queues (wishes: readonly Wish[]) {
  const entries = wishes.map((wish, index): Queued => {
    const pieces = Object.entries(wish).map(([sku, quantity]) => ({ sku, quantity }))
    const entry: BackOrderState = { type: 'BackOrderState', orderId: orderIdOf(index), attempt: 1, partition: 0, pieces }
    return { place: placeOf({ waitsSince: index, orderId: entry.orderId, attempt: 1 }), entry }
  })
  return (sku: string): readonly Queued[] => entries.filter(({ entry }) => entry.pieces.some(piece => piece.sku === sku))
}

/** Numbers of those who are filled from the queue of A when so much is free. */
function filled (wishes: readonly Wish[], free: Wish, limit = 16): readonly number[] {
  const stocks = new Map(Object.entries(free).map(([sku, pieces]) => [sku, openStock(sku, pieces, 0)]))
  return chooseFills('A', queues(wishes), sku => stocks.get(sku), limit).map(entry => Number(entry.orderId.slice(-12)))
}

const cases: ReadonlyArray<readonly [what: string, wishes: readonly Wish[], free: Wish, expected: readonly number[]]> = [
  ['nobody waits', [], { A: 5 }, []],
  ['nothing is free', [{ A: 1 }], { A: 0 }, []],
  ['the SKU is not known', [{ A: 1 }], {}, []],
  ['there is enough for the oldest', [{ A: 3 }, { A: 1 }], { A: 3 }, [0]],
  ['there is enough for a younger one only: the oldest is not passed', [{ A: 3 }, { A: 1 }], { A: 2 }, []],
  ['there is enough for both', [{ A: 3 }, { A: 1 }], { A: 4 }, [0, 1]],
  ['there is enough for the first and the third: the second is not passed', [{ A: 1 }, { A: 3 }, { A: 1 }], { A: 3 }, [0]],
  ['the oldest waits for another SKU: what it needs is left to it, the rest is not', [{ A: 2, B: 1 }, { A: 1 }], { A: 3, B: 0 }, [1]],
  ['the oldest waits for another SKU, and there is no more than it needs', [{ A: 2, B: 1 }, { A: 1 }], { A: 2, B: 0 }, []],
  ['everything that the oldest needs is there', [{ A: 2, B: 1 }], { A: 2, B: 1 }, [0]],
  ['an older one has a claim on the other SKU', [{ B: 2 }, { A: 1, B: 1 }], { A: 5, B: 2 }, []],
  ['there is enough of the other SKU beyond the claim of an older one', [{ B: 2 }, { A: 1, B: 1 }], { A: 5, B: 3 }, [1]]
]
for (const [what, wishes, free, expected] of cases) {
  test(`the queue fills ${expected.length === 0 ? 'nobody' : expected.join(' and ')} when ${what}`, t => {
    t.same(filled(wishes, free), expected)
    t.end()
  })
}

test('a large delivery fills the first of the queue, and leaves the rest for the next time', t => {
  t.same(filled(Array.from({ length: 20 }, () => ({ A: 1 })), { A: 100 }, 16), Array.from({ length: 16 }, (_, index) => index))
  t.end()
})

test('the queue is read no further than what is free reaches', t => {
  let read = 0
  const all = queues(Array.from({ length: 1_000 }, () => ({ A: 1 })))('A')
  const counted = function * (): Generator<Queued> { for (const entry of all) { read++; yield entry } }
  t.equal(chooseFills('A', counted, () => openStock('A', 3, 0), 16).length, 3)
  t.ok(read <= 8, `${read} read`)
  t.end()
})

const wishesArb = fc.array(fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.integer({ min: 1, max: 4 }), { minKeys: 1, maxKeys: 3 }), { maxLength: 12 })
const freeArb = fc.record({ A: fc.integer({ min: 0, max: 12 }), B: fc.integer({ min: 0, max: 12 }), C: fc.integer({ min: 0, max: 12 }) })

test('nobody is filled with a piece that an older one waits for, and no one that can be filled is left, whoever waits for what', t => {
  fc.assert(fc.property(wishesArb, freeArb, (wishes, free) => {
    const chosen = new Set(filled(wishes, free))
    const left: Record<string, number> = { ...free }
    for (const [index, wish] of wishes.entries()) {
      const fits = Object.entries(wish).every(([sku, quantity]) => (left[sku] ?? 0) >= quantity)
      if ('A' in wish && fits !== chosen.has(index)) throw new Error(`${index} of ${JSON.stringify(wishes)} with ${JSON.stringify(free)}`)
      for (const [sku, quantity] of Object.entries(wish)) left[sku] = Math.max(0, (left[sku] ?? 0) - quantity)
    }
  }), { numRuns: 1_000 })
  t.pass('a thousand queues')
  t.end()
})

test('places are in the order of age, then of the order id', t => {
  const places = [[5, 2], [40, 1], [40, 3], [1_700_000_000_000, 0]]
    .map(([waitsSince = 0, index = 0]) => placeOf({ waitsSince, orderId: orderIdOf(index), attempt: 1 }))
  t.same(places, [...places].sort())
  t.end()
})

test('the queue of a SKU holds nobody who waits for a SKU that begins like it', t => {
  t.notOk(`${queuePrefix('A/B')}x`.startsWith(queuePrefix('A')))
  t.notOk(`${queuePrefix('AB')}x`.startsWith(queuePrefix('A')))
  t.end()
})

test('a new order has what nobody waits for, and never less than nothing', t => {
  const stock = openStock('A', 10, 0)
  t.equal(unclaimed(claimStock(stock, 4)), 6)
  t.equal(unclaimed(claimStock(stock, 14)), 0)
  t.equal(claimStock(stock, 4).version, stock.version, 'no piece moves')
  t.throws(() => claimStock(stock, -1), RangeError)
  t.end()
})

test('those who wait are looked through when more is free for them than before, and only then', t => {
  const stock = (onHand: number, reserved: number, waiting: number): StockState => ({ ...openStock('A', 20, 0), onHand, reserved, waiting })
  t.equal(letsFill(stock(5, 0, 8), stock(6, 0, 8)), true, 'a delivery')
  t.equal(letsFill(stock(5, 5, 8), stock(5, 3, 8)), true, 'a release')
  t.equal(letsFill(stock(5, 0, 8), stock(5, 0, 6)), true, 'somebody waits no longer')
  t.equal(letsFill(stock(5, 0, 8), stock(5, 3, 5)), false, 'somebody was filled')
  t.equal(letsFill(stock(5, 0, 8), stock(4, 0, 8)), false, 'a write-off')
  t.equal(letsFill(stock(5, 5, 8), stock(5, 5, 6)), false, 'nothing is free')
  t.equal(letsFill(stock(5, 0, 0), stock(9, 0, 0)), false, 'nobody waits')
  t.end()
})
