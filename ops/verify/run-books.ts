import { type OrderView, type ReservationState } from '#schemas'
import { type StateBackend } from '#streams'
import { type LawReport, joinReports } from '../../topology/audit/law.ts'
import { type OrderBooks, checkOrderBooks } from '../../topology/audit/ledger-laws.ts'
import { type GatewaySnapshot, type OutcomeEvent, checkMoney, checkOutcomes, checkStock } from '../../topology/audit/laws.ts'
import {
  inventoryName, ordersName, partitions, paymentStore, paymentsName, reservationStore, stockPartitions, stockStore, viewStore
} from '../../topology/index.ts'
import { type Summary } from '../start/summary.ts'
import { type VerifiedRun } from './run.ts'
import { type EncodedRows, encodedRows } from './state-rows.ts'

/** What others than the state say about the orders of a run, by order. */
export interface OtherSources {
  readonly outcomes: ReadonlyMap<string, readonly OutcomeEvent[]>
  readonly gateway: ReadonlyMap<string, readonly GatewaySnapshot[]>
  readonly ledger: ReadonlyMap<string, OrderBooks>
  /** Pieces deducted as the stock events tell, by SKU. */
  readonly deducted: ReadonlyMap<string, number>
}

/** The orders of a run by how they stand, and what the laws found. */
export interface RunBooks { readonly orders: Summary['orders'], readonly report: LawReport }

/** States of an order that is confirmed and not delivered yet. */
const fulfilling: ReadonlySet<OrderView['state']> = new Set(['Confirmed', 'PartiallyShipped', 'Shipped'])

/**
 * Checks the laws over every SKU and order of a run. The state is read a partition at a time; decoded are only the rows of that
 * partition, and reservations one by one as a law asks for them, so that a long run needs little memory.
 */
export async function checkBooks (state: StateBackend, run: VerifiedRun, others: OtherSources): Promise<RunBooks> {
  const reservations = new Map<string, Buffer[]>()
  const reports: LawReport[] = []
  for (let partition = 0; partition < stockPartitions; partition++) {
    const rows = await encodedRows(state, { processor: inventoryName, partition, store: reservationStore })
    for (const [key, bytes] of rows) append(reservations, key.slice(0, key.indexOf('/')), bytes)
    const stocks = await encodedRows(state, { processor: inventoryName, partition, store: stockStore }, run.ownsStock)
    // Whoever's order it is: what it takes from the stock of the run counts.
    reports.push(checkStock(decodeAll(stocks, stockStore.value), ownLines(rows, run), others.deducted))
  }
  const orders = { placed: 0, confirmed: 0, delivered: 0, cancelled: 0, failed: 0, timedOut: 0, rejected: 0, open: 0, onTheWay: 0 }
  for (let partition = 0; partition < partitions; partition++) {
    const views = await viewsOf(state, run, partition)
    for (const view of views) countOrder(orders, view)
    const accepted = views.filter(view => view.outcome !== 'Rejected')
    const orderIds = new Set(views.map(view => view.orderId))
    const rows = await encodedRows(state, { processor: paymentsName, partition, store: paymentStore }, orderId => orderIds.has(orderId))
    const payments = [...decodeAll(rows, paymentStore.value)]
    const gateway = views.flatMap(view => others.gateway.get(view.orderId) ?? [])
    const outcomes = views.flatMap(view => others.outcomes.get(view.orderId) ?? [])
    const held = accepted.flatMap(view => reservations.get(view.orderId) ?? []).map(bytes => reservationStore.value.decode(bytes))
    const ledger = views.flatMap(view => others.ledger.get(view.orderId) ?? [])
    reports.push(checkMoney(payments, { gateway, orders: accepted }), checkOutcomes(accepted, outcomes, held), checkOrderBooks(ledger, payments))
  }
  return { orders, report: joinReports(reports) }
}

async function viewsOf (state: StateBackend, run: VerifiedRun, partition: number): Promise<readonly OrderView[]> {
  const rows = await encodedRows(state, { processor: ordersName, partition, store: viewStore })
  return [...decodeAll(rows, viewStore.value)].filter(view => view.clientReference?.startsWith(run.referencePrefix) === true)
}

function * ownLines (rows: EncodedRows, { ownsStock }: VerifiedRun): Generator<ReservationState> {
  for (const reservation of decodeAll(rows, reservationStore.value)) {
    yield { ...reservation, lines: reservation.lines.filter(line => ownsStock(line.sku)) }
  }
}

function * decodeAll<V> (rows: EncodedRows, serde: { decode (bytes: Buffer): V }): Generator<V> {
  for (const [, bytes] of rows) yield serde.decode(bytes)
}

function append<V> (lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function countOrder (orders: { -readonly [Name in keyof Summary['orders']]: number }, { outcome, state, everConfirmed }: OrderView): void {
  if (outcome !== 'Rejected') orders.placed++
  if (everConfirmed) orders.confirmed++
  if (outcome === 'Cancelled') orders.cancelled++
  if (outcome === 'Failed') orders.failed++
  if (outcome === 'TimedOut') orders.timedOut++
  if (outcome === 'Rejected') orders.rejected++
  if (outcome === 'Fulfilled') orders.delivered++
  if (outcome === null) orders[fulfilling.has(state) ? 'onTheWay' : 'open']++
}
