import { type OrderPhase, orderPhaseSymbols } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'

/** Everything that can happen to an order that exists, timers included. PlaceOrder is decided before this table is asked. */
export const stimuli = [
  'LinesReserved', 'LinesBackOrdered', 'LinesRejected', 'LinesConfirmed', 'LinesConfirmRejected', 'LinesUnconfirmed', 'LinesReleased', 'LinesExpired',
  'PaymentAuthorized', 'PaymentSucceeded', 'PaymentFailed', 'PaymentDeferred', 'PaymentVoided', 'PaymentPartiallyRefunded', 'PaymentRefunded',
  'RefundFailed', 'ShipmentCreated', 'ShipmentCancelled', 'ShipmentRefused', 'ShipmentPickedUp', 'ShipmentInTransit', 'ShipmentOutForDelivery',
  'ShipmentDeliveryFailed', 'ShipmentDelivered', 'ShipmentReturned', 'ShipmentTrackingUpdated', 'ShipmentDelayed',
  'RiskApproved', 'RiskReviewRequired', 'RiskRejected',
  'CancelOrder', 'CompensateOrder', 'AmendOrder', 'RetryPayment', 'ReviewDecision', 'ShipOrder', 'RequestReturn', 'ApproveReturn', 'ReceiveReturn',
  'StepTimeout', 'SagaTimeout', 'CustomerActionTimeout', 'BackOrderTimeout', 'ReviewTimeout', 'ReturnTimeout', 'ResendDue'
] as const
export type StimulusName = (typeof stimuli)[number]

/**
 * What the saga does about it.
 *
 * | reaction | meaning |
 * | --- | --- |
 * | take | go on: the answer that this phase waits for |
 * | undo | start to compensate; the stimulus is the cause |
 * | stop | ask shipping first what can still be stopped: what could be is compensated |
 * | policy | what the order says about short stock and declined payments: compensate, ask the customer, or wait for stock |
 * | note | write it down: it settles or adds to what is owed back; while compensating the outcome follows once nothing is owed |
 * | defer | the payment provider is not asked now: the step starts anew |
 * | repeat | changes nothing and is counted: a repeat, or an answer that no longer matters |
 * | forbid | the command is rejected, naming the state |
 * | unexpected | nobody was asked for it: the record becomes a dead letter with a reason |
 */
export type Reaction = 'take' | 'undo' | 'stop' | 'policy' | 'note' | 'defer' | 'repeat' | 'forbid' | 'unexpected'

type Row = Readonly<Record<StimulusName, Reaction>>

/** No parcel of the order is with the carrier. */
const noParcelTravels = {
  ShipmentPickedUp: 'unexpected',
  ShipmentInTransit: 'unexpected',
  ShipmentOutForDelivery: 'unexpected',
  ShipmentDeliveryFailed: 'unexpected',
  ShipmentDelivered: 'unexpected',
  ShipmentReturned: 'unexpected'
} as const satisfies Partial<Row>

/** What no phase does differently from this is left out below. */
const nobodyAsked: Row = {
  LinesReserved: 'unexpected',
  LinesBackOrdered: 'unexpected',
  LinesRejected: 'unexpected',
  LinesConfirmed: 'unexpected',
  LinesConfirmRejected: 'unexpected',
  LinesUnconfirmed: 'undo',
  LinesReleased: 'undo',
  LinesExpired: 'undo',
  PaymentAuthorized: 'unexpected',
  PaymentSucceeded: 'unexpected',
  PaymentFailed: 'unexpected',
  PaymentDeferred: 'repeat',
  PaymentVoided: 'unexpected',
  PaymentPartiallyRefunded: 'unexpected',
  PaymentRefunded: 'unexpected',
  RefundFailed: 'unexpected',
  ShipmentCreated: 'unexpected',
  ShipmentCancelled: 'unexpected',
  RiskApproved: 'unexpected',
  RiskReviewRequired: 'unexpected',
  RiskRejected: 'unexpected',
  ShipmentRefused: 'unexpected',
  ...noParcelTravels,
  ShipmentTrackingUpdated: 'unexpected',
  ShipmentDelayed: 'unexpected',
  CancelOrder: 'undo',
  CompensateOrder: 'undo',
  AmendOrder: 'forbid',
  RetryPayment: 'forbid',
  ReviewDecision: 'forbid',
  ShipOrder: 'forbid',
  RequestReturn: 'forbid',
  ApproveReturn: 'forbid',
  ReceiveReturn: 'forbid',
  StepTimeout: 'undo',
  SagaTimeout: 'undo',
  CustomerActionTimeout: 'repeat',
  BackOrderTimeout: 'repeat',
  ReviewTimeout: 'repeat',
  ReturnTimeout: 'repeat',
  ResendDue: 'repeat'
}

