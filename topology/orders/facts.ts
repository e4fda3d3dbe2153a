import {
  type OrderState, type PartProgress, type PaymentFailed, type PaymentPartiallyRefunded, type PaymentProgress, type PaymentRefunded, type ShipmentProgress
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { type InventoryReply, type PaymentEvent, type ShipmentEvent } from '../topics.ts'
import { type OrderDraft } from './draft.ts'
import { UnexpectedRecord } from './phases.ts'

/** What others tell the saga. */
export type Fact = Body<InventoryReply | Exclude<PaymentEvent, { type: 'PaymentCreated' }> | ShipmentEvent>

type Steps<Progress extends string> = Readonly<Partial<Record<Progress, Progress>>>

const givenBack: Steps<PartProgress> = {
  asked: 'returned',
  waiting: 'returned',
  reserved: 'returned',
  rejected: 'returned',
  confirming: 'returned',
  confirmed: 'returned',
  refused: 'returned',
  expired: 'returned'
}

/** Answer × progress of that partition → progress. An unlisted pair changes nothing. */
export const partSteps: Readonly<Record<InventoryReply['type'], Steps<PartProgress>>> = {
  LinesReserved: { asked: 'reserved', waiting: 'reserved', returned: 'reserved' },
  LinesBackOrdered: { asked: 'waiting', returned: 'waiting' },
  LinesRejected: { asked: 'rejected' },
  LinesConfirmed: { confirming: 'confirmed', returned: 'confirmed' },
  LinesConfirmRejected: { confirming: 'refused' },
  LinesExpired: { asked: 'expired', waiting: 'expired', reserved: 'expired', confirming: 'expired' },
  LinesReleased: givenBack,
  LinesUnconfirmed: givenBack
}

const noSteps: Steps<PaymentProgress> = {}

/** Payment event × progress of the payment → progress. A refund counts when everything captured is refunded. */
export const paymentSteps: Readonly<Record<Exclude<PaymentEvent['type'], 'PaymentCreated'>, Steps<PaymentProgress>>> = {
  PaymentAuthorized: { untouched: 'authorised', asked: 'authorised', declined: 'authorised', voided: 'authorised' },
  PaymentSucceeded: {
    untouched: 'captured', asked: 'captured', authorised: 'captured', capturing: 'captured', declined: 'captured', voided: 'captured'
  },
  PaymentFailed: { asked: 'declined' },
  PaymentDeferred: {},
  PaymentVoided: { untouched: 'voided', asked: 'voided', authorised: 'voided', capturing: 'voided' },
  PaymentPartiallyRefunded: { captured: 'refunded' },
  PaymentRefunded: { captured: 'refunded' },
  RefundFailed: {}
}

/** Shipping event × progress of the shipments → progress: of all of them together; each parcel is followed in parcels.ts. */
export const shipmentSteps: Readonly<Record<ShipmentEvent['type'], Steps<ShipmentProgress>>> = {
  ShipmentCreated: { none: 'created', asked: 'created', cancelled: 'created' },
  ShipmentPickedUp: { none: 'left', asked: 'left', created: 'left' },
  ShipmentInTransit: {},
  ShipmentOutForDelivery: {},
  ShipmentDeliveryFailed: {},
  ShipmentDelivered: {},
  ShipmentReturned: {},
  ShipmentTrackingUpdated: {},
  ShipmentDelayed: {},
  ShipmentRefused: {},
  ShipmentCancelled: { none: 'cancelled', asked: 'cancelled', created: 'cancelled' }
}

/**
 * Writes down in the saga what others told; false when it is nothing new.
 *
 * @throws {UnexpectedRecord} when it is about a partition that the order never asked.
 */
export function noteProgress (draft: OrderDraft, fact: Fact): boolean {
  const { saga } = draft
  if (isReply(fact)) return notePart(draft, fact)
  if (isShippingEvent(fact)) {
    const shipment = shipmentSteps[fact.type][saga.shipment]
    if (shipment !== undefined) draft.remember({ shipment })
    return shipment !== undefined
  }
  const payment = stepsOfPayment(draft, fact)[saga.payment]
  if (payment !== undefined) draft.remember({ payment })
  return payment !== undefined
}

/** Shows readers the money that others told of; false when they see nothing new. */
export function showFact (draft: OrderDraft, fact: Fact): boolean {
  const { view } = draft
  switch (fact.type) {
    case 'PaymentAuthorized': draft.show({ authorised: view.authorised + fact.amount, paymentId: fact.paymentId }); return true
    case 'PaymentSucceeded': draft.show({ captured: view.captured + fact.amount, paymentId: fact.paymentId }); return true
    case 'PaymentVoided':
      if (fact.nothingToVoid) return false
      draft.show({ voided: view.voided + fact.amount })
      return true
    case 'PaymentPartiallyRefunded':
    case 'PaymentRefunded':
      if (fact.totalRefunded <= view.refunded) return false
      draft.show({ refunded: fact.totalRefunded })
      return true
    default: return false
  }
}

/** True when every touched partition has made that progress; also for an order that touches none. */
export function allParts (saga: OrderState, progress: PartProgress): boolean {
  return saga.parts.every(part => part.progress === progress)
}

function notePart (draft: OrderDraft, reply: Body<InventoryReply>): boolean {
  const { parts } = draft.saga
  const part = parts.find(candidate => candidate.partition === reply.partition)
  if (part === undefined) throw new UnexpectedRecord(`${reply.type} is about partition ${reply.partition}, which the order does not touch`)
  const progress = partSteps[reply.type][part.progress]
  if (progress === undefined) return false
  draft.remember({ parts: parts.map(other => other === part ? { ...part, progress } : other) })
  return true
}

function stepsOfPayment (draft: OrderDraft, fact: Exclude<Fact, Body<InventoryReply | ShipmentEvent>>): Steps<PaymentProgress> {
  if (isRefund(fact) && fact.totalRefunded < draft.view.captured) return noSteps
  if (fact.type === 'PaymentFailed' && !leavesNothingHeld(fact)) return noSteps
  return paymentSteps[fact.type]
}

/** A declined authorisation holds no money; after any other failure the payment is voided, to be sure. */
function leavesNothingHeld (failure: Body<PaymentFailed>): boolean {
  return failure.step === 'authorise' && failure.kind === 'declined'
}

/** True for an answer of inventory. */
export function isReply (fact: Fact): fact is Body<InventoryReply> {
  return fact.type in partSteps
}

/** True for an event of shipping. */
export function isShippingEvent (fact: Fact): fact is Body<ShipmentEvent> {
  return fact.type in shipmentSteps
}

/** True for an event that says how much was given back in all. */
export function isRefund (fact: Fact): fact is Body<PaymentPartiallyRefunded | PaymentRefunded> {
  return fact.type === 'PaymentRefunded' || fact.type === 'PaymentPartiallyRefunded'
}
