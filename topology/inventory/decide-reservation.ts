import { type ReservationLine, type ReservationState, type ReservationStatus, type Shortage, type StockState } from '#schemas'
import { piecesBySku } from './back-orders.ts'
import { lowStock } from './decide-stock.ts'
import {
  type InventoryReplyBody, type ReservationAction, type Step, evolveReservation, isLive, reservationSteps
} from './reservation.ts'
import { type InventoryEventBody, type StockMovement, claimStock, crossedReorderLevel, maxPieces, moveStock, unclaimed } from './stock.ts'

/** What a reservation command says, whichever it is. `lines` and `waitsSince` for reserve, `expiresAt` for reserve and extend. */
export interface ReservationRequest {
  readonly action: ReservationAction
  readonly orderId: string
  readonly attempt: number
  readonly partition: number
  readonly lines?: readonly ReservationLine[]
  readonly expiresAt?: number
  /** Since when the order waits for stock, epoch ms; null = short stock rejects the reservation. @default null */
  readonly waitsSince?: number | null
  /** What a reservation by hand is for; null = it is an order's. @default null */
  readonly reference?: string | null
}

/** What the decision may look at: the row of the reservation, the stock of a SKU, the partition it is taken in, and the time. */
export interface ReservationView {
  readonly row: ReservationState | undefined
  readonly stockOf: (sku: string) => StockState | undefined
  readonly partition: number
  readonly nowMs: number
  readonly correlationId: string
}

/** Everything that a command leads to. `row` undefined: there is none afterwards either. */
export interface ReservationDecision {
  readonly events: readonly InventoryEventBody[]
  readonly reply: InventoryReplyBody | undefined
  readonly row: ReservationState | undefined
  readonly stocks: readonly StockState[]
}

/** Most lines that one order may have. */
export const maxLines = 10_000

/** Decides on a reservation command, all or nothing within the partition. Pure; a repeat changes nothing and is answered alike. */
export function decideReservation (request: ReservationRequest, view: ReservationView): ReservationDecision {
  const step = reservationSteps[view.row?.status ?? 'none'][request.action]
  if (request.action === 'reserve') return decideReserve(request, view, step)
  const row = view.row === undefined ? fenceRow(request, view, step) : afterStep(view.row, request, step, view.nowMs)
  const moved = view.row === undefined ? nothing : moveLines(view.row, step.movement, leaving(view.row, row), view)
  return { events: [...moved.events, ...milestones(view.row, row, request)], reply: replyOf(step, request), row, stocks: moved.stocks }
}

/** How a reservation that waited waits no longer. */
function leaving (before: ReservationState, after: ReservationState | undefined): ClaimChange | undefined {
  if (before.status !== 'waiting' || after === undefined || after.status === 'waiting') return undefined
  return after.status === 'reserved' ? 'BackOrderFilled' : 'BackOrderWithdrawn'
}

function decideReserve (request: ReservationRequest, view: ReservationView, step: Step): ReservationDecision {
  const { row } = view
  const lines = request.lines ?? []
  const refuse = (code: string, shortages: readonly Shortage[] = [], kept = row): ReservationDecision =>
    ({ events: rejectedEvents(request, shortages), reply: { ...rejected(request, code), shortages }, row: kept, stocks: [] })
  if (row !== undefined) {
    if (row.status === 'rejected') return { events: [], reply: { ...rejected(request, row.code), shortages: row.shortages }, row, stocks: [] }
    if (row.status !== 'fence' && !sameLines(row.lines, lines)) return refuse('lines-differ')
    return { events: [], reply: replyOf(step, request), row, stocks: [] }
  }
  if (request.partition !== view.partition) return refuse('wrong-partition')
  if (lines.length === 0) return refuse('no-lines')
  if (lines.length > maxLines) return refuse('too-many-lines')
  if (!lines.every(line => Number.isInteger(line.quantity) && line.quantity >= 1)) return refuse('invalid-quantity')
  const wanted = piecesBySku(lines)
  if ([...wanted.values()].some(pieces => pieces > maxPieces)) return refuse('invalid-quantity')
  if ([...wanted.keys()].some(sku => view.stockOf(sku) === undefined)) return refuse('unknown-sku', [], newRow(request, view, 'rejected', 'unknown-sku', []))
  const shortages = shortagesOf(wanted, view)
  if (shortages.length > 0 && typeof request.waitsSince !== 'number') {
    return refuse('short-stock', shortages, newRow(request, view, 'rejected', 'short-stock', shortages))
  }
  if (shortages.length > 0) {
    const waiting = newRow(request, view, 'waiting', '', [])
    const claimed = moveLines(waiting, undefined, 'BackOrderQueued', view)
    return { ...claimed, reply: replyOf(reservationSteps.waiting.reserve, request), row: waiting }
  }
  const reserved = newRow(request, view, 'reserved', '', [])
  return { ...moveLines(reserved, 'reserve', undefined, view), reply: replyOf(step, request), row: reserved }
}

const nothing: Pick<ReservationDecision, 'events' | 'stocks'> = { events: [], stocks: [] }

type ClaimChange = Extract<InventoryEventBody['type'], 'BackOrderQueued' | 'BackOrderFilled' | 'BackOrderWithdrawn'>

