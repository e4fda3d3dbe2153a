import { type OrderView, type PaymentState, type ReservationState, type StockState } from '#schemas'
import { checkFulfilment, putBackPieces } from './fulfilment.ts'
import { Findings, type LawReport } from './law.ts'

/**
 * The conservation laws, as pure functions over snapshots: what the stores, the topics, the payment gateway and ClickHouse said at a
 * quiet moment. They know nothing of how the snapshots were read, and share no code with the processors that keep the laws.
 */

export type StockSnapshot = Omit<StockState, 'type' | 'reorderLevel' | 'version'>
export type ReservationSnapshot = Pick<ReservationState, 'orderId' | 'attempt' | 'status' | 'lines'>
export type PaymentSnapshot =
  Pick<PaymentState, 'orderId' | 'status' | 'authorised' | 'captured' | 'voided' | 'refunded' | 'refunds' | 'operation' | 'waiting'>
export type OrderSnapshot = Pick<
  OrderView, 'orderId' | 'state' | 'outcome' | 'total' | 'authorised' | 'captured' | 'voided' | 'refunded' | 'everConfirmed' | 'lines' | 'progress' | 'returns'
>

/** One authorisation in the books of the gateway. Amounts in 1/10,000 of the currency's unit. */
export interface GatewaySnapshot {
  readonly orderId: string
  readonly authorised: bigint
  readonly captured: bigint
  readonly voided: bigint
  readonly refunded: bigint
}

const amounts = ['authorised', 'captured', 'voided', 'refunded'] as const

/**
 * Stock, per SKU: opening + in − out − deducted = on hand; nothing is negative; no more is reserved than is on hand; open
 * reservations add up to what is reserved, confirmed ones to what is deducted, waiting ones to what is waited for.
 *
 * `deductedByEvents`: pieces deducted minus put back, by SKU, as the published events tell (topic or ClickHouse); optional.
 */
export function checkStock (
  stocks: Iterable<StockSnapshot>, reservations: Iterable<ReservationSnapshot>, deductedByEvents?: ReadonlyMap<string, number>
): LawReport {
  const findings = new Findings('stock')
  const held = { reserved: new Map<string, number>(), confirmed: new Map<string, number>(), waiting: new Map<string, number>() }
  for (const { status, lines } of reservations) {
    if (status !== 'reserved' && status !== 'confirmed' && status !== 'waiting') continue
    for (const { sku, quantity } of lines) held[status].set(sku, (held[status].get(sku) ?? 0) + quantity)
  }
  const known = new Set<string>()
  for (const stock of stocks) {
    const { sku, opening, in: received, out, deducted, onHand, reserved, waiting } = stock
    known.add(sku)
    findings.equal(sku, 'opening + in - out - deducted = on hand', opening + received - out - deducted, onHand)
    for (const [name, value] of Object.entries({ opening, in: received, out, deducted, onHand, reserved, waiting })) {
      if (value < 0) findings.add(sku, `${name} is ${value}, below zero`)
    }
    if (reserved > onHand) findings.add(sku, `${reserved} reserved of ${onHand} on hand`)
    findings.equal(sku, 'open reservations = reserved', held.reserved.get(sku) ?? 0, reserved)
    findings.equal(sku, 'waiting reservations = waited for', held.waiting.get(sku) ?? 0, waiting)
    findings.equal(sku, 'confirmed reservations = deducted', held.confirmed.get(sku) ?? 0, deducted)
    if (deductedByEvents !== undefined) findings.equal(sku, 'deducted by events = deducted', deductedByEvents.get(sku) ?? 0, deducted)
  }
  for (const sku of new Set([...held.reserved.keys(), ...held.confirmed.keys(), ...held.waiting.keys()])) {
    if (!known.has(sku)) findings.add(sku, 'is held by reservations, but has no stock')
  }
  return { checked: known.size, violations: findings.violations }
}

/** The books beside the payments' own; each is compared where given. */
export interface OtherBooks {
  readonly gateway?: Iterable<GatewaySnapshot>
  readonly orders?: Iterable<OrderSnapshot>
}

/**
 * Money, per order: authorised = captured + voided + open; captured = net + refunded; nothing is negative; the refunds add up; and
 * the books of the gateway and of the orders say the same. A payment with a step under way is compared with nobody: it is not quiet.
 * All books must be about the same orders: filter them alike before.
 */
export function checkMoney (payments: Iterable<PaymentSnapshot>, { gateway, orders }: OtherBooks = {}): LawReport {
  const findings = new Findings('money')
  const rows = new Map([...payments].map(payment => [payment.orderId, payment]))
  for (const payment of rows.values()) {
    const { orderId, authorised, captured, voided, refunded } = payment
    for (const name of amounts) if (payment[name] < 0n) findings.add(orderId, `${name} is ${payment[name]}, below zero`)
    const open = authorised - captured - voided
    if (open < 0n) findings.add(orderId, `${captured} captured and ${voided} voided of ${authorised} authorised`)
    if (open > 0n && !mayBeOpen.has(payment.status)) findings.add(orderId, `${open} is open though the payment is ${payment.status}`)
    if (refunded > captured) findings.add(orderId, `${refunded} refunded of ${captured} captured`)
    findings.equal(orderId, 'refunds = refunded', payment.refunds.reduce((sum, refund) => sum + refund.refunded, 0n), refunded)
  }
  if (gateway !== undefined) compare(findings, rows, sumByOrder(gateway), 'at the gateway')
  if (orders !== undefined) {
    compare(findings, rows, new Map([...orders].map(order => [order.orderId, order])), 'in the order')
  }
  return { checked: rows.size, violations: findings.violations }
}

