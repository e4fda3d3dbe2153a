import { type GatewayStep, type PaymentAttempt, type PaymentOperation, type PaymentState, type PaymentStatus } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { type PaymentEvent } from '../topics.ts'

/** A payment event without its metadata. */
export type PaymentEventBody = Body<PaymentEvent>

type Named<Type extends PaymentEventBody['type']> = Extract<PaymentEventBody, { type: Type }>

/**
 * What a decision says happened. Events are published and change the state; the others serve the state or the answer alone:
 * `Answered` publishes an event that changes nothing, `Rejected` goes to orders.rejections.
 */
export type PaymentFact =
  | Named<'PaymentAuthorized' | 'PaymentSucceeded' | 'PaymentFailed' | 'PaymentVoided' | 'PaymentPartiallyRefunded' | 'PaymentRefunded'>
  | (Named<'PaymentCreated'> & { readonly token: string })
  | { readonly type: 'Answered', readonly event: PaymentEventBody }
  | { readonly type: 'Rejected', readonly command: string, readonly rejection: Rejection }
  /** `requested`: what a refund asked for, before "all there is" became an amount. */
  | { readonly type: 'CallStarted', readonly operation: PaymentOperation, readonly requested?: bigint | null }
  | { readonly type: 'CallFailed', readonly tries: number, readonly unknown: boolean }
  | { readonly type: 'CallPutOff', readonly dueAt: number }
  | { readonly type: 'CallRemembered', readonly operation: PaymentOperation }
  | { readonly type: 'CallRecalled', readonly operation: PaymentOperation }
  | { readonly type: 'AttemptFenced', readonly attempt: number }
  /** A refund that broke a rule: told where refunds are looked up, beside the rejection. */
  | { readonly type: 'RefundRefused', readonly operation: PaymentOperation, readonly code: string }

/** The names by which the state table knows what changes a status: a started call is told apart by its step. */
export type PaymentChange =
  | 'PaymentCreated' | 'authoriseStarted' | 'PaymentAuthorized' | 'captureStarted' | 'PaymentSucceeded' | 'PaymentFailed'
  | 'voidStarted' | 'PaymentVoided' | 'refundStarted' | 'PaymentPartiallyRefunded' | 'PaymentRefunded' | 'AttemptFenced'

/**
 * The states of a payment. A pair that is not listed cannot happen: a decision that leads to one is a defect. `voiding` may learn
 * that the money was authorised or captured after all, when the answer to those calls never came.
 */
export const paymentTransitions: Readonly<Record<PaymentStatus, Readonly<Partial<Record<PaymentChange, PaymentStatus>>>>> = {
  none: { PaymentCreated: 'authorising', AttemptFenced: 'fenced' },
  fenced: { PaymentCreated: 'authorising', AttemptFenced: 'fenced' },
  authorising: { authoriseStarted: 'authorising', PaymentAuthorized: 'authorised', PaymentFailed: 'failed', AttemptFenced: 'authorising' },
  authorised: { captureStarted: 'capturing', voidStarted: 'voiding', AttemptFenced: 'authorised' },
  capturing: { captureStarted: 'capturing', PaymentSucceeded: 'captured', PaymentFailed: 'failed', AttemptFenced: 'capturing' },
  captured: { refundStarted: 'refunding', AttemptFenced: 'captured' },
  voiding: { voidStarted: 'voiding', PaymentAuthorized: 'voiding', PaymentSucceeded: 'captured', PaymentVoided: 'voided', AttemptFenced: 'voiding' },
  voided: { PaymentCreated: 'authorising', AttemptFenced: 'voided' },
  refunding: { refundStarted: 'refunding', PaymentPartiallyRefunded: 'partiallyRefunded', PaymentRefunded: 'refunded', AttemptFenced: 'refunding' },
  partiallyRefunded: { refundStarted: 'refunding', AttemptFenced: 'partiallyRefunded' },
  refunded: { AttemptFenced: 'refunded' },
  failed: { PaymentCreated: 'authorising', voidStarted: 'voiding', AttemptFenced: 'failed' }
}

/** The state of an order of which nothing is known yet. */
export function noPayment (orderId: string, correlationId: string): PaymentState {
  return {
    type: 'PaymentState',
    orderId,
    status: 'none',
    attempt: 0,
    paymentId: '',
    currency: '',
    method: 'card',
    token: '',
    reference: '',
    amount: 0n,
    authorised: 0n,
    captured: 0n,
    voided: 0n,
    refunded: 0n,
    unresolved: false,
    fencedThrough: 0,
    operation: null,
    waiting: [],
    refunds: [],
    correlationId,
    version: 0,
    failure: '',
    earlier: []
  }
}

/** Authorised money that is neither captured nor given up. */
export function openAmount (state: PaymentState): bigint {
  return state.authorised - state.captured - state.voided
}

/** Captured money that was not given back. */
export function netAmount (state: PaymentState): bigint {
  return state.captured - state.refunded
}

/** Idempotency key of a step at the gateway: order, step and attempt, and the refund's id. */
export function idempotencyKey (orderId: string, operation: Pick<PaymentOperation, 'step' | 'attempt' | 'effectId'>): string {
  const { step, attempt, effectId } = operation
  return effectId === '' ? `${orderId}/${step}/${attempt}` : `${orderId}/${step}/${attempt}/${effectId}`
}