/** Moves the pieces of every SKU of the reservation, or begins or ends to wait for them, in the order of its lines. */
function moveLines (
  row: ReservationState, movement: StockMovement | undefined, claim: ClaimChange | undefined, view: ReservationView
): Pick<ReservationDecision, 'events' | 'stocks'> {
  if (movement === undefined && claim === undefined) return nothing
  const events: InventoryEventBody[] = []
  const stocks: StockState[] = []
  const { orderId, attempt, partition } = row
  for (const [sku, quantity] of piecesBySku(row.lines)) {
    const before = view.stockOf(sku)
    if (before === undefined) throw new RangeError(`reserved stock of ${sku} is gone`)
    const moved = movement === undefined ? before : moveStock(before, movement, quantity)
    if (movement !== undefined) events.push(movedEvent(movement, moved, { sku, orderId, attempt, quantity }))
    const after = claim === undefined ? moved : claimStock(moved, claim === 'BackOrderQueued' ? quantity : -quantity)
    if (claim !== undefined) events.push({ type: claim, sku, orderId, attempt, partition, quantity, waiting: after.waiting })
    if (crossedReorderLevel(before, after)) events.push(lowStock(after))
    stocks.push(after)
  }
  return { events, stocks }
}

interface MovedPieces { readonly sku: string, readonly orderId: string, readonly attempt: number, readonly quantity: number }

function movedEvent (movement: StockMovement, { onHand, reserved }: StockState, pieces: MovedPieces): InventoryEventBody {
  const fields = { ...pieces, onHand, reserved }
  if (movement === 'reserve') return { type: 'StockReserved', ...fields }
  if (movement === 'deduct') return { type: 'StockDeducted', ...fields }
  return { type: 'StockReleased', ...fields, restored: movement === 'restore' }
}

/** Events about the reservation as a whole, keyed by its first SKU. */
function milestones (before: ReservationState | undefined, after: ReservationState | undefined, request: ReservationRequest): readonly InventoryEventBody[] {
  const sku = after?.lines[0]?.sku
  if (before === undefined || after === undefined || sku === undefined || before.status === after.status) return []
  const fields = { sku, orderId: request.orderId, attempt: request.attempt, partition: request.partition }
  if (after.status === 'confirmed') return [{ type: 'ReservationConfirmed', ...fields }]
  if (after.status === 'unconfirmed') return [{ type: 'ReservationUnconfirmed', ...fields }]
  if (after.status === 'expired') return [{ type: 'ReservationExpired', ...fields }]
  return []
}

function replyOf (step: Step, request: ReservationRequest): InventoryReplyBody | undefined {
  const { orderId, attempt, partition } = request
  const code = step.code ?? ''
  if (step.reply === undefined) return undefined
  if (step.reply === 'LinesRejected') return { type: step.reply, orderId, attempt, partition, code, shortages: [] }
  if (step.reply === 'LinesConfirmRejected') return { type: step.reply, orderId, attempt, partition, code }
  return { type: step.reply, orderId, attempt, partition }
}

function rejected ({ orderId, attempt, partition }: ReservationRequest, code: string): Extract<InventoryReplyBody, { type: 'LinesRejected' }> {
  return { type: 'LinesRejected', orderId, attempt, partition, code, shortages: [] }
}

function rejectedEvents ({ orderId, attempt }: ReservationRequest, shortages: readonly Shortage[]): readonly InventoryEventBody[] {
  return shortages.map(({ sku, requested, available }) => ({ type: 'StockReservationRejected', sku, orderId, attempt, requested, available }))
}

function afterStep (row: ReservationState, request: ReservationRequest, step: Step, nowMs: number): ReservationState {
  const moved = step.next === 'none' ? row : evolveReservation(row, step.next, nowMs)
  const later = request.action === 'extend' && (row.status === 'reserved' || row.status === 'waiting') && (request.expiresAt ?? 0) > (row.expiresAt ?? 0)
  return later ? { ...moved, expiresAt: request.expiresAt ?? row.expiresAt, version: moved.version + 1 } : moved
}

function fenceRow (request: ReservationRequest, view: ReservationView, step: Step): ReservationState | undefined {
  return step.next === 'fence' ? newRow(request, view, 'fence', '', []) : undefined
}

function newRow (
  request: ReservationRequest, view: ReservationView, status: ReservationStatus, code: string, shortages: readonly Shortage[]
): ReservationState {
  const { orderId, attempt, partition, lines = [], reference = null } = request
  const expiresAt = isLive(status) ? request.expiresAt ?? view.nowMs : null
  const endedAt = isLive(status) ? null : view.nowMs
  const waitsSince = status === 'waiting' ? request.waitsSince ?? null : null
  const { correlationId } = view
  return { type: 'ReservationState', orderId, attempt, partition, status, lines, code, shortages, correlationId, expiresAt, endedAt, waitsSince, version: 1, reference }
}

function shortagesOf (wanted: ReadonlyMap<string, number>, view: ReservationView): readonly Shortage[] {
  return [...wanted].flatMap(([sku, requested]) => {
    const free = unclaimed(view.stockOf(sku) as StockState)
    return free < requested ? [{ sku, requested, available: free }] : []
  })
}

function sameLines (one: readonly ReservationLine[], other: readonly ReservationLine[]): boolean {
  return one.length === other.length && one.every((line, index) => {
    const twin = other[index]
    return twin !== undefined && line.lineNo === twin.lineNo && line.sku === twin.sku && line.quantity === twin.quantity
  })
}
