import Stripe from 'stripe'
import {
  type AuthorisationView, type AuthoriseRequest, type FindRequest, type FollowUpRequest, type GatewayAnswer, type PaymentGateway, type VoidRequest
} from '../gateway.ts'
import { type StripeAnswer, answerOfFailure, fenced, unavailable } from './answer-of-error.ts'
import { toMinor } from './minor-units.ts'
import { authorisationAnswer, viewOfIntent } from './view-of-intent.ts'

export interface StripeGatewayOptions {
  /** Secret or restricted key. */
  readonly key: string
  /** Origin of the API. @default 'https://api.stripe.com' */
  readonly url?: string
  /** Longest wait for one answer, ms; the guard around the gateway waits no longer. @default 5000 */
  readonly timeoutMs?: number
}

/** Metadata of every intent and refund of ours: the idempotency key of its step. */
export const keyName = 'commerce_key'

/** Prefix of the reference of an authorisation of nothing: Stripe takes no amount of 0, and there is nothing to move. */
const nothingPrefix = 'nothing/'

/**
 * Stripe's PaymentIntents with manual capture. An authorisation is made in two requests, the intent and its confirmation, so that a
 * void can find, or make, the intent of an authorisation whose answer never came, and cancel it: a late confirmation is then refused.
 * Stripe remembers keys for a day; what is older is found by its metadata. Answers as the port says; never throws. The library repeats a
 * request once, under its key, whose connection was closed.
 */
export function createStripeGateway ({ key: apiKey, url = 'https://api.stripe.com', timeoutMs = 5_000 }: StripeGatewayOptions): PaymentGateway {
  const { hostname: host, port, protocol } = new URL(url)
  const stripe = new Stripe(apiKey, {
    host,
    port: port === '' ? protocol === 'https:' ? 443 : 80 : Number(port),
    protocol: protocol === 'https:' ? 'https' : 'http',
    timeout: timeoutMs,
    maxNetworkRetries: 0,
    telemetry: false
  })
  const expand = ['latest_charge']
  const read = async (id: string) => await stripe.paymentIntents.retrieve(id, { expand })

  /** The intent of an authorisation, not confirmed by this; made when there is none. Undefined: its amount cannot be. */
  async function intentOf ({ key, amount, currency, token }: AuthoriseRequest): Promise<string | undefined> {
    const minor = toMinor(amount, currency)
    if (minor === undefined) return undefined
    const { id } = await stripe.paymentIntents.create({
      amount: minor,
      currency: currency.toLowerCase(),
      capture_method: 'manual',
      payment_method: token,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: { [keyName]: key }
    }, { idempotencyKey: key })
    return id
  }

  /** The reference of an authorisation whose answer never came: by its metadata, which may take a minute to be found, or by its key. */
  async function locate ({ reference, authorisation }: Pick<FindRequest, 'reference' | 'authorisation'>): Promise<string | undefined> {
    if (reference !== '') return reference
    const found = await stripe.paymentIntents.search({ query: `metadata['${keyName}']:'${authorisation.key}'`, limit: 1 })
    return found.data[0]?.id ?? await intentOf(authorisation)
  }

  /** Refunds of ours under a key: the ones that were paid, or are on their way, and how many were tried. */
  async function refundsOf (reference: string, key: string): Promise<{ readonly isPaid: boolean, readonly tried: number }> {
    const { data } = await stripe.refunds.list({ payment_intent: reference, limit: 100 })
    const ours = data.filter(refund => refund.metadata?.[keyName] === key)
    return { isPaid: ours.some(isPaid), tried: ours.length }
  }

  /** A refund that failed stays failed under its key: it is made again under the next one. */
  async function refund ({ key, reference, amount, currency }: FollowUpRequest): Promise<GatewayAnswer> {
    const minor = toMinor(amount, currency)
    if (minor === undefined) return notRepresentable
    const make = async (idempotencyKey: string) =>
      await stripe.refunds.create({ payment_intent: reference, amount: minor, metadata: { [keyName]: key } }, { idempotencyKey })
    if (!isPaid(await make(key))) {
      const { isPaid: wasPaid, tried } = await refundsOf(reference, key)
      if (!wasPaid && !isPaid(await make(`${key}/${tried}`))) return unavailable('refund-failed', 'the bank of the customer did not take the refund')
    }
    return { kind: 'done', view: viewOfIntent(await read(reference)) }
  }

  async function authorise (request: AuthoriseRequest): Promise<GatewayAnswer> {
    if (request.amount === 0n) return { kind: 'done', view: nothingOf(nothingPrefix + request.key, request.currency) }
    const id = await intentOf(request)
    if (id === undefined) return notRepresentable
    try {
      const intent = await stripe.paymentIntents.confirm(id, { error_on_requires_action: true, expand }, { idempotencyKey: `${request.key}/confirm` })
      return authorisationAnswer(intent) ?? unavailable('not-confirmed', 'the payment was not confirmed')
    } catch (error) {
      if (!isUnexpectedState(error)) throw error
      return authorisationAnswer(await read(id)) ?? fenced
    }
  }

  async function capture ({ key, reference, amount, currency }: FollowUpRequest): Promise<GatewayAnswer> {
    const minor = toMinor(amount, currency)
    if (minor === undefined) return notRepresentable
    try {
      return { kind: 'done', view: viewOfIntent(await stripe.paymentIntents.capture(reference, { amount_to_capture: minor, expand }, { idempotencyKey: key })) }
    } catch (error) {
      if (!isUnexpectedState(error)) throw error
      return await captured(reference) ?? { kind: 'refused', code: 'unexpected-state', message: 'the payment cannot be captured' }
    }
  }

  /** The answer to a capture, by the state of its intent; null = it was not carried out. */
  async function captured (reference: string): Promise<GatewayAnswer | null> {
    const intent = await read(reference)
    if (intent.status === 'canceled') return fenced
    return intent.status === 'succeeded' ? { kind: 'done', view: viewOfIntent(intent) } : null
  }

  async function giveUp (request: VoidRequest): Promise<GatewayAnswer> {
    const id = await locate(request)
    if (id === undefined) return { kind: 'done', view: nothingOf('', request.authorisation.currency) }
    try {
      return { kind: 'done', view: viewOfIntent(await stripe.paymentIntents.cancel(id, { expand }, { idempotencyKey: request.key })) }
    } catch (error) {
      if (!isUnexpectedState(error)) throw error
      const intent = await read(id)
      if (intent.status === 'canceled' || intent.status === 'succeeded') return { kind: 'done', view: viewOfIntent(intent) }
      return { kind: 'refused', code: 'unexpected-state', message: `the payment is ${intent.status}` }
    }
  }

  async function find (request: FindRequest): Promise<GatewayAnswer | null> {
    const { step, key, reference } = request
    if (step === 'capture') return await captured(reference)
    if (step === 'refund') return (await refundsOf(reference, key)).isPaid ? { kind: 'done', view: viewOfIntent(await read(reference)) } : null
    const id = await locate(request)
    if (id === undefined) return step === 'authorise' ? notRepresentable : null
    const intent = await read(id)
    if (step === 'authorise') return authorisationAnswer(intent)
    return intent.status === 'canceled' ? { kind: 'done', view: viewOfIntent(intent) } : null
  }

  return {
    authorise: async request => await answered(async () => await authorise(request)),
    capture: async request => settledFreely(request) ?? await answered(async () => await capture(request)),
    refund: async request => settledFreely(request) ?? await answered(async () => await refund(request)),
    void: async request => settledFreely({ ...request, ...request.authorisation }) ?? await answered(async () => await giveUp(request)),
    find: async request => settledFreely({ ...request, ...request.authorisation }) ?? await answered(async () => await find(request)),
    close: async () => {}
  }
}