/** The risk decision was taken, or nobody waits for it: another one is a repeat. */
const assessed = { RiskApproved: 'repeat', RiskReviewRequired: 'repeat', RiskRejected: 'repeat' } as const

/** While compensating and after it every answer only tells what is held or given back: late ones are compensated, never applied. */
const givingBack: Row = {
  LinesReserved: 'note',
  LinesBackOrdered: 'note',
  LinesRejected: 'note',
  LinesConfirmed: 'note',
  LinesConfirmRejected: 'note',
  LinesUnconfirmed: 'note',
  LinesReleased: 'note',
  LinesExpired: 'note',
  PaymentAuthorized: 'note',
  PaymentSucceeded: 'note',
  PaymentFailed: 'repeat',
  PaymentDeferred: 'repeat',
  PaymentVoided: 'note',
  PaymentPartiallyRefunded: 'note',
  PaymentRefunded: 'note',
  RefundFailed: 'repeat',
  ShipmentCreated: 'note',
  ShipmentCancelled: 'note',
  ...assessed,
  ShipmentRefused: 'note',
  ...noParcelTravels,
  ShipmentTrackingUpdated: 'note',
  ShipmentDelayed: 'note',
  CancelOrder: 'forbid',
  CompensateOrder: 'repeat',
  AmendOrder: 'forbid',
  RetryPayment: 'forbid',
  ReviewDecision: 'forbid',
  ShipOrder: 'forbid',
  RequestReturn: 'forbid',
  ApproveReturn: 'forbid',
  ReceiveReturn: 'forbid',
  StepTimeout: 'repeat',
  SagaTimeout: 'repeat',
  CustomerActionTimeout: 'repeat',
  BackOrderTimeout: 'repeat',
  ReviewTimeout: 'repeat',
  ReturnTimeout: 'repeat',
  ResendDue: 'take'
}

/** Stock is short: the reservation of the attempt is given back before the next attempt, or none, begins. Nothing was paid or confirmed. */
const givingStockBack: Row = {
  ...nobodyAsked,
  LinesReserved: 'note',
  LinesBackOrdered: 'note',
  LinesRejected: 'note',
  LinesUnconfirmed: 'note',
  LinesReleased: 'note',
  LinesExpired: 'note',
  AmendOrder: 'take',
  StepTimeout: 'repeat',
  ResendDue: 'take'
}

/** The payment was declined: what is reserved stays so, what the attempt at the payment holds is given back. */
const payingAgain: Row = {
  ...nobodyAsked,
  ...assessed,
  LinesReserved: 'repeat',
  LinesConfirmed: 'repeat',
  PaymentFailed: 'repeat',
  PaymentPartiallyRefunded: 'note',
  PaymentRefunded: 'note',
  RefundFailed: 'repeat',
  StepTimeout: 'repeat'
}

/** Confirmed and paid: the parcels are followed, and only shipping knows what can still be stopped. */
const onItsWay: Row = {
  ...nobodyAsked,
  ...assessed,
  LinesReserved: 'repeat',
  LinesConfirmed: 'repeat',
  LinesUnconfirmed: 'stop',
  LinesReleased: 'stop',
  LinesExpired: 'unexpected',
  PaymentAuthorized: 'repeat',
  PaymentSucceeded: 'repeat',
  PaymentPartiallyRefunded: 'note',
  PaymentRefunded: 'note',
  RefundFailed: 'repeat',
  ShipmentCreated: 'take',
  ShipmentCancelled: 'take',
  ShipmentRefused: 'take',
  ShipmentPickedUp: 'take',
  ShipmentInTransit: 'take',
  ShipmentOutForDelivery: 'take',
  ShipmentDeliveryFailed: 'take',
  ShipmentDelivered: 'take',
  ShipmentReturned: 'take',
  ShipmentTrackingUpdated: 'take',
  ShipmentDelayed: 'take',
  CancelOrder: 'stop',
  CompensateOrder: 'stop',
  ShipOrder: 'take',
  StepTimeout: 'repeat',
  SagaTimeout: 'repeat',
  ResendDue: 'take'
}

