import { type CancelOrder, type CommandMeta, type CreateCategory, type CreateProduct, type Personal, type PlaceOrder, type RegisterSku, type ReviewDecision, type ShipOrder } from '#schemas'
import { type OutgoingRecord, NO_HEADERS, type TopicDef, type TypedValue, partitionOf } from '#streams'
import { bodyHash, defaultTenant } from '../../topology/envelope.ts'
import { type ListedProduct } from './catalog.ts'
import { type GeneratedOrder } from './generator.ts'
import { runCommandId, runUuid } from './run-id.ts'
import { type Shelf } from './shelves.ts'

/** Reorder level of all products of runs. */
const REORDER_LEVEL = 10

function meta (runId: string, name: string, issuedAt: number, body: unknown): CommandMeta {
  return {
    commandId: runCommandId(runId, name), bodyHash: bodyHash(body), issuedAt, correlationId: runUuid(runId, name), principal: 'player', tenant: defaultTenant
  }
}

/** The catalog entry of a product. */
export function createProductCommand (runId: string, product: ListedProduct, issuedAt: number): CreateProduct {
  const body = {
    sku: product.sku,
    name: product.name,
    prices: Object.entries(product.prices).map(([currency, amount]) => ({ currency, amount })),
    stocked: product.openingStock !== null,
    weightGrams: product.weightGrams,
    volumeCm3: product.volumeCm3,
    description: product.description ?? '',
    categoryIds: product.categoryIds ?? [],
    attributes: product.attributes ?? [],
    images: [],
    featured: product.featured ?? false,
    status: 'published' as const
  }
  return { type: 'CreateProduct', meta: meta(runId, `product/${product.sku}`, issuedAt, body), ...body }
}

/** A category of the shop. */
export function createCategoryCommand (runId: string, shelf: Shelf, issuedAt: number): CreateCategory {
  return { type: 'CreateCategory', meta: meta(runId, `category/${shelf.categoryId}`, issuedAt, shelf), ...shelf }
}

/** The opening stock of a product. */
export function registerSkuCommand (runId: string, sku: string, openingStock: number, issuedAt: number): RegisterSku {
  const body = { sku, openingStock, reorderLevel: REORDER_LEVEL }
  return { type: 'RegisterSku', meta: meta(runId, `stock/${sku}`, issuedAt, body), ...body }
}

/** A generated order: prices come from the catalog, shortage rejects, a declined payment cancels. */
export function placeOrderCommand (runId: string, order: GeneratedOrder, shippingAddress: Personal, issuedAt: number): PlaceOrder {
  const body = {
    orderId: order.orderId,
    placedAt: order.placedAtMs,
    channel: 'storefront' as const,
    customerId: order.customerId,
    guestEmail: null,
    currency: order.currency,
    lines: order.lines.map(line => ({ ...line, quotedUnitPrice: null })),
    shippingAddress,
    deliverySpeed: 'standard' as const,
    payment: { method: 'card' as const, token: order.token },
    onShortage: 'reject' as const,
    onDecline: 'cancel' as const,
    clientReference: `run-${runId}`,
    country: 'GB'
  }
  return { type: 'PlaceOrder', meta: meta(runId, `order/${order.index}`, issuedAt, body), ...body }
}

/** The customer's cancellation of a confirmed order. */
export function cancelOrderCommand (runId: string, orderId: string, issuedAt: number): CancelOrder {
  const body = { orderId, reason: 'changed my mind' }
  return { type: 'CancelOrder', meta: meta(runId, `cancel/${orderId}`, issuedAt, body), ...body }
}

/** The reviewer's answer to an order of a run: whatever is asked is approved, so that the seed alone decides how orders end. */
export function reviewDecisionCommand (runId: string, orderId: string, issuedAt: number): ReviewDecision {
  const body = { orderId, approved: true, reason: 'an order of this run' }
  return { type: 'ReviewDecision', meta: meta(runId, `review/${orderId}`, issuedAt, body), ...body }
}

/** The warehouse's handing over of everything that a confirmed order has. */
export function shipOrderCommand (runId: string, orderId: string, issuedAt: number): ShipOrder {
  const body = { orderId, lines: [] }
  return { type: 'ShipOrder', meta: meta(runId, `ship/${orderId}`, issuedAt, body), ...body }
}

/** Frames a value for its topic: key as UTF-8, partition by murmur2. */
export function toRecord<V extends TypedValue> (topic: TopicDef<V>, key: string, value: V): OutgoingRecord {
  const bytes = Buffer.from(key)
  return { topic: topic.name, partition: partitionOf(bytes, topic.partitions), key: bytes, value: topic.value.encode(value), headers: NO_HEADERS }
}