const notRepresentable: StripeAnswer = { kind: 'refused', code: 'amount-not-representable', message: 'Stripe cannot move this amount exactly' }

/** Steps on an authorisation of nothing need nobody. */
function settledFreely ({ reference, amount, currency }: Pick<FollowUpRequest, 'reference' | 'amount' | 'currency'>): GatewayAnswer | undefined {
  const isNothing = reference.startsWith(nothingPrefix) || (reference === '' && amount === 0n)
  return isNothing ? { kind: 'done', view: nothingOf(reference, currency) } : undefined
}

function nothingOf (reference: string, currency: string): AuthorisationView {
  return { reference, currency, authorised: 0n, captured: 0n, voided: 0n, refunded: 0n }
}

async function answered<Answer extends GatewayAnswer | null> (step: () => Promise<Answer>): Promise<Answer | StripeAnswer> {
  try {
    return await step()
  } catch (error) {
    return answerOfFailure(failureOf(error))
  }
}

function failureOf (error: unknown) {
  if (!(error instanceof Stripe.errors.StripeError)) return { message: '', network: error instanceof Error ? error.name : 'unknown' }
  const { rawType: type, code, decline_code: declineCode, param, statusCode: status, message, detail } = error
  const network = typeof detail === 'object' && detail !== null && 'code' in detail ? String(detail.code) : undefined
  return { type, code, declineCode, param, status, network, message }
}

function isUnexpectedState (error: unknown): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === 'payment_intent_unexpected_state'
}

function isPaid ({ status }: Pick<Stripe.Refund, 'status'>): boolean {
  return status === 'succeeded' || status === 'pending' || status === 'requires_action'
}
