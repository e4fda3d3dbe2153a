import { type StockAudit, type StockLevel } from '#schemas'
import { type InventoryEvent } from '../topics.ts'
import { type Break, type Followed, unbroken } from './followed.ts'

type Type = InventoryEvent['type']
type Named<Name extends Type> = Extract<InventoryEvent, { type: Name }>

/** By how many pieces an event moves each counter. */
interface Move { readonly onHand: number, readonly reserved: number, readonly deducted: number }

/**
 * What each event does to the stock of its SKU, in words of the audit's own: nothing here is shared with the processor that is
 * watched. Null: the event moves no pieces. Complete, so that a new event has to be decided about.
 */
const moves: { readonly [Name in Type]: ((event: Named<Name>) => Move) | null } = {
  SkuRegistered: () => ({ onHand: 0, reserved: 0, deducted: 0 }),
  StockReserved: ({ quantity }) => ({ onHand: 0, reserved: quantity, deducted: 0 }),
  StockDeducted: ({ quantity }) => ({ onHand: -quantity, reserved: -quantity, deducted: quantity }),
  StockReleased: ({ quantity, restored }) => restored
    ? { onHand: quantity, reserved: 0, deducted: -quantity }
    : { onHand: 0, reserved: -quantity, deducted: 0 },
  StockAdjusted: ({ delta }) => ({ onHand: delta, reserved: 0, deducted: 0 }),
  ReservationConfirmed: null,
  ReservationUnconfirmed: null,
  StockReservationRejected: null,
  ReservationExpired: null,
  LowStockDetected: null,
  BackOrderQueued: null,
  BackOrderFilled: null,
  BackOrderWithdrawn: null
}

/** An event that moves pieces. */
export type StockMove = Named<'SkuRegistered' | 'StockReserved' | 'StockDeducted' | 'StockReleased' | 'StockAdjusted'>

/** Types of the events that the stock law has to see. */
export const stockMoves = (Object.keys(moves) as Type[]).filter(type => moves[type] !== null) as ReadonlyArray<StockMove['type']>

/**
 * Follows the stock of a SKU by one more event, and says what is wrong with it: the events come in their numbers, each once; what
 * was opened, delivered, written off and sold adds up to what the event says is on hand; nothing is negative, and no more is
 * reserved than there is. Pure.
 *
 * After a wrong event the stock goes on from what it says, or, when the next event says so, from what it should have said: one
 * break for one wrong event. `isLogWhole`: the log still begins with its first event, so a SKU without its registration is wrong.
 */
export function followStock (row: StockAudit | undefined, event: StockMove, isLogWhole: boolean): Followed<StockAudit> {
  const { aggregateVersion: version } = event.meta
  const told = levelOf(event)
  if (row === undefined) return begin(event, told, isLogWhole)
  if (version <= row.version) return { row, breaks: [stockBreak(`${event.type} came before`, `event ${row.version + 1}`, `event ${version}`)] }
  const next: StockAudit = { ...row, version, ...told, deducted: null, instead: null }
  if (version !== row.version + 1) {
    return { row: next, breaks: [stockBreak(`events are missing before ${event.type}`, `event ${row.version + 1}`, `event ${version}`)] }
  }
  const move = (moves[event.type] as (event: StockMove) => Move)(event)
  const expected = moved(row, move)
  if (isSame(told, expected)) return judged(row, { ...next, deducted: row.deducted === null ? null : row.deducted + move.deducted })
  if (row.instead !== null && isSame(told, moved(row.instead, move))) return judged(row, next)
  return { row: { ...next, instead: expected }, breaks: [stockBreak(`${event.type} does not add up`, textOf(expected), textOf(told))] }
}

function begin (event: StockMove, told: StockLevel, isLogWhole: boolean): Followed<StockAudit> {
  const row: StockAudit = {
    type: 'StockAudit', version: event.meta.aggregateVersion, ...told, deducted: event.type === 'SkuRegistered' ? 0 : null, instead: null
  }
  if (event.type === 'SkuRegistered' || !isLogWhole) return judged(undefined, row)
  return { row, breaks: [stockBreak('the SKU was never registered', 'SkuRegistered', event.type)] }
}

/** Reports a bound that is broken now and was not before: once, until it is healed. */
function judged (before: StockAudit | undefined, after: StockAudit): Followed<StockAudit> {
  const broken = brokenBound(after)
  return broken === undefined || (before !== undefined && brokenBound(before) !== undefined) ? unbroken(after) : { row: after, breaks: [broken] }
}

function brokenBound ({ onHand, reserved, deducted }: StockAudit): Break | undefined {
  if (onHand < 0) return stockBreak('stock is below zero', 'at least 0 on hand', `${onHand} on hand`)
  if (reserved < 0) return stockBreak('less than nothing is reserved', 'at least 0 reserved', `${reserved} reserved`)
  if (reserved > onHand) return stockBreak('more is reserved than there is', `at most ${onHand} reserved`, `${reserved} reserved`)
  if (deducted !== null && deducted < 0) return stockBreak('more was put back than was sold', 'at least 0 sold', `${deducted} sold`)
  return undefined
}

/** What the event says is there after it. */
function levelOf (event: StockMove): StockLevel {
  const { onHand, reserved } = event.type === 'SkuRegistered' ? { onHand: event.openingStock, reserved: 0 } : event
  return { onHand, reserved }
}

function moved (level: StockLevel, move: Move): StockLevel {
  return { onHand: level.onHand + move.onHand, reserved: level.reserved + move.reserved }
}

function isSame (one: StockLevel, other: StockLevel): boolean {
  return one.onHand === other.onHand && one.reserved === other.reserved
}

function textOf ({ onHand, reserved }: StockLevel): string {
  return `${onHand} on hand, ${reserved} reserved`
}

function stockBreak (message: string, expected: string, actual: string): Break {
  return { law: 'stock', message, expected, actual }
}
