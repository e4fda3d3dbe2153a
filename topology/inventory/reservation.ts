import { type ReservationState, type ReservationStatus } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type InventoryReply } from '../topics.ts'
import { type StockMovement } from './stock.ts'

/** An answer to the order saga without its metadata. */
export type InventoryReplyBody = Body<InventoryReply>

/** What can be asked of a reservation; `expire` is asked by its timer, `fill` by stock that came for one that waits. */
export type ReservationAction = 'reserve' | 'confirm' | 'extend' | 'release' | 'unconfirm' | 'expire' | 'fill'

/** Where a reservation can stand; `none` = there is no row. */
export type ReservationPlace = ReservationStatus | 'none'

/** What an action does: the answer given, where the reservation stands after it, how its pieces move, and the code of a rejection. */
export interface Step {
  readonly reply?: InventoryReplyBody['type']
  readonly next: ReservationPlace
  readonly movement?: StockMovement
  readonly code?: string
}

const released: Step = { reply: 'LinesReleased', next: 'released' }
const unconfirmed: Step = { reply: 'LinesUnconfirmed', next: 'unconfirmed' }

/**
 * The state machine of a reservation, complete: the answer's type follows the action, the pieces follow the state. An action that
 * was done before is answered again and moves nothing. `reserve` on `none` is decided by the stock, see decide-reservation.ts.
 */
export const reservationSteps: Readonly<Record<ReservationPlace, Readonly<Record<ReservationAction, Step>>>> = {
  none: {
    reserve: { reply: 'LinesReserved', next: 'reserved', movement: 'reserve' },
    confirm: { reply: 'LinesConfirmRejected', next: 'none', code: 'unknown-reservation' },
    extend: { reply: 'LinesExpired', next: 'none' },
    release: { reply: 'LinesReleased', next: 'fence' },
    unconfirm: { reply: 'LinesUnconfirmed', next: 'fence' },
    expire: { next: 'none' },
    fill: { next: 'none' }
  },
  waiting: {
    reserve: { reply: 'LinesBackOrdered', next: 'waiting' },
    confirm: { reply: 'LinesConfirmRejected', next: 'waiting', code: 'waiting' },
    extend: { next: 'waiting' },
    release: released,
    unconfirm: { ...unconfirmed, next: 'released' },
    expire: { reply: 'LinesExpired', next: 'expired' },
    fill: { reply: 'LinesReserved', next: 'reserved', movement: 'reserve' }
  },
  reserved: {
    reserve: { reply: 'LinesReserved', next: 'reserved' },
    confirm: { reply: 'LinesConfirmed', next: 'confirmed', movement: 'deduct' },
    extend: { next: 'reserved' },
    release: { ...released, movement: 'release' },
    unconfirm: { ...unconfirmed, next: 'released', movement: 'release' },
    expire: { reply: 'LinesExpired', next: 'expired', movement: 'release' },
    fill: { next: 'reserved' }
  },
  confirmed: {
    reserve: { reply: 'LinesReserved', next: 'confirmed' },
    confirm: { reply: 'LinesConfirmed', next: 'confirmed' },
    extend: { next: 'confirmed' },
    release: { ...released, movement: 'restore' },
    unconfirm: { ...unconfirmed, movement: 'restore' },
    expire: { next: 'confirmed' },
    fill: { next: 'confirmed' }
  },
  released: ended('released', 'released'),
  unconfirmed: ended('unconfirmed', 'unconfirmed'),
  expired: { ...ended('expired', 'expired'), extend: { reply: 'LinesExpired', next: 'expired' } },
  rejected: ended('rejected', 'rejected'),
  fence: ended('fence', 'fenced')
}

/** A reservation that holds nothing any more: compensations are answered again, forward steps are refused with its code. */
function ended (place: ReservationStatus, code: string): Readonly<Record<ReservationAction, Step>> {
  return {
    reserve: { reply: 'LinesRejected', next: place, code },
    confirm: { reply: 'LinesConfirmRejected', next: place, code },
    extend: { next: place },
    release: { reply: 'LinesReleased', next: place },
    unconfirm: { reply: 'LinesUnconfirmed', next: place },
    expire: { next: place },
    fill: { next: place }
  }
}

/** Id of a reservation and key of its row: an order has one in every partition it touches. */
export function reservationKey ({ orderId, attempt, partition }: Pick<ReservationState, 'orderId' | 'attempt' | 'partition'>): string {
  return `${orderId}/${attempt}/${partition}`
}

/** True while the reservation holds stock: reserved pieces, or deducted ones that a compensation would put back. */
export function holdsStock (status: ReservationStatus): boolean {
  return status === 'reserved' || status === 'confirmed'
}

/** True until the reservation has ended: it holds stock, or waits for it. */
export function isLive (status: ReservationStatus): boolean {
  return holdsStock(status) || status === 'waiting'
}

/** True for a reservation that somebody made by hand: no order waits for it, and none is answered. */
export function isByHand ({ reference = null }: { readonly reference?: string | null }): boolean {
  return reference !== null
}

/** The row after a step. `ended` rows remember when, for the timer that removes them. */
export function evolveReservation (row: ReservationState, next: ReservationStatus, nowMs: number): ReservationState {
  if (row.status === next) return row
  return { ...row, status: next, endedAt: isLive(next) ? null : nowMs, version: row.version + 1 }
}
