import { toRecord } from '../../../ops/play/commands.ts'
import { partitionOf } from '#streams'
import { stockPartitions, topics } from '../../../topology/index.ts'
import { newProduct, newSku } from '../../support/orders.ts'
import { type Stage, until } from './stage.ts'

/** Lists one product with plenty of stock in each partition of the stock. Resolves with their SKUs when the catalog has them. */
export async function openShop ({ outside: { kafka } }: Stage): Promise<readonly string[]> {
  const skus = Array.from({ length: stockPartitions }, (_, partition) => {
    for (;;) {
      const sku = newSku()
      if (partitionOf(sku, stockPartitions) === partition) return sku
    }
  })
  const records = skus.flatMap(sku => {
    const [product, stock] = newProduct(sku, 1_000_000)
    return [toRecord(topics.catalog.commands, sku, product), toRecord(topics.inventory.commands, sku, stock)]
  })
  await kafka.producer().send(records)
  const places = Array.from({ length: topics.catalog.state.partitions }, (_, partition) => ({ topic: topics.catalog.state.name, partition }))
  await until('the products are in the catalog', async () => [...(await kafka.endOffsets(places)).values()].reduce((sum, end) => sum + end, 0n) >= BigInt(skus.length))
  return skus
}
