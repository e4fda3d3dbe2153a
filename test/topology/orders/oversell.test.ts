import { test } from 'tap'
import { describeViolation } from '../../../topology/audit/law.ts'
import { checkStock } from '../../../topology/audit/laws.ts'
import { dice } from '../audit/troubled-play.ts'
import { line, placeOrder } from './order-fixtures.ts'
import { ShopWorld } from './shop-world.ts'
import { StockWorld } from './stock-world.ts'

const orderIdOf = (index: number): string => `0b8e3c1a-5d0e-4c0e-9c54-${index.toString(16).padStart(12, '0')}`
const runs = 100
const orders = 100

/** A hundred orders of one piece each, of a SKU that has ten, and of one in another partition that has plenty. */
function crowd (seed: number, onShortage: 'reject' | 'amend' | 'backorder') {
  const stock = new StockWorld({ 'P0-mug': 10, 'P1-bag': 1_000 })
  const shop = new ShopWorld(stock)
  const roll = dice(seed)
  for (let index = 0; index < orders; index++) {
    shop.place(placeOrder({ orderId: orderIdOf(index), onShortage, lines: [line('P0-mug', { quantity: 1 }), line('P1-bag', { lineNo: 2, quantity: 3 })] }))
  }
  shop.drain(roll)
  const count = (state: string): number => [...shop.shoppers.values()].filter(({ order }) => order.view.state === state).length
  return { stock, shop, roll, count }
}

test('a hundred orders at once on ten units confirm ten and compensate ninety, in a hundred seeded runs', t => {
  for (let seed = 1; seed <= runs; seed++) {
    const { stock, shop, count } = crowd(seed, 'reject')
    const found = { confirmed: count('Confirmed'), cancelled: count('Cancelled') }
    const [mug, bag] = stock.stocks
    const isRight = found.confirmed === 10 && found.cancelled === 90 && mug?.onHand === 0 && mug.deducted === 10 && mug.reserved === 0 &&
      bag?.deducted === 30 && bag.reserved === 0 && [...shop.shoppers.values()].every(({ outcomes }) => outcomes.length === 1)
    if (!isRight) t.fail(`seed ${seed}: ${JSON.stringify({ ...found, mug, bag })}`)
  }
  t.pass(`${runs} runs`)
  t.end()
})

test('the stock law holds when a hundred orders meet on ten units, in every one of the seeded runs', t => {
  for (let seed = 1; seed <= runs; seed++) {
    const { stock } = crowd(seed, 'backorder')
    const { violations } = checkStock(stock.stocks, stock.reservations)
    if (violations.length > 0) t.fail(`seed ${seed}: ${violations.map(describeViolation).join('; ')}`)
  }
  t.pass(`${runs} runs`)
  t.end()
})

test('ninety orders of a hundred wait for stock, and are confirmed when it comes, whatever overtakes what', t => {
  for (let seed = 1; seed <= 20; seed++) {
    const { shop, stock, roll, count } = crowd(seed, 'backorder')
    t.same([count('Confirmed'), count('BackOrdered')], [10, 90], `seed ${seed}`)
    t.equal(stock.stocks.find(({ sku }) => sku === 'P1-bag')?.reserved, 0, 'who waits for a lower partition holds nothing of a higher one')
    for (let delivery = 0; delivery < 9; delivery++) {
      shop.restock('P0-mug', 10)
      shop.drain(roll)
    }
    t.same([count('Confirmed'), count('BackOrdered')], [100, 0], `seed ${seed}`)
  }
  t.end()
})

test('those who wait are filled in the order of their age when the stock comes piece by piece', t => {
  const { shop, stock, roll } = crowd(7, 'backorder')
  const placeOf = new Map(stock.reservations.filter(row => row.status === 'waiting').map(row => [row.orderId, `${row.waitsSince}/${row.orderId}`]))
  for (let piece = 0; piece < 90; piece++) {
    shop.restock('P0-mug', 1)
    shop.drain(roll)
  }
  const filled = shop.story.filter(([orderId, type]) => type === 'OrderInventoryReserved' && placeOf.has(orderId)).map(([orderId]) => placeOf.get(orderId))
  t.equal(filled.length, 90)
  t.same(filled, [...filled].sort(), 'oldest first')
  t.end()
})

test('ninety orders of a hundred ask their customers, hold nothing meanwhile, and end when nobody comes', t => {
  const { shop, stock, roll, count } = crowd(3, 'amend')
  t.same([count('Confirmed'), count('ActionRequired')], [10, 90])
  t.ok(stock.stocks.every(({ reserved, waiting }) => reserved === 0 && waiting === 0))
  while (shop.fireTimers()) shop.drain(roll)
  t.same([count('Confirmed'), count('TimedOut')], [10, 90])
  t.end()
})
