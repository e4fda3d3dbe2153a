import { type BackOrderState, type ReservationState, type StockState } from '#schemas'
import { placeOf, queuePrefix } from '../../topology/inventory/back-orders.ts'
import { fillTimer } from '../../topology/inventory/carry-out.ts'
import { type Cell } from './cell.ts'
import { rowsOf } from './rows.ts'
import { Violation } from './scene.ts'

/** The laws of a partition of the stock, after every step of it: against its rows alone. @throws {Violation} */
export function checkStock (cell: Cell): void {
  const reservations = rowsOf<ReservationState>(cell, 'ReservationState')
  const stocks = rowsOf<StockState>(cell, 'StockState')
  for (const stock of stocks) checkPieces(stock, reservations)
  checkQueue(cell, reservations)
  checkWoken(cell, stocks)
}

/** Pieces are where the rows say: none is lost, none is promised twice, and no more is waited for than those who wait asked for. */
function checkPieces (stock: StockState, reservations: readonly ReservationState[]): void {
  const { sku, opening, onHand, reserved, deducted, waiting } = stock
  const held = (status: ReservationState['status']): number => reservations.filter(row => row.status === status)
    .flatMap(row => row.lines).reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0)
  if (onHand < 0 || reserved < 0 || reserved > onHand) throw new Violation(`${sku}: ${reserved} pieces are reserved of ${onHand} on hand`)
  if (opening + stock.in - stock.out - deducted !== onHand) throw new Violation(`${sku}: stock is not conserved`)
  if (held('reserved') !== reserved) throw new Violation(`${sku}: ${reserved} pieces are reserved, the reservations hold ${held('reserved')}`)
  if (held('confirmed') !== deducted) throw new Violation(`${sku}: ${deducted} pieces are deducted, the confirmed reservations hold ${held('confirmed')}`)
  if (held('waiting') !== waiting) throw new Violation(`${sku}: ${waiting} pieces are waited for, those who wait asked for ${held('waiting')}`)
}

/** Who waits is in the queue of each of its SKUs, and nobody else is in one. */
function checkQueue ({ rows }: Cell, reservations: readonly ReservationState[]): void {
  const waits = reservations.filter(({ status }) => status === 'waiting')
  const due = new Set(waits.flatMap(row => row.lines.map(({ sku }) => `back-orders/${queuePrefix(sku)}${placeOf(row)}`)))
  const queued = Object.keys(rows).filter(key => rows[key]?.type === 'BackOrderState')
  const stray = queued.find(key => !due.has(key))
  if (stray !== undefined) throw new Violation(`${stray.split('/')[1]}: somebody is in the queue who does not wait`)
  if (queued.length < due.size) throw new Violation('somebody waits who is not in the queue')
}

/** Nobody waits for what lies there: where the head of a queue could be filled, those who wait are looked through next. */
function checkWoken ({ rows, timers }: Cell, stocks: readonly StockState[]): void {
  const heads = stocks.flatMap(({ sku }) => Object.keys(rows).filter(key => key.startsWith(`back-orders/${queuePrefix(sku)}`)).sort().slice(0, 1))
    .map(key => rows[key] as BackOrderState)
  const isThere = ({ sku, quantity }: BackOrderState['pieces'][number]): boolean => stocks.some(stock => stock.sku === sku && stock.onHand - stock.reserved >= quantity)
  for (const { orderId, attempt, pieces } of heads) {
    const own = heads.filter(head => head.orderId === orderId && head.attempt === attempt)
    const isFirst = own.length === pieces.length
    if (isFirst && pieces.every(isThere) && !pieces.some(({ sku }) => fillTimer + sku in timers)) throw new Violation('what the first in the queue waits for lies there, and nobody looks')
  }
}