/** What a key names: the step at the gateway. */
export type KeyedStep = Pick<PaymentOperation, 'step' | 'attempt' | 'effectId'> & { readonly orderId: string }

const stepNames: ReadonlySet<string> = new Set<GatewayStep>(['authorise', 'capture', 'void', 'refund'])

/** Reads a key back; undefined when it is none of ours. */
export function stepOfKey (key: string): KeyedStep | undefined {
  const match = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([a-z]+)\/([1-9]\d{0,8})(?:\/(.{1,200}))?$/.exec(key)
  if (match === null || !stepNames.has(match[2] as string)) return undefined
  const [, orderId, step, attempt, effectId = ''] = match as unknown as [string, string, GatewayStep, string, string?]
  return (step === 'refund') === (effectId !== '') ? { orderId, step, attempt: Number(attempt), effectId } : undefined
}

/**
 * The state after a fact. Pure.
 *
 * @throws {RangeError} when the table has no such transition, or money would not be conserved: a defect, never a business case.
 */
export function evolvePayment (state: PaymentState, fact: PaymentFact): PaymentState {
  if (fact.type === 'Answered' || fact.type === 'Rejected') return state
  const next: PaymentState = { ...state, status: statusAfter(state, fact), version: state.version + 1, ...changes(state, fact) }
  if (openAmount(next) < 0n || netAmount(next) < 0n) throw new RangeError(`${fact.type} would break the money law of ${state.orderId}`)
  return next
}

function statusAfter (state: PaymentState, fact: PaymentFact): PaymentStatus {
  const change = changeOf(fact)
  if (change === undefined) return state.status
  const status = paymentTransitions[state.status][change]
  if (status === undefined) throw new RangeError(`${change} cannot happen to a payment that is ${state.status} (${state.orderId})`)
  return status
}

function changeOf (fact: PaymentFact): PaymentChange | undefined {
  if (fact.type === 'CallStarted') return `${fact.operation.step}Started`
  return fact.type in passive ? undefined : fact.type as PaymentChange
}

const passive: Readonly<Partial<Record<PaymentFact['type'], true>>> = { CallFailed: true, CallPutOff: true, CallRemembered: true, CallRecalled: true, RefundRefused: true }

function changes (state: PaymentState, fact: PaymentFact): Partial<PaymentState> {
  switch (fact.type) {
    case 'PaymentCreated': {
      const { attempt, paymentId, amount, currency, method, token } = fact
      const earlier = state.paymentId === '' ? state.earlier : [...state.earlier, attemptOf(state)]
      return { attempt, paymentId, amount, currency, method, token, reference: '', unresolved: false, operation: null, failure: '', earlier }
    }
    case 'PaymentAuthorized':
      return { authorised: state.authorised + fact.amount, reference: fact.providerReference, ...(state.status === 'voiding' ? {} : { operation: null }) }
    case 'PaymentSucceeded':
      return { captured: state.captured + fact.amount, voided: state.voided + openAmount(state) - fact.amount, unresolved: false, operation: null }
    case 'PaymentFailed': return { unresolved: fact.kind === 'technical' && (state.operation?.unknown ?? false), operation: null, failure: fact.code }
    case 'PaymentVoided': return { voided: state.voided + fact.amount, unresolved: false, operation: null }
    case 'PaymentPartiallyRefunded':
    case 'PaymentRefunded': return { refunded: state.refunded + fact.amount, operation: null, refunds: settleRefund(state, fact.effectId, fact.amount) }
    case 'CallStarted': return { operation: fact.operation, refunds: noteRefund(state, fact.operation, fact.requested) }
    case 'CallFailed': return changeOperation(state, { tries: fact.tries, unknown: fact.unknown, inFlight: false })
    case 'CallPutOff': return changeOperation(state, { dueAt: fact.dueAt, inFlight: false })
    case 'CallRemembered': return { waiting: [...state.waiting, fact.operation] }
    case 'RefundRefused': return { refunds: noteRefund(state, fact.operation, fact.operation.amount, fact.code) }
    case 'CallRecalled': return { waiting: state.waiting.filter(operation => operation !== fact.operation) }
    case 'AttemptFenced': return { fencedThrough: Math.max(state.fencedThrough, fact.attempt) }
    default: return {}
  }
}

function changeOperation (state: PaymentState, change: Partial<PaymentOperation>): Partial<PaymentState> {
  return state.operation === null ? {} : { operation: { ...state.operation, ...change } }
}

function noteRefund (
  state: PaymentState, operation: PaymentOperation, requested: bigint | null = operation.amount, refusal = ''
): PaymentState['refunds'] {
  const { step, effectId, reason } = operation
  if (step !== 'refund' || state.refunds.some(refund => refund.effectId === effectId)) return state.refunds
  return [...state.refunds, { effectId, requested, refunded: 0n, done: false, reason, refusal }]
}

/** Authorised by the current attempt alone. */
export function attemptAuthorised (state: PaymentState): bigint {
  return state.earlier.reduce((left, attempt) => left - attempt.authorised, state.authorised)
}

function attemptOf (state: PaymentState): PaymentAttempt {
  const { attempt, paymentId, status, method, amount, failure } = state
  return { attempt, paymentId, status, method, amount, authorised: attemptAuthorised(state), failure }
}

function settleRefund (state: PaymentState, effectId: string, refunded: bigint): PaymentState['refunds'] {
  return state.refunds.map(refund => refund.effectId === effectId ? { ...refund, refunded, done: true } : refund)
}
