import { type ShipmentParcel, type ShipmentState } from '#schemas'
import { heldUpMs } from '../held-up.ts'
import { type CarrierOf, type JourneyStep } from './carrier.ts'
import { endStages } from './stages.ts'

/** How long after a takeover, or after a timer that came late, a promise is not judged: carriers may have been held up as well. Unit: ms. */
export const answerMs = 30_000

/** What happens to a shipment by itself: the next step of its journey, or that its promise is missed. */
export type OwnStep =
  | { readonly kind: 'journey', readonly dueMs: number, readonly step: JourneyStep }
  | { readonly kind: 'late', readonly dueMs: number }

/** What the one timer row of an order is to do. `keep`: the row that is set fires early enough. */
export type TimerChange = { readonly kind: 'set', readonly dueMs: number } | { readonly kind: 'cancel' } | { readonly kind: 'keep' }

/** What happens next to a shipment if nobody tells anything; undefined = nothing. The carrier goes first where both are due. */
export function ownStep (parcel: ShipmentParcel, { deliverySpeed: speed }: ShipmentState, carrierOf: CarrierOf): OwnStep | undefined {
  if (endStages.has(parcel.stage)) return undefined
  const { shipmentId, stage, stageAt, attempts, promisedBy, delayed } = parcel
  const notBefore = parcel.heldUntil ?? 0
  const onItsWay = stage !== 'created'
  const step = carrierOf(parcel.carrier).journey?.({ shipmentId, stage, attempts, speed })
  const journey = step === undefined ? undefined : { kind: 'journey' as const, dueMs: Math.max(stageAt + step.afterMs, onItsWay ? 0 : notBefore), step }
  const late = promisedBy === null || delayed ? undefined : { kind: 'late' as const, dueMs: Math.max(promisedBy, notBefore) }
  if (journey === undefined || late === undefined) return journey ?? late
  return late.dueMs < journey.dueMs ? late : journey
}

/** When the shipments of an order want to be woken next, epoch ms; null = nothing is waited for. */
export function nextDueMs (state: ShipmentState, carrierOf: CarrierOf): number | null {
  const dues = state.shipments.flatMap(parcel => ownStep(parcel, state, carrierOf)?.dueMs ?? [])
  return dues.length === 0 ? null : Math.min(...dues)
}

/** The change of the timer row that brings it in line with the shipments. A row that fires too early is left alone: it is moved when it fires. */
export function timerChange (state: ShipmentState, carrierOf: CarrierOf): TimerChange {
  const wanted = nextDueMs(state, carrierOf)
  if (wanted === null) return state.timerDueMs === null ? { kind: 'keep' } : { kind: 'cancel' }
  if (state.timerDueMs !== null && state.timerDueMs <= wanted) return { kind: 'keep' }
  return { kind: 'set', dueMs: wanted }
}

/** A timer that fires: when it was due, when it fires, and since when its task runs here. Epoch ms. */
export interface Firing {
  readonly dueMs: number
  readonly nowMs: number
  readonly runningSinceMs: number
}

/**
 * Until when a step is put off that ends a time which somebody was given, epoch ms; before now: it is not. Time in which the task was down or
 * behind is not held against him, because what he sent may have been held up as well: `windowMs` count anew from the takeover, or from a
 * timer that came late.
 */
export function heldUntil ({ dueMs, nowMs, runningSinceMs }: Firing, windowMs: number): number {
  return (nowMs - dueMs > heldUpMs ? nowMs : runningSinceMs) + windowMs
}
