import { type ConfirmDelivery, type Personal, type RecordDeliveryAttempt, type RecordTracking, type ShipmentParcel, type ShipmentStage, type ShipmentTrace } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { type ShipmentDraft, type ShipmentEventBody } from './shipment-draft.ts'
import { endStages, maxAttempts, stageSteps } from './stages.ts'

/** What is told of a shipment, by a carrier or by hand. */
export interface News {
  readonly stage: ShipmentStage
  /** Epoch ms, by the clock of whoever saw it. */
  readonly at: number
  readonly location: string | null
  readonly note: string | null
  readonly receivedBy?: Personal | null
  /** Tells where the shipment is, for those who follow it. */
  readonly isTracking?: boolean
}

/** Commands that tell news. */
export type NewsCommand = Body<RecordTracking | RecordDeliveryAttempt | ConfirmDelivery>

/** Entries of the history that are kept, the newest. */
export const maxHistory = 20
/** Longest text of an entry. Unit: characters. */
export const maxText = 200
/** How far the clock of a carrier may be ahead of ours, ms. */
export const maxAheadMs = 5 * 60_000

/** The news that a command tells. */
export function newsOf (command: NewsCommand): News {
  switch (command.type) {
    case 'RecordTracking': return { stage: command.stage, at: command.at, location: command.location, note: command.note, isTracking: true }
    case 'RecordDeliveryAttempt': return { stage: 'attemptFailed', at: command.at, location: null, note: command.reason }
    case 'ConfirmDelivery': return { stage: 'delivered', at: command.at, location: null, note: null, receivedBy: command.receivedBy }
  }
}

/**
 * Takes news of a shipment in, by the table of stages. News that moves nothing is kept in the history and counted; tracking that is newer than
 * all that is known is passed on instead, because it says where the shipment is.
 */
export function tellNews (draft: ShipmentDraft, parcel: ShipmentParcel, news: News): Rejection | undefined {
  const step = stageSteps[parcel.stage][news.stage]
  const moves = step === 'move' || (step === 'again' && news.at > parcel.stageAt)
  const refusal = refuse(draft, parcel, news, moves)
  if (refusal !== undefined) return refusal
  if (moves) {
    const moved = moveParcel(draft, parcel, news)
    if (news.location !== null || news.note !== null) tellTracking(draft, moved, news)
  } else note(draft, parcel, news)
  return undefined
}

function note (draft: ShipmentDraft, parcel: ShipmentParcel, news: News): void {
  const { history } = parcel
  const isKnown = history.some(trace => trace.stage === news.stage && trace.at === news.at && trace.location === news.location && trace.note === news.note)
  if (!isKnown) draft.change(parcel, { history: withTrace(history, news) })
  const isNewest = !endStages.has(parcel.stage) && history.every(({ at }) => at <= news.at)
  if (news.isTracking === true && isNewest && !isKnown) tellTracking(draft, parcel, news)
  else draft.countRepeat()
}

function tellTracking (draft: ShipmentDraft, { shipmentId, shipmentNo }: ShipmentParcel, { stage, location, note, at, isTracking = false }: News): void {
  if (isTracking) draft.happen({ type: 'ShipmentTrackingUpdated', orderId: draft.state.orderId, shipmentId, shipmentNo, stage, location, note, at })
}

/** Moves a shipment to a stage that its own allows, with the event of it. One that left without anybody telling was picked up before. */
export function moveParcel (draft: ShipmentDraft, parcel: ShipmentParcel, news: News): ShipmentParcel {
  const left = parcel.stage === 'created' && news.stage !== 'pickedUp'
    ? moveParcel(draft, parcel, { stage: 'pickedUp', at: news.at, location: null, note: null })
    : parcel
  const { stage, at, location, note } = news
  const moved = draft.change(left, {
    stage,
    stageAt: at,
    attempts: left.attempts + Number(stage === 'attemptFailed'),
    heldUntil: null,
    receivedBy: news.receivedBy ?? left.receivedBy,
    history: withTrace(left.history, { stage, at, location, note })
  })
  const event = eventOf(draft.state.orderId, moved, news)
  if (event !== undefined) draft.happen(event)
  return moved
}

function eventOf (orderId: string, parcel: ShipmentParcel, { stage, at, note }: News): ShipmentEventBody | undefined {
  const { shipmentId, shipmentNo, lines, attempts, history } = parcel
  const about = { orderId, shipmentId, shipmentNo }
  switch (stage) {
    case 'pickedUp': return { type: 'ShipmentPickedUp', ...about, lines, at }
    case 'inTransit': return { type: 'ShipmentInTransit', ...about, at }
    case 'outForDelivery': return { type: 'ShipmentOutForDelivery', ...about, at }
    case 'attemptFailed': return { type: 'ShipmentDeliveryFailed', ...about, attempt: attempts, reason: note ?? 'not told', final: attempts >= maxAttempts, at }
    case 'delivered': return { type: 'ShipmentDelivered', ...about, lines, at }
    case 'returned': return { type: 'ShipmentReturned', ...about, lines, reason: note ?? lastFailure(history) ?? 'not told', at }
    default: return undefined
  }
}

function lastFailure (history: readonly ShipmentTrace[]): string | null | undefined {
  return history.findLast(({ stage }) => stage === 'attemptFailed')?.note
}

/** The history with one more entry, in the order of time; the oldest goes when there are too many. */
function withTrace (history: readonly ShipmentTrace[], { stage, at, location, note }: News): readonly ShipmentTrace[] {
  return [...history, { stage, at, location, note }].sort((a, b) => a.at - b.at).slice(-maxHistory)
}

function refuse ({ env }: ShipmentDraft, parcel: ShipmentParcel, { stage, at, location, note }: News, moves: boolean): Rejection | undefined {
  if (at > env.nowMs + maxAheadMs) return reject('time-in-future', '/at', 'it is told before it can have happened')
  if (at < 0) return reject('time-invalid', '/at', 'the time is before 1970')
  if ((location?.length ?? 0) > maxText) return reject('text-too-long', '/location', `it has more than ${maxText} characters`)
  if ((note?.length ?? 0) > maxText) return reject('text-too-long', '/note', `it has more than ${maxText} characters`)
  if (stageSteps[parcel.stage][stage] === 'refuse') return reject('stage-forbids', '/stage', `a shipment that is ${parcel.stage} is not ${stage} afterwards`)
  const isUsedUp = parcel.stage === 'attemptFailed' && parcel.attempts >= maxAttempts && (stage === 'outForDelivery' || stage === 'attemptFailed')
  if (moves && isUsedUp) return reject('attempts-used-up', '/stage', `it was brought to the door ${maxAttempts} times in vain, and comes back`)
  return undefined
}

function reject (code: string, field: string, message: string): Rejection {
  return { code, field, message }
}
