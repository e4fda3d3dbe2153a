import { type BackOrderState, type ReservationLine, type ReservationState, type StockState } from '#schemas'
import { available } from './stock.ts'

/**
 * The queue of those who wait for stock, a row a SKU and reservation. A reservation waits in the queues of all its SKUs and is filled all
 * at once; its place is the same in each: the oldest order first, whenever and wherever it joined.
 *
 * Whoever is older has a claim on what is there, even while it waits for another SKU as well: nobody takes a piece that an older one
 * waits for, and nobody who waits is passed by a new order (`unclaimed`). So nobody starves: those before a reservation only get fewer.
 */

/** A reservation in a queue, with its place. */
export interface Queued { readonly place: string, readonly entry: BackOrderState }

/** The queue of a SKU from its head on; read only as far as it is asked for. */
export type QueueOf = (sku: string) => Iterable<Queued>

/** Beginning of the keys of one SKU's queue. The length keeps a SKU apart from others that begin like it. */
export function queuePrefix (sku: string): string {
  return `${sku.length}:${sku}/`
}

/** Place of a reservation in every queue: by the time since when its order waits, then by order and attempt. */
export function placeOf ({ waitsSince, orderId, attempt }: Pick<ReservationState, 'waitsSince' | 'orderId' | 'attempt'>): string {
  return `${String(Math.max(0, waitsSince ?? 0)).padStart(15, '0')}/${orderId}/${attempt}`
}

/** The row that a waiting reservation has in each of its queues. */
export function backOrderOf (row: ReservationState): BackOrderState {
  const { orderId, attempt, partition, lines } = row
  const pieces = [...piecesBySku(lines)].map(([sku, quantity]) => ({ sku, quantity }))
  return { type: 'BackOrderState', orderId, attempt, partition, pieces }
}

/** True when this change of a SKU may let somebody who waits for it have what he asked for. */
export function letsFill (before: StockState | undefined, after: StockState): boolean {
  if (after.waiting === 0 || available(after) <= 0) return false
  return before === undefined || available(after) - after.waiting > available(before) - before.waiting
}

/**
 * The first `limit` reservations in the queue of a SKU that can be filled now, in the order of the queue: of each of their SKUs there is
 * enough beyond what older ones wait for. Pure. Reads no queue further than what is free reaches.
 */
export function chooseFills (sku: string, queueOf: QueueOf, stockOf: (sku: string) => StockState | undefined, limit: number): readonly BackOrderState[] {
  const claims = new Map<string, ReadonlyMap<string, number>>()
  const freeOf = (other: string): number => {
    const stock = stockOf(other)
    return stock === undefined ? 0 : available(stock)
  }
  const isFree = (other: string, place: string, quantity: number): boolean => {
    const older = (claims.get(other) ?? keep(claims, other, olderClaims(other, queueOf(other), freeOf(other)))).get(place)
    return older !== undefined && freeOf(other) - older >= quantity
  }
  const chosen: BackOrderState[] = []
  let claimed = 0
  for (const { place, entry } of queueOf(sku)) {
    if (chosen.length === limit || claimed >= freeOf(sku)) break
    if (entry.pieces.every(piece => isFree(piece.sku, place, piece.quantity))) chosen.push(entry)
    claimed += quantityOf(entry, sku)
  }
  return chosen
}

/** What older ones wait for, by place in the queue; places that what is free does not reach are left out. */
function olderClaims (sku: string, queue: Iterable<Queued>, free: number): ReadonlyMap<string, number> {
  const older = new Map<string, number>()
  let claimed = 0
  for (const { place, entry } of queue) {
    if (claimed >= free) break
    older.set(place, claimed)
    claimed += quantityOf(entry, sku)
  }
  return older
}

function quantityOf (entry: BackOrderState, sku: string): number {
  return entry.pieces.find(piece => piece.sku === sku)?.quantity ?? 0
}

function keep<Value> (map: Map<string, Value>, key: string, value: Value): Value {
  map.set(key, value)
  return value
}

/** Pieces asked for by SKU, in the order of first mention: an order may name a SKU in several lines. */
export function piecesBySku (lines: readonly ReservationLine[]): ReadonlyMap<string, number> {
  const pieces = new Map<string, number>()
  for (const { sku, quantity } of lines) pieces.set(sku, (pieces.get(sku) ?? 0) + quantity)
  return pieces
}
