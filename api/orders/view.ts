import { type OrderReturn, type OrderView } from '#schemas'
import { formatMoney } from '../../topology/money.ts'
import { type Principal } from '../permissions.ts'
import { type EventEntry } from '../ports.ts'
import { type OrderBody, type OrderEventsBody } from '../schemas/order.ts'
import { type ReturnBody } from '../schemas/return.ts'

/** The order as its readers get it: amounts as decimal text, instants as ISO 8601. */
export function orderBody (view: OrderView): OrderBody {
  const { orderId, state, outcome, outcomeCause, reason, channel, customerId, currency, clientReference, version } = view
  const { paymentId, shipmentId, trackingNumber, carrier, actionReason, deadline, shortages } = view
  return {
    orderId,
    state,
    outcome,
    outcomeCause,
    reason,
    actionReason,
    deadline: instantOrNull(deadline),
    shortages: shortages.map(({ sku, requested, available }) => ({ sku, requested, available })),
    channel,
    customerId,
    currency,
    lines: linesOf(view),
    total: formatMoney(view.total),
    authorised: formatMoney(view.authorised),
    captured: formatMoney(view.captured),
    refunded: formatMoney(view.refunded),
    voided: formatMoney(view.voided),
    paymentId,
    shipmentId,
    trackingNumber,
    carrier,
    parcels: view.parcels.map(({ promisedBy, deliveredAt, lines, ...parcel }) =>
      ({ ...parcel, promisedBy: instantOrNull(promisedBy), deliveredAt: instantOrNull(deliveredAt), lines: [...lines] })),
    deliveredAt: instantOrNull(view.deliveredAt),
    placedAt: instant(view.placedAt),
    confirmedAt: instantOrNull(view.confirmedAt),
    updatedAt: instant(view.updatedAt),
    version,
    clientReference
  }
}

function linesOf ({ lines, progress }: OrderView): OrderBody['lines'] {
  const known = new Map(progress.map(line => [line.lineNo, line]))
  return lines.map(({ lineNo, sku, quantity, unitPrice, lineTotal, priceSource }) => {
    const { shipped = 0, cancelled = 0, delivered = 0, returned = 0 } = known.get(lineNo) ?? {}
    return { lineNo, sku, quantity, unitPrice: formatMoney(unitPrice), lineTotal: formatMoney(lineTotal), priceSource, shipped, cancelled, delivered, returned }
  })
}

/** A return as its readers get it. */
export function returnBody ({ returnId, status, lines, amount, refunded, reason, answer, requestedAt, expectedBy, updatedAt }: OrderReturn): ReturnBody {
  return {
    returnId,
    status,
    lines: lines.map(line => ({ ...line, amount: formatMoney(line.amount) })),
    amount: formatMoney(amount),
    refunded: formatMoney(refunded),
    reason,
    answer,
    requestedAt: instant(requestedAt),
    expectedBy: instantOrNull(expectedBy),
    updatedAt: instant(updatedAt)
  }
}

/** True when the reader may see the order: its own, or any with the permission. Others get the same answer as for no order. */
export function mayRead (view: OrderView, principal: Principal): boolean {
  return principal.permissions.has('orders:read-all') || (view.customerId !== null && view.customerId === principal.subject)
}

/** True once waiting for the order makes no sense: it is confirmed, has an outcome, or waits for its customer or a reviewer. */
export function isSettled (view: OrderView): boolean {
  return view.everConfirmed || view.outcome !== null || view.state === 'ActionRequired' || view.state === 'OnRiskReview'
}

/** Members of an event that are not for its readers: metadata has members of its own, payment tokens stay inside. */
const hidden: ReadonlySet<string> = new Set(['type', 'meta', 'token', 'bodyHash'])

/** One event of the history: without metadata, personal data and payment tokens. */
export function eventItem ({ partition, offset, type, eventId, occurredAtMs, payload }: EventEntry): OrderEventsBody['items'][number] {
  return { id: `${partition}-${offset}`, type, eventId, occurredAt: instant(occurredAtMs), data: visible(payload) as Record<string, unknown> }
}

/** The history comes as JSON, what was just committed as decoded values: both read alike. */
function visible (value: unknown): unknown {
  if (typeof value === 'bigint') return formatMoney(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value.map(visible)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([name, entry]) => !hidden.has(name) && !isPersonal(entry))
  return Object.fromEntries(entries.map(([name, entry]) => [name, visible(entry)]))
}

function isPersonal (value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'ciphertext' in value
}

function instantOrNull (ms: number | null): string | null {
  return ms === null ? null : instant(ms)
}

function instant (ms: number): string {
  return new Date(ms).toISOString()
}
