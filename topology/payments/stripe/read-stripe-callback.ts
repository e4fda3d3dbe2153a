import { type CallbackOutcome } from '#schemas'
import { type Json, isCallbackId, objectOf, textOf, unreadable } from '../../callbacks/read-body.ts'
import { type HeardCallback } from '../hear-callback.ts'
import { stepOfKey } from '../payment.ts'
import { type CallbackReader, type CallbackReading } from '../read-callback.ts'
import { fromMinor } from './minor-units.ts'
import { keyName } from './stripe-gateway.ts'

interface IntentEvent {
  readonly step: HeardCallback['step']
  readonly outcome: CallbackOutcome
  /** Status of the intent in the event; in another one it says nothing of the step. */
  readonly status: string
}

/**
 * Events of an intent that settle a step. `canceled` is not among them: the event does not say whether money was held, the answer to
 * the void does.
 */
const intentEvents: Readonly<Record<string, IntentEvent>> = {
  'payment_intent.amount_capturable_updated': { step: 'authorise', outcome: 'done', status: 'requires_capture' },
  'payment_intent.succeeded': { step: 'capture', outcome: 'done', status: 'succeeded' },
  'payment_intent.payment_failed': { step: 'authorise', outcome: 'declined', status: 'requires_payment_method' }
}

const refundEvents: ReadonlySet<string> = new Set(['refund.created', 'refund.updated', 'refund.failed'])
const refundOutcomes: Readonly<Record<string, CallbackOutcome>> = { succeeded: 'done', pending: 'done', failed: 'failed', canceled: 'failed' }

/**
 * Reads an event of Stripe. Refunds of others (the dashboard) are ignored: the reconciliation of the books tells them.
 *
 * @source Stripe: "Types of events".
 */
export const readStripeCallback: CallbackReader = body => {
  const event = objectOf(body)
  const { id, type } = event
  if (!isCallbackId(id)) return unreadable('/id', 'is not the id of an event')
  const object = objectOf(objectOf(event['data'])['object'])
  if (typeof type === 'string' && Object.hasOwn(intentEvents, type)) return readIntent(id, intentEvents[type] as IntentEvent, object)
  return typeof type === 'string' && refundEvents.has(type) ? readRefund(id, object) : { kind: 'ignored', reason: 'unknown-type' }
}

function readIntent (callbackId: string, { step, outcome, status }: IntentEvent, intent: Json): CallbackReading {
  const about = stepOfKey(keyOf(intent))
  if (about?.step !== 'authorise') return { kind: 'ignored', reason: 'foreign-payment' }
  if (intent['status'] !== status) return { kind: 'ignored', reason: 'not-decided' }
  const currency = textOf(intent['currency']).toUpperCase()
  const [amount, received] = [amountOf(intent['amount'], currency), amountOf(intent['amount_received'], currency)]
  if (amount === undefined || received === undefined) return unreadable('/data/object', 'does not have the amounts of an intent')
  const failure = objectOf(intent['last_payment_error'])
  const captured = step === 'capture' ? received : 0n
  return {
    kind: 'heard',
    callback: {
      type: 'PaymentCallback',
      orderId: about.orderId,
      callbackId,
      step,
      attempt: about.attempt,
      effectId: '',
      outcome,
      code: (textOf(failure['decline_code']) || textOf(failure['code'])).replaceAll('_', '-'),
      message: textOf(failure['message']),
      reference: textOf(intent['id']),
      currency,
      authorised: outcome === 'done' ? amount : 0n,
      captured,
      voided: step === 'capture' ? amount - captured : 0n,
      refunded: 0n
    }
  }
}

function readRefund (callbackId: string, refund: Json): CallbackReading {
  const about = stepOfKey(keyOf(refund))
  if (about?.step !== 'refund') return { kind: 'ignored', reason: 'foreign-payment' }
  const outcome = refundOutcomes[textOf(refund['status'])]
  if (outcome === undefined) return { kind: 'ignored', reason: 'not-decided' }
  const currency = textOf(refund['currency']).toUpperCase()
  const refunded = amountOf(refund['amount'], currency)
  if (refunded === undefined) return unreadable('/data/object', 'does not have the amount of a refund')
  const { orderId, step, attempt, effectId } = about
  const code = textOf(refund['failure_reason']).replaceAll('_', '-')
  return {
    kind: 'heard',
    callback: {
      type: 'PaymentCallback',
      orderId,
      callbackId,
      step,
      attempt,
      effectId,
      outcome,
      code,
      message: outcome === 'done' ? '' : `the refund ${textOf(refund['status'])}${code === '' ? '' : `: ${code}`}`,
      reference: textOf(refund['payment_intent']),
      currency,
      authorised: 0n,
      captured: 0n,
      voided: 0n,
      refunded
    }
  }
}

function keyOf (object: Json): string {
  const key = objectOf(object['metadata'])[keyName]
  return typeof key === 'string' ? key : ''
}

function amountOf (value: unknown, currency: string): bigint | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= 99_999_999_999 ? fromMinor(value, currency) : undefined
}
