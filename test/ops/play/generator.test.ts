import { hash } from 'node:crypto'
import { test } from 'tap'
import { demoProduct } from '../../../ops/play/catalog.ts'
import { createWorkload, type Workload } from '../../../ops/play/generator.ts'
import { createRandom } from '../../../ops/play/random.ts'
import { createRunId, runCommandId, runUuid } from '../../../ops/play/run-id.ts'
import { shelves } from '../../../ops/play/shelves.ts'
import { contentRejection } from '../../../topology/catalog/product-rules.ts'

function workload (overrides: Partial<Parameters<typeof createWorkload>[0]> = {}): Workload {
  return createWorkload({ runId: 'aaaaaaaaaaaaaaaa', seed: '7', orders: 2000, stockShare: 1, ...overrides })
}

/** The orders as one text: comparing texts is quick. */
function text (of: Workload): string {
  return JSON.stringify([...of.orders()])
}

test('workload is the same twice when seed and run are the same', async t => {
  t.equal(text(workload()), text(workload()))
  const one = workload()
  t.equal(text(one), text(one), 'each pass makes the same orders')
})

test('workload differs when the seed differs', async t => {
  t.not(text(workload({ seed: '8' })), text(workload()))
})

test('workload keeps the shares of the mix within a percent or so', async t => {
  const fates = [...workload({ orders: 20_000 }).orders()].map(order => order.fate)
  const share = (fate: string): number => fates.filter(each => each === fate).length / fates.length
  t.ok(Math.abs(share('cancelled') - 0.15) < 0.01)
  t.ok(Math.abs(share('declined') - 0.03) < 0.006)
  t.ok(Math.abs(share('short') - 0.02) < 0.006)
})

test('workload has the lines of real invoices: median near 13, never past 300', async t => {
  const counts = [...workload({ orders: 10_000 }).orders()].map(order => order.lines.length).sort((a, b) => a - b)
  t.ok(counts[5000]! >= 11 && counts[5000]! <= 15, `median ${counts[5000]}`)
  t.ok(counts.at(-1)! <= 300)
  t.ok(counts[0]! >= 1)
})

test('workload never sells more than the opening stock but in short orders', async t => {
  const { openingStock, orders } = workload()
  const left = new Map(openingStock)
  for (const order of orders()) {
    if (order.fate === 'short') {
      t.ok(order.lines.some(line => line.quantity > openingStock.get(line.sku)!), 'a short order asks for more than there ever was')
    } else for (const line of order.lines) left.set(line.sku, left.get(line.sku)! - line.quantity)
  }
  t.ok([...left.values()].every(units => units >= 0), 'nothing but a short order can run short, in whatever order they are handled')
})

test('workload opens with the floor of the share when a stock share is given', async t => {
  const [full, part] = [workload().openingStock, workload({ stockShare: 0.9 }).openingStock]
  for (const [sku, units] of full) t.equal(part.get(sku), Math.floor(units * 0.9))
})

test('workload lists each SKU once in an order and prices it in every currency', async t => {
  const { products, orders } = workload({ orders: 300 })
  const bySku = new Map(products.map(product => [product.sku, product]))
  for (const order of orders()) {
    t.equal(new Set(order.lines.map(line => line.sku)).size, order.lines.length)
    t.ok(order.lines.every(line => bySku.get(line.sku)!.prices[order.currency]! > 0n))
  }
})

test('run id depends on source, seed and options, not on the order of the options', async t => {
  const id = createRunId({ source: 'generator', seed: '1', options: { orders: 10, stockShare: 1 } })
  t.equal(id, createRunId({ source: 'generator', seed: '1', options: { stockShare: 1, orders: 10 } }))
  t.not(id, createRunId({ source: 'generator', seed: '2', options: { orders: 10, stockShare: 1 } }))
  t.not(id, createRunId({ source: 'generator', seed: '1', options: { orders: 11, stockShare: 1 } }))
  t.match(id, /^[0-9a-f]{16}$/)
})

test('run ids are well-formed and distinct', async t => {
  const ids = Array.from({ length: 1000 }, (_, index) => runUuid('r', `order/${index}`))
  t.equal(new Set(ids).size, 1000)
  t.ok(ids.every(id => /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)))
  t.match(runCommandId('r', 'cancel/1'), /^[0-9a-f]{64}$/)
})

test('random is uniform enough and within its bounds', async t => {
  const random = createRandom('seed')
  const numbers = Array.from({ length: 10_000 }, () => random.integer(1, 6))
  for (let face = 1; face <= 6; face++) t.ok(Math.abs(numbers.filter(n => n === face).length - 1667) < 200)
  t.ok(numbers.every(n => n >= 1 && n <= 6))
})

test('workload of a seed is what it was before products were described: orders, stock, names, prices and measures', async t => {
  const { products, openingStock, orders } = workload({ orders: 500 })
  const content = products.map(({ sku, name, prices, weightGrams, volumeCm3 }) => [sku, name, Object.entries(prices).map(([currency, amount]) => `${currency}${amount}`), weightGrams, volumeCm3])
  // Recorded from the build before: outcomes depend on the seed alone, whatever products tell of themselves.
  t.equal(hash('sha256', JSON.stringify([[...orders()], [...openingStock], content])), '560fec1ea30a9c99328de42f5f9b401b28d1074d4c14b80955fae84e6209cae3')
})

test('workload puts every product on a shelf that there is, with a description and attributes that can be searched', async t => {
  const ids = new Set(shelves.map(({ categoryId }) => categoryId))
  const { products } = workload({ orders: 300 })
  const category = (id: string) => ({ archived: !ids.has(id) })
  t.same(products.filter(({ categoryIds = [] }) => categoryIds.length === 0 || !categoryIds.every(id => ids.has(id))), [])
  for (const { prices, ...product } of [...products, demoProduct]) {
    const content = { description: '', categoryIds: [], attributes: [], featured: false, ...product, images: [] }
    t.equal(contentRejection(content, category), undefined, product.sku)
    t.ok(content.description !== '' && content.attributes.length > 0)
  }
  t.ok(new Set(products.flatMap(({ categoryIds = [] }) => categoryIds)).size >= 7)
  t.ok(products.some(({ featured }) => featured) && products.some(({ featured }) => !featured))
})

test('shelves come after the shelf that they are in', async t => {
  const seen = new Set<string>()
  for (const { categoryId, parentId } of shelves) {
    t.ok(parentId === null || seen.has(parentId), categoryId)
    seen.add(categoryId)
  }
})
