import { type ImportedOrderSettled, type OrderView } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type OrderEvent } from '../topics.ts'

/** Events that settle an order: true = confirmed, false = ended, before that or after it. */
const settling: Readonly<Partial<Record<OrderEvent['type'], boolean>>> = {
  OrderConfirmed: true,
  OrderRejected: false,
  OrderCancelled: false,
  OrderFailed: false,
  OrderTimedOut: false
}

/**
 * What the import is told when these events happen to an order: nothing, unless it is an imported order of a customer. A guest has
 * no credit notes that could wait for it.
 */
export function settlementsOf (
  events: ReadonlyArray<Pick<OrderEvent, 'type'>>, { orderId, channel, customerId }: Pick<OrderView, 'orderId' | 'channel' | 'customerId'>
): ReadonlyArray<Body<ImportedOrderSettled>> {
  if (channel !== 'import' || customerId === null) return []
  return events.flatMap(({ type }) => {
    const confirmed = settling[type]
    return confirmed === undefined ? [] : [{ type: 'ImportedOrderSettled', orderId, customerId, confirmed }]
  })
}
