import { type HoldStock, type ReleaseHold, type ReservationState } from '#schemas'
import { type Rejection } from '../commands/processed-command.ts'
import { type ReservationDecision, type ReservationRequest } from './decide-reservation.ts'
import { isByHand } from './reservation.ts'

/*
 * Reservations by hand: pieces that a warehouse or a service holds for something that is no order. They are reservations like any other, with the
 * same states, stock and expiry, and an id of their own in place of the order's; only that nobody is answered on inventory.replies.
 */

/** What is asked about a reservation by hand, as the decision sees it. */
export type HoldCommand = Omit<HoldStock, 'meta'> | Omit<ReleaseHold, 'meta'>

/** A reservation by hand is made once: another one has another id. */
export const holdAttempt = 1

/** How far ahead a reservation by hand may end, days: what is forgotten is not lost to the shop for ever. The API gives a day less: clocks differ. */
const maxDays = 91

/** The rule that a command breaks whatever the stock is; undefined = none. `row`: what is under its id. */
export function refuseHold (command: HoldCommand, row: ReservationState | undefined, nowMs: number): Rejection | undefined {
  const isOther = row !== undefined && (!isByHand(row) || row.lines[0]?.sku !== command.sku)
  if (command.type === 'ReleaseHold') {
    return row === undefined || isOther ? { code: 'unknown-reservation', field: 'reservationId', message: 'the SKU has no reservation by hand with this id' } : undefined
  }
  if (isOther) return { code: 'lines-differ', field: 'reservationId', message: 'the id is that of another reservation' }
  const isEnd = command.expiresAt > nowMs && command.expiresAt <= nowMs + maxDays * 86_400_000
  if (row === undefined && !isEnd) return { code: 'invalid-expiry', field: 'expiresAt', message: `the end is not within the next ${maxDays} days` }
  return command.reference === '' ? { code: 'invalid-reference', field: 'reference', message: 'the reference is empty' } : undefined
}

/** The same command as the one state machine of all reservations takes it. */
export function holdRequest (command: HoldCommand, partition: number): ReservationRequest {
  const id = { orderId: command.reservationId, attempt: holdAttempt, partition }
  if (command.type === 'ReleaseHold') return { action: 'release', ...id }
  const { sku, quantity, expiresAt, reference } = command
  return { action: 'reserve', ...id, lines: [{ lineNo: 1, sku, quantity }], expiresAt, reference }
}

const messages: Readonly<Record<string, readonly [field: string, message: string]>> = {
  'unknown-sku': ['sku', 'the SKU is not registered'],
  'invalid-quantity': ['quantity', 'a reservation has at least one piece'],
  'lines-differ': ['reservationId', 'the id is that of another reservation']
}

/** The decision as the answer to whoever asked; undefined = it was carried out. */
export function holdRejection ({ reply }: ReservationDecision): Rejection | undefined {
  if (reply?.type !== 'LinesRejected') return undefined
  const { code, shortages: [short] } = reply
  if (short !== undefined) return { code, field: 'quantity', message: `only ${short.available} pieces are free` }
  const [field, message] = messages[code] ?? ['reservationId', 'the reservation has ended']
  return { code, field, message }
}
