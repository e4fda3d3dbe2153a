import { type CategoryView, type ProductAttribute } from '#schemas'
import { type Clock, type Kafka } from '#streams'
import { categoriesKey } from '../../topology/catalog/routing.ts'
import { topics } from '../../topology/topics.ts'
import { createCategoryCommand, createProductCommand, registerSkuCommand, toRecord } from './commands.ts'
import { openEventFeed } from './event-feed.ts'
import { shelves } from './shelves.ts'
import { type StallWatch } from './stall-watch.ts'

/** A product of a run, with the stock that it has before the first order. */
export interface ListedProduct {
  readonly sku: string
  readonly name: string
  /** Price by ISO currency, in 1/10,000 of the unit. */
  readonly prices: Readonly<Record<string, bigint>>
  readonly weightGrams: number
  readonly volumeCm3: number
  /** What it can be found by. @default nothing but its name */
  readonly description?: string
  readonly categoryIds?: readonly string[]
  readonly attributes?: readonly ProductAttribute[]
  readonly featured?: boolean
  /** Pieces in stock at the start; null = not about goods in stock. */
  readonly openingStock: number | null
}

/** In the catalog of every run, with stock to spare: what a person's first order by hand asks for. It belongs to no run. */
export const demoProduct: ListedProduct = Object.freeze({
  sku: 'DEMO-MUG',
  name: 'demo mug',
  prices: Object.freeze({ GBP: 125_000n, EUR: 146_000n, USD: 159_000n }),
  weightGrams: 350,
  volumeCm3: 1_100,
  description: 'A mug to try the shop with: there is always one more.',
  categoryIds: Object.freeze(['tableware']),
  attributes: Object.freeze([Object.freeze({ name: 'kind', value: 'mug' })]),
  featured: true,
  openingStock: 1_000_000
})

export interface ListOptions {
  readonly kafka: Kafka
  readonly clock: Clock
  readonly runId: string
  readonly products: readonly ListedProduct[]
  /** Offsets of the topics when the run began for the first time, by `partitionKey`. */
  readonly from: ReadonlyMap<string, bigint>
  readonly watch: StallWatch
  /** Takes how many catalog entries and stocks are there, and how many there will be. */
  readonly onProgress: (done: number, total: number) => void
}

/** Products of one send. */
const SEND_PRODUCTS = 500

/**
 * Sends products and opening stock, and waits until both are in the platform's state. What is there already is not sent again.
 *
 * @throws {OpsError} OPS_RUN_STALLED
 */
export async function listProducts ({ kafka, clock, runId, products, from, watch, onProgress }: ListOptions): Promise<void> {
  const lacksEntry = new Set(products.map(product => product.sku))
  const lacksStock = new Set(products.flatMap(({ sku, openingStock }) => openingStock === null ? [] : sku))
  const lacksShelf = new Set(shelves.map(shelf => shelf.categoryId))
  /** Shelves that somebody has taken down: nothing new can be put on them. */
  const gone = new Set<string>()
  const followShelf = ({ categoryId, archived }: CategoryView): void => {
    if (archived) gone.add(categoryId)
    see(lacksShelf, categoryId)
  }
  const total = lacksEntry.size + lacksStock.size
  const see = (missing: Set<string>, sku: string): void => {
    if (missing.delete(sku)) watch.moved()
  }
  const feeds = [
    await openEventFeed({ kafka, topic: topics.catalog.categories, from: new Map(), onFailure: watch.fail, onValue: followShelf }),
    await openEventFeed({ kafka, topic: topics.catalog.state, from, onFailure: watch.fail, onValue: view => { see(lacksEntry, view.sku) } }),
    await openEventFeed({
      kafka,
      topic: topics.inventory.events,
      from,
      onFailure: watch.fail,
      onValue: event => { if (event.type === 'SkuRegistered') see(lacksStock, event.sku) }
    })
  ]
  try {
    for (const feed of feeds) await feed.caughtUp()
    // A product names its categories: they have to be there first.
    const newShelves = shelves.filter(({ categoryId }) => lacksShelf.has(categoryId))
    if (newShelves.length > 0) {
      await kafka.producer().send(newShelves.map(shelf => toRecord(topics.catalog.commands, categoriesKey, createCategoryCommand('demo', shelf, clock.now()))))
    }
    while (lacksShelf.size > 0) await watch.wait()
    // The demo product may have been there before this run began, so nothing waits for it.
    await send([demoProduct], 'demo')
    const missing = products.filter(({ sku }) => lacksEntry.has(sku) || lacksStock.has(sku))
    for (let at = 0; at < missing.length; at += SEND_PRODUCTS) await send(missing.slice(at, at + SEND_PRODUCTS), runId)
    for (;;) {
      const left = lacksEntry.size + lacksStock.size
      onProgress(total - left, total)
      if (left === 0) return
      await watch.wait()
    }
  } finally {
    for (const feed of feeds) await feed.close()
  }

  async function send (some: readonly ListedProduct[], owner: string): Promise<void> {
    await kafka.producer().send(some.flatMap(product => {
      const { sku, openingStock, categoryIds = [] } = product
      const placed = { ...product, categoryIds: categoryIds.filter(categoryId => !gone.has(categoryId)) }
      const created = toRecord(topics.catalog.commands, sku, createProductCommand(owner, placed, clock.now()))
      return openingStock === null ? [created] : [created, toRecord(topics.inventory.commands, sku, registerSkuCommand(owner, sku, openingStock, clock.now()))]
    }))
  }
}