const mayBeOpen: ReadonlySet<PaymentState['status']> = new Set(['authorised', 'capturing', 'voiding', 'failed'])

type Amounts = Readonly<Record<typeof amounts[number], bigint>>

function compare (findings: Findings, rows: ReadonlyMap<string, PaymentSnapshot>, others: ReadonlyMap<string, Amounts>, where: string): void {
  for (const [orderId, other] of others) {
    if (!rows.has(orderId) && amounts.some(name => other[name] !== 0n)) findings.add(orderId, `has money ${where}, but no payment`)
  }
  for (const [orderId, row] of rows) {
    if (row.operation !== null || row.waiting.length > 0) continue
    for (const name of amounts) findings.equal(orderId, `${name} ${where}`, row[name], others.get(orderId)?.[name] ?? 0n)
  }
}

function sumByOrder (views: Iterable<GatewaySnapshot>): ReadonlyMap<string, Amounts> {
  const sums = new Map<string, Record<typeof amounts[number], bigint>>()
  for (const view of views) {
    const sum = sums.get(view.orderId) ?? { authorised: 0n, captured: 0n, voided: 0n, refunded: 0n }
    for (const name of amounts) sum[name] += view[name]
    sums.set(view.orderId, sum)
  }
  return sums
}

/** An event on orders.events that gives an order its outcome. */
export interface OutcomeEvent {
  readonly orderId: string
  readonly type: 'OrderCancelled' | 'OrderFailed' | 'OrderTimedOut' | 'OrderRejected' | 'OrderDelivered'
}

const outcomeOf = {
  OrderCancelled: 'Cancelled', OrderFailed: 'Failed', OrderTimedOut: 'TimedOut', OrderRejected: 'Rejected', OrderDelivered: 'Fulfilled'
} as const

/**
 * One outcome, per order: at most one event says it and the order's state says the same; an order that ended without being
 * fulfilled holds no stock and no money; one that is confirmed has exactly its stocked lines deducted and its total captured; and the
 * pieces of each line, and the money for those that were not delivered or came back, add up.
 */
export function checkOutcomes (
  orders: Iterable<OrderSnapshot>, events: Iterable<OutcomeEvent>, reservations: Iterable<ReservationSnapshot>
): LawReport {
  const findings = new Findings('outcome')
  const endings = Map.groupBy(events, event => event.orderId)
  const parts = Map.groupBy(reservations, reservation => reservation.orderId)
  let checked = 0
  for (const order of orders) {
    checked++
    const { orderId, outcome } = order
    const ended = endings.get(orderId) ?? []
    if (ended.length > 1) findings.add(orderId, `has ${ended.length} outcomes: ${ended.map(event => event.type).join(', ')}`)
    const told = ended[0] === undefined ? null : outcomeOf[ended[0].type]
    if (told !== outcome) findings.add(orderId, `ended as ${told ?? 'nothing'} by its events, its state says ${outcome ?? 'nothing'}`)
    checkHoldings(findings, order, parts.get(orderId) ?? [])
    checkFulfilment(findings, order)
  }
  return { checked, violations: findings.violations }
}

function checkHoldings (findings: Findings, order: OrderSnapshot, parts: readonly ReservationSnapshot[]): void {
  const { orderId, outcome, state, total, authorised, captured, voided, refunded } = order
  if (outcome !== null && outcome !== 'Fulfilled') {
    const deducted = piecesOf(parts.filter(part => part.status === 'confirmed').flatMap(part => part.lines))
    const isPutBack = samePieces(deducted, putBackPieces(order))
    for (const { attempt, status } of parts) {
      if (status === 'reserved' || (status === 'confirmed' && !isPutBack)) findings.add(orderId, `is ${outcome}, but attempt ${attempt} still holds stock (${status})`)
      if (status === 'waiting') findings.add(orderId, `is ${outcome}, but attempt ${attempt} still waits for stock`)
    }
    findings.equal(orderId, `${outcome} orders keep no money`, 0n, captured - refunded)
    findings.equal(orderId, `${outcome} orders leave nothing authorised`, 0n, authorised - captured - voided)
  } else if (order.everConfirmed && state !== 'Compensating') {
    findings.equal(orderId, 'total of a confirmed order = captured', total, captured)
    const sold = piecesOf(order.lines.filter(line => line.stocked))
    const deducted = piecesOf(parts.filter(part => part.status === 'confirmed').flatMap(part => part.lines))
    for (const sku of new Set([...sold.keys(), ...deducted.keys()])) {
      findings.equal(orderId, `pieces of ${sku} sold = deducted`, sold.get(sku) ?? 0, deducted.get(sku) ?? 0)
    }
  }
}

function samePieces (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([sku, pieces]) => other.get(sku) === pieces)
}

function piecesOf (lines: ReadonlyArray<{ readonly sku: string, readonly quantity: number }>): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>()
  for (const { sku, quantity } of lines) pieces.set(sku, (pieces.get(sku) ?? 0) + quantity)
  return pieces
}

/** Records of a topic and the rows that a sink holds of it. `distinct`: rows with different offsets. */
export interface CountSnapshot { readonly topic: string, readonly records: bigint, readonly rows: bigint, readonly distinct?: bigint }

/** Counts, per topic: every record is one row, and no row is there twice. */
export function checkCounts (counts: Iterable<CountSnapshot>): LawReport {
  const findings = new Findings('counts')
  let checked = 0
  for (const { topic, records, rows, distinct } of counts) {
    checked++
    findings.equal(topic, 'records in the topic = rows', records, rows)
    if (distinct !== undefined) findings.equal(topic, 'different offsets = rows', distinct, rows)
  }
  return { checked, violations: findings.violations }
}
