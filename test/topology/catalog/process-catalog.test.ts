import { type Availability, type CommandMeta, type EventMeta } from '#schemas'
import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { categoriesKey } from '../../../topology/catalog/routing.ts'
import { availabilityStore, catalogMemoryMs, catalogProcessedStore, catalogProcessor, categoryStore, productStore } from '../../../topology/catalog/process-catalog.ts'
import { type CatalogCommand, topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { archiveCategory, changePrice, createCategory, createProduct, moveCategory, moveProduct, updateProduct } from '../../support/catalog.ts'

await bindMemoryCodec()

const { commands, events, state, categories } = topics.catalog
const withId = (commandId: string): { meta: CommandMeta } =>
  ({ meta: { commandId, bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default' } })
const told: EventMeta = { eventId: '0b8e3c1a-5d0e-4c0e-9c54-000000000001', occurredAt: 0, correlationId: 'c', causationId: 'e', aggregateVersion: 1, tenant: 'default' }

async function shop (t: Test) {
  const driver = await createTestDriver({ nodes: [catalogProcessor] })
  t.teardown(() => driver.close())
  return {
    driver,
    send: async (command: CatalogCommand, key = 'sku' in command ? command.sku : categoriesKey) => { await driver.pipe(commands, key, command) },
    stock: async (sku: string, availability: Availability) => {
      await driver.pipe(topics.inventory.availability, sku, { type: 'AvailabilityChanged', meta: told, sku, availability })
    },
    views: async () => (await driver.read(state)).map(record => record.value),
    events: async () => (await driver.read(events)).map(record => record.value),
    rejections: async () => (await driver.read(topics.orders.rejections)).map(record => record.value)
  }
}

test('the catalog tells events and the newest state of a product, each once', async t => {
  const s = await shop(t)
  await s.send(createProduct('A'))
  await s.send(createProduct('A'))
  await s.send(changePrice('A', 120n, withId('p1')))
  t.match((await s.driver.read(events)).map(record => [record.key, record.value]), [
    ['A', { type: 'ProductCreated', meta: { aggregateVersion: 1 } }], ['A', { type: 'ProductPriceChanged', meta: { aggregateVersion: 2 } }]
  ])
  t.match(await s.views(), [{ version: 1 }, { version: 2, prices: [{ amount: 120n }] }])
  t.match(await s.driver.store(catalogProcessor, productStore).get('A'), { version: 2 })
})

test('a late repeat of a price change does not undo a newer price', async t => {
  const s = await shop(t)
  await s.send(createProduct('A', { prices: [{ currency: 'GBP', amount: 100n }] }))
  await s.send(changePrice('A', 120n, withId('p1')))
  await s.send(changePrice('A', 100n, withId('p2')))
  await s.send(changePrice('A', 120n, withId('p1')))
  t.match((await s.views()).at(-1), { prices: [{ amount: 100n }], version: 3 })
  await s.send(changePrice('A', 999n, withId('p2')))
  t.match(await s.rejections(), [{ code: 'command-id-reused', command: 'ChangePrice', commandId: 'p2' }])
  await s.driver.advance(catalogMemoryMs)
  t.equal((await s.driver.store(catalogProcessor, catalogProcessedStore).rows()).size, 0)
})

test('a product is offered, taken off sale and archived, told each time once when each command comes twice', async t => {
  const s = await shop(t)
  await s.send(createProduct('A', { status: 'draft' }))
  for (const [id, type] of [['m1', 'PublishProduct'], ['m2', 'UnpublishProduct'], ['m3', 'ArchiveProduct']] as const) {
    await s.send(moveProduct(type, 'A', withId(id)))
    await s.send(moveProduct(type, 'A', withId(id)))
  }
  t.same((await s.events()).map(event => event.type), ['ProductCreated', 'ProductPublished', 'ProductUnpublished', 'ProductArchived'])
  t.same((await s.views()).map(view => view.status), ['draft', 'published', 'unpublished', 'archived'])
  t.same(await s.rejections(), [])
})

test('a late repeat of a publication does not put a product on sale again', async t => {
  const s = await shop(t)
  await s.send(createProduct('A', { status: 'draft' }))
  await s.send(moveProduct('PublishProduct', 'A', withId('m1')))
  await s.send(moveProduct('UnpublishProduct', 'A', withId('m2')))
  await s.send(moveProduct('PublishProduct', 'A', withId('m1')))
  t.equal((await s.views()).at(-1)?.status, 'unpublished')
})

test('refused catalog commands lie on orders.rejections under their SKU, with an id from where they lay in the log', async t => {
  const s = await shop(t)
  await s.send(changePrice('A', 1n))
  await s.send(createProduct('A'))
  await s.send(createProduct('A', { name: 'cup' }))
  t.match(await s.rejections(), [
    { code: 'unknown-product', orderId: 'A', commandId: /^[0-9a-f]{64}$/ }, { code: 'product-exists', command: 'CreateProduct', commandId: /^[0-9a-f]{64}$/ }
  ])
  t.same(await s.driver.deadLetters(), [])
})

test('a created product remembers its command itself, and a refused one is remembered by its id', async t => {
  const s = await shop(t)
  await s.send(createProduct('A', { meta: { ...withId('c1').meta, bodyHash: 'hash-1' } }))
  await s.send(createProduct('A', { ...withId('c2'), name: 'cup' }))
  await s.driver.run()
  t.match(await s.driver.store(catalogProcessor, productStore).get('A'), { createdCommandId: 'c1', createdBodyHash: 'hash-1' })
  const rows = await s.driver.store(catalogProcessor, catalogProcessedStore).rows()
  t.match([...rows], [['c2', { code: 'product-exists', field: 'sku' }]])
})

test('a product is put into a category that another task has, when the category was told before', async t => {
  const s = await shop(t)
  await s.send(createProduct('A', { categoryIds: ['mugs'] }))
  await s.send(createCategory('mugs'))
  await s.driver.run()
  await s.send(createProduct('B', { categoryIds: ['mugs'] }))
  await s.driver.run()
  await s.send(archiveCategory('mugs'))
  await s.driver.run()
  await s.send(updateProduct('B', { name: 'still in it' }))
  await s.send(createProduct('C', { categoryIds: ['mugs'] }))
  t.match(await s.rejections(), [{ orderId: 'A', code: 'unknown-category' }, { orderId: 'C', code: 'category-archived' }])
  t.match((await s.views()).map(({ sku, name }) => [sku, name]), [['B', 'b'], ['B', 'still in it']])
})

test('commands about categories are handled by the one task that has the tree, whatever their key', async t => {
  const s = await shop(t)
  for (const [index, id] of ['home', 'light', 'lamps', 'kitchen', 'pans'].entries()) await s.send(createCategory(id), `key-${index}`)
  await s.driver.run()
  await s.send(moveCategory('light', 'home'), 'light')
  await s.send(moveCategory('home', 'light'), 'home')
  await s.driver.run()
  const trees = await s.driver.store(catalogProcessor, categoryStore).rows()
  t.equal(trees.size, 1)
  t.equal(trees.get(categoriesKey)?.categories.length, 5)
  t.match((await s.rejections()).map(({ orderId, code }) => [orderId, code]).length, 1)
  t.equal((await s.driver.read(categories)).length, 6)
})

test('a product shows the availability that inventory told before it was created, and after', async t => {
  const s = await shop(t)
  await s.stock('A', 'inStock')
  await s.driver.run()
  await s.send(createProduct('A'))
  await s.stock('A', 'low')
  t.same((await s.views()).map(({ availability, version }) => [availability, version]), [['inStock', 1], ['low', 1]])
  t.match((await s.events()).at(-1), { type: 'ProductInventoryUpdated', availability: 'low', meta: { causationId: told.eventId, aggregateVersion: 1 } })
})

test('the same class of availability told twice changes nothing', async t => {
  const s = await shop(t)
  await s.send(createProduct('A'))
  await s.stock('A', 'out')
  await s.stock('A', 'out')
  t.same((await s.events()).map(event => event.type), ['ProductCreated', 'ProductInventoryUpdated'])
  t.equal((await s.driver.store(catalogProcessor, availabilityStore).rows()).size, 1)
})

test('the catalog goes on where it was after a restart without goodbye', async t => {
  const s = await shop(t)
  await s.send(createProduct('A'))
  await s.send(createCategory('mugs'))
  await s.driver.run()
  await s.driver.restart()
  await s.send(changePrice('A', 120n, withId('p1')))
  await s.send(updateProduct('A', { categoryIds: ['mugs'] }))
  t.match(await s.views(), [{ version: 1 }, { version: 2 }, { version: 3, categoryIds: ['mugs'] }])
})
