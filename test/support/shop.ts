import { partitionOf } from '#streams'
import { type OrderEvent, partitions, topics } from '../../topology/topics.ts'
import { toRecord } from '../../ops/play/commands.ts'
import { newOrderId, newProduct, newSku, placeOrder } from './orders.ts'
import { type TestPlatform } from './platform.ts'
import { type Watch } from './watch.ts'

/**
 * Opens a shop with one product in each partition of the stock: resolves with their SKUs, by partition, once an order for the first
 * has been confirmed in every partition of the orders. By then every task works and prices are known everywhere.
 */
export async function openShop (platform: TestPlatform, events: Watch<OrderEvent>, openingStock = 1000): Promise<readonly string[]> {
  const skus = Array.from({ length: topics.inventory.commands.partitions }, (_, partition) => newSkuIn(partition))
  for (const sku of skus) {
    const [product, stock] = newProduct(sku, openingStock)
    await platform.send(toRecord(topics.catalog.commands, sku, product), toRecord(topics.inventory.commands, sku, stock))
  }
  await Promise.all(Array.from({ length: partitions }, async (_, partition) => await orderUntilConfirmed(platform, events, skus[0] as string, partition)))
  return skus
}

/** A SKU in that partition of the stock. */
export function newSkuIn (partition: number): string {
  for (;;) {
    const sku = newSku()
    if (partitionOf(sku, topics.inventory.commands.partitions) === partition) return sku
  }
}

/** Orders again, under a new id, as long as the product is not known or not in stock yet. */
async function orderUntilConfirmed (platform: TestPlatform, events: Watch<OrderEvent>, sku: string, partition: number): Promise<void> {
  for (;;) {
    const orderId = newOrderId(partition)
    await platform.send(toRecord(topics.orders.commands, orderId, placeOrder(orderId, sku)))
    const { value } = await events.find(`end of the order ${orderId}`, event => event.orderId === orderId && endings.has(event.type))
    if (value.type === 'OrderConfirmed') return
  }
}

const endings: ReadonlySet<string> = new Set(['OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut'])
