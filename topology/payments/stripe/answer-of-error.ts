import { type GatewayAnswer, fencedByVoid } from '../gateway.ts'

/** What is known of a request that Stripe did not answer with success. */
export interface StripeFailure {
  /** Type in Stripe's answer, e.g. `card_error`; absent without an answer. */
  readonly type?: string | undefined
  readonly code?: string | undefined
  readonly declineCode?: string | undefined
  /** Parameter that the error is about. */
  readonly param?: string | undefined
  readonly status?: number | undefined
  /** Code of the network error, e.g. `ECONNREFUSED`. */
  readonly network?: string | undefined
  readonly message: string
}

export type StripeAnswer = Exclude<GatewayAnswer, { kind: 'done' }>

/** Network errors before anything was sent. */
const unsent: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT'])

/** Codes of requests that were understood and not carried out, and what we call them. Others keep their name. */
const refusals: Readonly<Record<string, string>> = {
  resource_missing: 'unknown-authorisation',
  charge_already_refunded: 'refund-exceeds-captured',
  charge_already_captured: 'already-captured',
  charge_expired_for_capture: 'authorisation-expired',
  capture_charge_authorization_expired: 'authorisation-expired',
  payment_intent_unexpected_state: 'unexpected-state'
}

interface Row {
  readonly when: (failure: StripeFailure) => boolean
  readonly answer: (failure: StripeFailure) => StripeAnswer
}

/**
 * What a failure says of the step, the first row that fits. Only what Stripe says it did not do is final or free to be repeated;
 * whatever may have been carried out is unknown, and is asked for.
 *
 * @source Stripe: "Error handling", "Error codes", "Idempotent requests", "Rate limits".
 */
const table: readonly Row[] = [
  { when: ({ network }) => network !== undefined && unsent.has(network), answer: ({ network }) => unavailable('unreachable', `Stripe cannot be reached (${network ?? ''})`) },
  { when: ({ status }) => status === undefined, answer: ({ network }) => unknown(`no answer from Stripe${network === undefined ? '' : ` (${network})`}`) },
  { when: ({ type }) => type === 'card_error', answer: ({ code, declineCode, message }) => ({ kind: 'declined', code: dashed(declineCode ?? code ?? 'card-declined'), message }) },
  { when: ({ code, param }) => code === 'resource_missing' && param === 'payment_method', answer: ({ message }) => ({ kind: 'declined', code: 'unknown-token', message }) },
  { when: ({ code }) => code === 'idempotency_key_in_use', answer: () => unknown('the same call is being carried out') },
  { when: ({ type }) => type === 'idempotency_error', answer: ({ message }) => ({ kind: 'refused', code: 'idempotency-key-reused', message }) },
  { when: ({ code }) => code === 'lock_timeout', answer: () => unavailable('locked', 'the payment is locked by another request') },
  { when: ({ status, code }) => status === 429 || code === 'rate_limit', answer: () => unavailable('rate-limited', 'too many requests for Stripe') },
  { when: ({ status }) => status === 401 || status === 403, answer: () => unavailable('key-refused', 'Stripe does not accept the key, or it may not do this: check COMMERCE_STRIPE_KEY') },
  { when: ({ status = 0 }) => status >= 500, answer: ({ status }) => unknown(`Stripe answered ${status ?? 0}`) },
  { when: ({ status }) => status === 409, answer: () => unknown('the same payment is being changed') },
  { when: ({ type }) => type === 'invalid_request_error', answer: ({ code, message }) => ({ kind: 'refused', code: refusals[code ?? ''] ?? dashed(code ?? 'invalid-request'), message }) },
  { when: ({ status = 0 }) => status >= 400, answer: ({ status, message }) => ({ kind: 'refused', code: `http-${status ?? 0}`, message }) }
]

/** The answer that a failure is. Pure; anything the table does not know may have been carried out. */
export function answerOfFailure (failure: StripeFailure): StripeAnswer {
  return table.find(({ when }) => when(failure))?.answer(failure) ?? unknown('Stripe answered something that is not known')
}

/** The authorisation was cancelled before it could be carried out. */
export const fenced: StripeAnswer = { kind: 'refused', code: fencedByVoid, message: 'the authorisation was voided before it came' }

export function unavailable (code: string, message: string): StripeAnswer {
  return { kind: 'unavailable', code, message }
}

export function unknown (message: string): StripeAnswer {
  return { kind: 'unknown', message }
}

function dashed (code: string): string {
  return code.replaceAll('_', '-').slice(0, 100)
}
