import { type OrderConfirmed } from '#schemas'

/** What is told of the order of that number, with so many lines. */
export function confirmedOrder (index: number, lineCount: number): OrderConfirmed {
  const orderId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
  const lines = Array.from({ length: lineCount }, (_, line) => ({
    lineNo: line + 1,
    sku: `SKU${(index + line) % 4000}`,
    quantity: 3,
    unitPrice: 12_500n,
    lineTotal: 37_500n,
    priceSource: 'catalog' as const,
    catalogVersion: 1,
    stocked: true
  }))
  return {
    type: 'OrderConfirmed',
    meta: { eventId: orderId, occurredAt: 1_700_000_000_000 + index, correlationId: orderId, causationId: orderId, aggregateVersion: 6, tenant: 'default' },
    orderId,
    total: 112_500n,
    currency: 'GBP',
    lines,
    customerId: `c${index % 5000}`,
    placedAt: 1_700_000_000_000 + index
  }
}
