import { type CallbackOutcome, type PaymentCallback } from '#schemas'
import { type Unheard, isCallbackId, objectOf, textOf, unreadable } from '../callbacks/read-body.ts'
import { commandId, defaultTenant } from '../envelope.ts'
import { maxMoney } from '../money.ts'
import { type HeardCallback } from './hear-callback.ts'
import { stepOfKey } from './payment.ts'

/** What the body of a callback says. */
export type CallbackReading =
  | { readonly kind: 'heard', readonly callback: HeardCallback }
  | Unheard

/** Reads the JSON of a callback whose signature was checked. Pure; one for each provider. */
export type CallbackReader = (body: unknown) => CallbackReading

const outcomes: Readonly<Record<string, CallbackOutcome>> = { 'operation.done': 'done', 'operation.declined': 'declined' }

/** Reads the callbacks of the embedded gateway: ops/stack/gateway/README.md. */
export const readEmbeddedCallback: CallbackReader = body => {
  const event = objectOf(body)
  const { id: callbackId, type } = event
  if (!isCallbackId(callbackId)) return unreadable('/id', 'is not the id of a callback')
  const outcome = typeof type === 'string' && Object.hasOwn(outcomes, type) ? outcomes[type] : undefined
  if (outcome === undefined) return { kind: 'ignored', reason: 'unknown-type' }
  const data = objectOf(event['data'])
  const about = typeof data['key'] === 'string' ? stepOfKey(data['key']) : undefined
  if (about === undefined) return { kind: 'ignored', reason: 'foreign-payment' }
  const money = objectOf(data['authorisation'])
  const amounts = ['authorised', 'captured', 'voided', 'refunded'].map(name => amountOf(money[name]))
  if (amounts.includes(undefined)) return unreadable('/data/authorisation', 'does not have its four amounts')
  const [authorised, captured, voided, refunded] = amounts as [bigint, bigint, bigint, bigint]
  const { orderId, step, attempt, effectId } = about
  const code = textOf(data['code'])
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
      message: code === '' ? '' : `the gateway says ${code}`,
      reference: textOf(money['reference']),
      currency: textOf(money['currency']),
      authorised,
      captured,
      voided,
      refunded
    }
  }
}

/** The record of a callback: its command id is that of the callback, whoever takes it in. */
export function callbackRecord (callback: HeardCallback, provider: string, nowMs: number): PaymentCallback {
  const id = commandId(defaultTenant, provider, 'payment callback', callback.callbackId)
  return { ...callback, meta: { commandId: id, bodyHash: null, issuedAt: nowMs, correlationId: '', principal: null, tenant: defaultTenant } }
}

function amountOf (value: unknown): bigint | undefined {
  if (typeof value !== 'string' || !/^\d{1,18}$/.test(value)) return undefined
  const amount = BigInt(value)
  return amount <= maxMoney ? amount : undefined
}
