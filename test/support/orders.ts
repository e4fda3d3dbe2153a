import { randomUUID } from 'node:crypto'
import { type CancelOrder, type CommandMeta, type CreateProduct, type PlaceOrder, type RegisterSku } from '#schemas'
import { partitionOf } from '#streams'
import { partitions } from '../../topology/topics.ts'
import { createProduct } from './catalog.ts'

/** Metadata of a command as a producer over topics writes it: without an id, it takes its place in the log for one. */
export function commandMeta (commandId = ''): CommandMeta {
  return { commandId, bodyHash: null, issuedAt: Date.now(), correlationId: '', principal: null, tenant: 'default' }
}

/** An order id, on demand one that lies in a partition of the orders topics. */
export function newOrderId (partition?: number): string {
  for (;;) {
    const id = randomUUID()
    if (partition === undefined || partitionOf(id, partitions) === partition) return id
  }
}

/** A SKU that no other test has. */
export function newSku (): string {
  return `T-${randomUUID().slice(0, 8).toUpperCase()}`
}

/** A good order of one line, with changes; of a customer of its own, because risk adds up what one customer orders on the stack that all tests share. */
export function placeOrder (orderId: string, sku: string, changes: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    type: 'PlaceOrder',
    meta: commandMeta(),
    orderId,
    placedAt: Date.now(),
    channel: 'storefront',
    customerId: `customer-${orderId}`,
    guestEmail: null,
    currency: 'GBP',
    lines: [{ lineNo: 1, sku, quantity: 1, quotedUnitPrice: null }],
    shippingAddress: { keyId: 'customer-1', ciphertext: Buffer.from('not readable') },
    deliverySpeed: 'standard',
    payment: { method: 'card', token: 'tok_ok' },
    onShortage: 'reject',
    onDecline: 'cancel',
    clientReference: null,
    country: null,
    ...changes
  }
}

export function cancelOrder (orderId: string, reason = 'changed my mind'): CancelOrder {
  return { type: 'CancelOrder', meta: commandMeta(), orderId, reason }
}

/** A product of 12.50 GBP and its opening stock. */
export function newProduct (sku: string, openingStock: number): readonly [CreateProduct, RegisterSku] {
  return [
    createProduct(sku, { meta: commandMeta(), name: 'test product', prices: [{ currency: 'GBP', amount: 125_000n }], weightGrams: 200, volumeCm3: 800 }),
    { type: 'RegisterSku', meta: commandMeta(), sku, openingStock, reorderLevel: 0 }
  ]
}
