import { type Availability, type StockState } from '#schemas'
import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { availabilityOf } from '../../../topology/inventory/availability.ts'
import { inventoryProcessor } from '../../../topology/inventory/process-inventory.ts'
import { claimStock, moveStock, openStock } from '../../../topology/inventory/stock.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { commandMeta } from '../../support/orders.ts'

await bindMemoryCodec()

const stocks: ReadonlyArray<readonly [name: string, stock: StockState, availability: Availability]> = [
  ['more than the reorder level is free', openStock('A', 11, 10), 'inStock'],
  ['as much as the reorder level is free', openStock('A', 10, 10), 'low'],
  ['nothing is on hand', openStock('A', 0, 0), 'out'],
  ['everything is reserved', moveStock(openStock('A', 5, 0), 'reserve', 5), 'out'],
  ['all that is free is waited for', claimStock(openStock('A', 50, 10), 50), 'out'],
  ['some of what is free is waited for', claimStock(openStock('A', 50, 10), 20), 'inStock']
]

for (const [name, stock, availability] of stocks) {
  test(`the availability of a SKU is ${availability} when ${name}`, t => {
    t.equal(availabilityOf(stock), availability)
    t.end()
  })
}

async function told (t: Test) {
  const driver = await createTestDriver({ nodes: [inventoryProcessor] })
  t.teardown(() => driver.close())
  return {
    send: async (command: Parameters<typeof topics.inventory.commands.value.encode>[0]) => { await driver.pipe(topics.inventory.commands, 'A', command) },
    classes: async () => (await driver.read(topics.inventory.availability)).map(({ key, value }) => [key, value.availability])
  }
}

test('inventory tells the availability of a SKU when its class changes, and at no other movement', async t => {
  const s = await told(t)
  await s.send({ type: 'RegisterSku', meta: commandMeta(), sku: 'A', openingStock: 100, reorderLevel: 10 })
  for (const delta of [-20, -20, -20, -20, -15, -2, -3]) {
    await s.send({ type: 'AdjustStock', meta: commandMeta(), sku: 'A', delta, reason: 'broken', expectedVersion: null })
  }
  await s.send({ type: 'Restock', meta: commandMeta(), sku: 'A', quantity: 100 })
  await s.send({ type: 'Restock', meta: commandMeta(), sku: 'A', quantity: 100 })
  t.same(await s.classes(), [['A', 'inStock'], ['A', 'low'], ['A', 'out'], ['A', 'inStock']])
})
