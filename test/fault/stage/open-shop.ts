import { toRecord } from '../../../ops/play/commands.ts'
import { partitionOf } from '#streams'
import { stockPartitions, topics } from '../../../topology/index.ts'
import { newProduct, newSku } from '../../support/orders.ts'
import { watchTopic } from '../../support/watch.ts'
import { type Stage } from './stage.ts'

/** Lists one product with plenty of stock in each partition of the stock. Resolves with their SKUs when the catalog has them. */
export async function openShop ({ outside: { kafka } }: Stage): Promise<readonly string[]> {
  const skus = Array.from({ length: stockPartitions }, (_, partition) => {
    for (;;) {
      const sku = newSku()
      if (partitionOf(sku, stockPartitions) === partition) return sku
    }
  })
  const views = await watchTopic(kafka, topics.catalog.state)
  try {
    await kafka.producer().send(skus.flatMap(sku => {
      const [product, stock] = newProduct(sku, 1_000_000)
      return [toRecord(topics.catalog.commands, sku, product), toRecord(topics.inventory.commands, sku, stock)]
    }))
    for (const sku of skus) await views.find(`product ${sku}`, view => view.sku === sku)
    return skus
  } finally {
    views.close()
  }
}
