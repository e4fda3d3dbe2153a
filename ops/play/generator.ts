import { type ListedProduct } from './catalog.ts'
import { createRandom, type Random } from './random.ts'
import { runUuid } from './run-id.ts'
import { nameParts, shelve } from './shelves.ts'

/** What a generated order is made to run into; decided by the seed alone. */
export type Fate = 'fulfilled' | 'cancelled' | 'declined' | 'short'

/** A product before anybody has ordered it. */
export type GeneratedProduct = Omit<ListedProduct, 'openingStock'>

export interface GeneratedOrder {
  readonly index: number
  readonly orderId: string
  readonly customerId: string | null
  readonly currency: string
  /** Simulated time of the order, epoch ms. */
  readonly placedAtMs: number
  readonly lines: ReadonlyArray<{ readonly lineNo: number, readonly sku: string, readonly quantity: number }>
  readonly token: string
  readonly fate: Fate
}

export interface Workload {
  readonly products: readonly GeneratedProduct[]
  /** Units of each SKU at the start: what all orders together ask for (a short one before it is made short), times the stock share. */
  readonly openingStock: ReadonlyMap<string, number>
  /** The orders, made anew at each call; the same every time. */
  orders (): Generator<GeneratedOrder>
}

export interface WorkloadOptions {
  readonly runId: string
  readonly seed: string
  readonly orders: number
  /** floor(share × demand) is the opening stock; below 1 more orders run short than the mix says. */
  readonly stockShare: number
}

/** Shares of the mix. Short orders ask for more than the opening stock, so the outcome depends on the seed alone. */
const MIX = { cancelled: 0.15, declined: 0.03, short: 0.02 }
const CURRENCIES = [['GBP', 0.8, 1], ['EUR', 0.15, 1.17], ['USD', 0.05, 1.27]] as const
const GUEST_SHARE = 0.07
/**
 * Lines per order: log-normal, median 13, sigma 1.11.
 * @source UCI Online Retail (Chen 2015): median 13, mean 24.1, p95 74, p99 211 lines an invoice; cut at 300 here.
 */
const LINES = { median: 13, sigma: 1.11, max: 300 }
/** Orders a day and the busy hours of the same data set: 70 at the median, 8 to 18 h with a peak at noon. */
const ORDERS_PER_DAY = 70
const FIRST_DAY_MS = Date.UTC(2026, 0, 5)

/** Makes a seeded workload of products, opening stock and orders, shaped like a year of a real gift wholesaler. */
export function createWorkload (options: WorkloadOptions): Workload {
  const products = createProducts(options)
  const orders = (): Generator<GeneratedOrder> => generateOrders(options, products)
  const demand = new Map<string, number>(products.map(product => [product.sku, 0]))
  for (const order of orders()) {
    // Short orders count as well: what they reserve of their other lines, they hold until it is released.
    for (const line of order.lines) demand.set(line.sku, demand.get(line.sku)! + line.quantity)
  }
  const openingStock = new Map([...demand].map(([sku, units]) => [sku, Math.floor(units * options.stockShare)]))
  return { products, openingStock, orders: () => withShortages(orders(), openingStock) }
}

function createProducts ({ runId, seed, orders }: WorkloadOptions): GeneratedProduct[] {
  const random = createRandom(`${seed}/products`)
  const count = Math.min(4000, Math.max(200, Math.round(orders * 0.4)))
  return Array.from({ length: count }, (_, index) => {
    const base = Math.max(0.19, random.logNormal(2.1, 0.9))
    const prices = Object.fromEntries(CURRENCIES.map(([currency, , rate]) => [currency, BigInt(Math.round(base * rate * 100)) * 100n]))
    const look = nameParts.looks[random.integer(0, nameParts.looks.length - 1)]!
    const thing = nameParts.things[random.integer(0, nameParts.things.length - 1)]!
    return {
      sku: `G${runId.slice(0, 6).toUpperCase()}-${String(index + 1).padStart(5, '0')}`,
      name: `${look} ${thing} ${index + 1}`,
      prices,
      ...measures(random.integer(20, 1500), index),
      ...shelve(look, thing, index)
    }
  })
}

/** The volume follows from weight and place in the list: light and bulky things among them. */
function measures (weightGrams: number, index: number): Pick<GeneratedProduct, 'weightGrams' | 'volumeCm3'> {
  return { weightGrams, volumeCm3: weightGrams * (2 + index % 7) }
}

function * generateOrders (options: WorkloadOptions, products: readonly GeneratedProduct[]): Generator<GeneratedOrder> {
  const random = createRandom(`${options.seed}/orders`)
  for (let index = 0; index < options.orders; index++) {
    const fate = pickFate(random.unit())
    yield {
      index,
      orderId: runUuid(options.runId, `order/${index}`),
      customerId: random.unit() < GUEST_SHARE ? null : `customer-${random.integer(1, Math.max(20, Math.ceil(options.orders / 4)))}`,
      currency: pickCurrency(random.unit()),
      placedAtMs: placedAt(index, random),
      lines: pickLines(random, products),
      token: fate === 'declined' ? 'tok_declined' : 'tok_ok',
      fate
    }
  }
}

function * withShortages (orders: Iterable<GeneratedOrder>, openingStock: ReadonlyMap<string, number>): Generator<GeneratedOrder> {
  for (const order of orders) {
    if (order.fate !== 'short') yield order
    else yield { ...order, lines: order.lines.map((line, at) => at === 0 ? { ...line, quantity: openingStock.get(line.sku)! + 1 } : line) }
  }
}

function pickFate (unit: number): Fate {
  if (unit < MIX.cancelled) return 'cancelled'
  if (unit < MIX.cancelled + MIX.declined) return 'declined'
  return unit < MIX.cancelled + MIX.declined + MIX.short ? 'short' : 'fulfilled'
}

function pickCurrency (unit: number): string {
  let from = 0
  for (const [currency, share] of CURRENCIES) {
    from += share
    if (unit < from) return currency
  }
  return CURRENCIES[0][0]
}

function pickLines (random: Random, products: readonly GeneratedProduct[]): GeneratedOrder['lines'] {
  const wanted = Math.min(LINES.max, Math.floor(products.length / 2), Math.max(1, Math.round(random.logNormal(LINES.median, LINES.sigma))))
  const chosen = new Set<number>()
  // Squaring the number makes the first products the hottest ones.
  while (chosen.size < wanted) chosen.add(Math.floor(random.unit() ** 2 * products.length))
  return [...chosen].map((at, line) => ({
    lineNo: line + 1, sku: products[at]!.sku, quantity: Math.max(1, Math.round(random.logNormal(3, 1)))
  }))
}

function placedAt (index: number, random: Random): number {
  const day = Math.floor(index / ORDERS_PER_DAY)
  const hours = 8 + 10 * ((index % ORDERS_PER_DAY) + random.unit()) / ORDERS_PER_DAY
  // Pulls the evenly spread hours towards noon.
  const peaked = 12.5 + (hours - 13) * (0.5 + 0.1 * Math.abs(hours - 13))
  return FIRST_DAY_MS + day * 86_400_000 + Math.round(peaked * 3_600_000)
}
