import type Stripe from 'stripe'
import { type AuthorisationView, type GatewayAnswer } from '../gateway.ts'
import { fenced, unknown } from './answer-of-error.ts'
import { fromMinor } from './minor-units.ts'

/** What of a PaymentIntent its view is made of. */
export type Intent = Pick<Stripe.PaymentIntent, 'id' | 'status' | 'amount' | 'amount_received' | 'currency' | 'latest_charge' | 'last_payment_error'>

/** An intent as our books see it. Needs `latest_charge` expanded: only it says whether a cancelled one ever held money. */
export function viewOfIntent (intent: Intent): AuthorisationView {
  const { id: reference, status, amount, amount_received: received, latest_charge: charge } = intent
  const currency = intent.currency.toUpperCase()
  const isHeld = status === 'requires_capture' || status === 'succeeded'
  const wasHeld = isHeld || (status === 'canceled' && typeof charge === 'object' && charge?.status === 'succeeded')
  const authorised = wasHeld ? fromMinor(amount, currency) : 0n
  const captured = status === 'succeeded' ? fromMinor(received, currency) : 0n
  const givenBack = typeof charge === 'object' && charge !== null ? fromMinor(charge.amount_refunded, currency) : 0n
  return {
    reference,
    currency,
    authorised,
    captured,
    voided: status === 'requires_capture' ? 0n : authorised - captured,
    // What a partial capture sets free may be counted as given back there: never more than was taken.
    refunded: givenBack < captured ? givenBack : captured
  }
}

/** What became of an authorisation, by the state of its intent; null = it was never carried out. */
export function authorisationAnswer (intent: Intent): GatewayAnswer | null {
  switch (intent.status) {
    case 'requires_capture':
    case 'succeeded': return { kind: 'done', view: viewOfIntent(intent) }
    case 'requires_confirmation': return null
    case 'canceled': return fenced
    case 'requires_action': return { kind: 'declined', code: 'authentication-required', message: 'the bank asks for its customer' }
    case 'requires_payment_method': {
      const error = intent.last_payment_error
      const code = (error?.decline_code ?? error?.code ?? 'card-declined').replaceAll('_', '-')
      return { kind: 'declined', code, message: error?.message ?? 'the means of payment was declined' }
    }
    default: return unknown(`the payment is ${intent.status}`)
  }
}
