import { type CommandMeta } from '#schemas'
import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { catalogMemoryMs, catalogProcessedStore, catalogProcessor, productStore } from '../../../topology/catalog/process-catalog.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

await bindMemoryCodec()

const { commands, events, state } = topics.catalog
const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: '', principal: null, tenant: 'default' }

async function shop (t: Test) {
  const driver = await createTestDriver({ nodes: [catalogProcessor] })
  t.teardown(() => driver.close())
  return {
    driver,
    create: (name = 'mug') =>
      driver.pipe(commands, 'A', { type: 'CreateProduct', meta, sku: 'A', name, prices: [{ currency: 'GBP', amount: 100n }], stocked: true, weightGrams: 1, volumeCm3: 0 }),
    price: (commandId: string, amount: bigint) => driver.pipe(commands, 'A', { type: 'ChangePrice', meta: { ...meta, commandId }, sku: 'A', currency: 'GBP', amount }),
    rejections: async () => (await driver.read(topics.orders.rejections)).map(record => record.value)
  }
}

test('the catalog tells events and the newest state of a product, each once', async t => {
  const s = await shop(t)
  await s.create()
  await s.create()
  await s.price('p1', 120n)
  t.match((await s.driver.read(events)).map(record => [record.key, record.value]), [
    ['A', { type: 'ProductCreated', meta: { aggregateVersion: 1 } }], ['A', { type: 'ProductPriceChanged', meta: { aggregateVersion: 2 } }]
  ])
  t.match((await s.driver.read(state)).map(record => record.value), [{ version: 1 }, { version: 2, prices: [{ amount: 120n }] }])
  t.match(await s.driver.store(catalogProcessor, productStore).get('A'), { version: 2 })
})

test('a late repeat of a price change does not undo a newer price', async t => {
  const s = await shop(t)
  await s.create()
  await s.price('p1', 120n)
  await s.price('p2', 100n)
  await s.price('p1', 120n)
  t.match((await s.driver.read(state)).at(-1)?.value, { prices: [{ amount: 100n }], version: 3 })
  await s.price('p2', 999n)
  t.match(await s.rejections(), [{ code: 'command-id-reused', command: 'ChangePrice', commandId: 'p2' }])
  await s.driver.advance(catalogMemoryMs)
  t.equal((await s.driver.store(catalogProcessor, catalogProcessedStore).rows()).size, 0)
})

test('refused catalog commands lie on orders.rejections under their SKU, with an id from where they lay in the log', async t => {
  const s = await shop(t)
  await s.price('', 1n)
  await s.create()
  await s.create('cup')
  t.match(await s.rejections(), [
    { code: 'unknown-product', orderId: 'A', commandId: /^[0-9a-f]{64}$/ }, { code: 'product-exists', command: 'CreateProduct', commandId: /^[0-9a-f]{64}$/ }
  ])
  t.same(await s.driver.deadLetters(), [])
})

test('the catalog goes on where it was after a restart without goodbye', async t => {
  const s = await shop(t)
  await s.create()
  await s.driver.run()
  await s.driver.restart()
  await s.price('p1', 120n)
  t.match((await s.driver.read(state)).map(record => record.value.version), [1, 2])
})