/** Phase × stimulus → reaction, for every pair: the order saga as a table. */
export const orderPhases: Readonly<Record<OrderPhase, Row>> = {
  reserving: { ...nobodyAsked, LinesReserved: 'take', LinesRejected: 'policy' },
  amending: { ...givingStockBack, SagaTimeout: 'repeat', CustomerActionTimeout: 'undo' },
  clearing: { ...givingStockBack, BackOrderTimeout: 'undo' },
  queued: {
    ...nobodyAsked, LinesReserved: 'take', LinesBackOrdered: 'take', LinesRejected: 'undo', AmendOrder: 'take', SagaTimeout: 'repeat', BackOrderTimeout: 'undo'
  },
  assessing: { ...nobodyAsked, LinesReserved: 'repeat', RiskApproved: 'take', RiskReviewRequired: 'take', RiskRejected: 'undo' },
  reviewing: {
    ...nobodyAsked, ...assessed, LinesReserved: 'repeat', ReviewDecision: 'take', StepTimeout: 'repeat', SagaTimeout: 'repeat', ReviewTimeout: 'undo'
  },
  authorising: {
    ...nobodyAsked, ...assessed, LinesReserved: 'repeat', PaymentAuthorized: 'take', PaymentFailed: 'policy', PaymentDeferred: 'defer', PaymentVoided: 'undo'
  },
  voiding: {
    ...payingAgain, LinesExpired: 'unexpected', PaymentAuthorized: 'repeat', PaymentSucceeded: 'note', PaymentVoided: 'note', ResendDue: 'take'
  },
  repaying: {
    ...payingAgain, PaymentAuthorized: 'undo', PaymentSucceeded: 'undo', PaymentVoided: 'repeat', RetryPayment: 'take', SagaTimeout: 'repeat', CustomerActionTimeout: 'undo'
  },
  confirming: {
    ...nobodyAsked,
    ...assessed,
    LinesReserved: 'repeat',
    LinesConfirmed: 'take',
    LinesConfirmRejected: 'undo',
    PaymentAuthorized: 'repeat',
    PaymentVoided: 'undo'
  },
  capturing: {
    ...nobodyAsked,
    ...assessed,
    LinesReserved: 'repeat',
    LinesConfirmed: 'repeat',
    LinesExpired: 'unexpected',
    PaymentAuthorized: 'repeat',
    PaymentSucceeded: 'take',
    PaymentFailed: 'policy',
    PaymentDeferred: 'defer',
    PaymentVoided: 'undo'
  },
  fulfilling: onItsWay,
  stopping: {
    ...onItsWay, LinesUnconfirmed: 'note', LinesReleased: 'note', CancelOrder: 'repeat', CompensateOrder: 'repeat', ShipOrder: 'forbid'
  },
  delivered: {
    ...onItsWay,
    LinesUnconfirmed: 'unexpected',
    LinesReleased: 'unexpected',
    ShipmentCreated: 'repeat',
    ShipmentCancelled: 'repeat',
    ...noParcelTravels,
    ShipmentDelivered: 'repeat',
    ShipmentTrackingUpdated: 'note',
    ShipmentDelayed: 'note',
    CancelOrder: 'forbid',
    CompensateOrder: 'forbid',
    ShipOrder: 'forbid',
    RequestReturn: 'take',
    ApproveReturn: 'take',
    ReceiveReturn: 'take',
    ReturnTimeout: 'take'
  },
  compensating: givingBack,
  closed: givingBack
}

/** Every pair of the table, by phase and then by stimulus: for documents and for the model checker. */
export function listReactions (): ReadonlyArray<{ readonly phase: OrderPhase, readonly stimulus: StimulusName, readonly reaction: Reaction }> {
  return orderPhaseSymbols.flatMap(phase => stimuli.map(stimulus => ({ phase, stimulus, reaction: orderPhases[phase][stimulus] })))
}

/** A record that nobody asked for: thrown, so that it is kept as a dead letter and changes nothing; its order goes on. */
export class UnexpectedRecord extends StreamsError {
  override readonly name = 'UnexpectedRecord'

  constructor (why: string) {
    super('STR_RECORD_REFUSED', { why })
  }
}
