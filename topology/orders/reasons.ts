import { type OutcomeCause } from '#schemas'
import { describeReasons } from '../risk/reasons.ts'
import { type Fact } from './facts.ts'

/** The cause that an answer stands for when it ends the way of an order. */
export function causeOf (fact: Fact): OutcomeCause {
  if (fact.type === 'LinesRejected' && fact.shortages.length > 0) return 'shortStock'
  if (fact.type === 'PaymentFailed' && fact.kind === 'declined') return 'paymentDeclined'
  return fact.type === 'RiskRejected' ? 'riskRejected' : 'technical'
}

/** Why an answer ends the way of an order, in words for people. */
export function reasonOf (fact: Fact): string {
  switch (fact.type) {
    case 'LinesRejected':
      return fact.shortages.length === 0
        ? `the stock could not be reserved: ${fact.code}`
        : `not enough stock of ${fact.shortages.slice(0, 10).map(shortage => shortage.sku).join(', ')}`
    case 'LinesConfirmRejected': return `the reservation could not be confirmed: ${fact.code}`
    case 'LinesExpired': return 'the reservation expired'
    case 'LinesReleased':
    case 'LinesUnconfirmed': return 'the reservation was given back before the order was done'
    case 'PaymentFailed': return fact.message
    case 'PaymentVoided': return 'the payment was voided before the order was done'
    case 'PaymentAuthorized':
    case 'PaymentSucceeded': return 'the payment went through after it was declined'
    case 'RiskRejected': return `refused: ${describeReasons(fact.reasons)}`
    case 'ShipmentCancelled': return `the shipment was cancelled: ${fact.reason}`
    default: return fact.type
  }
}
