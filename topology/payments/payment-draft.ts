import { type PaymentOperation, type PaymentState } from '#schemas'
import { backoffMs } from './backoff.ts'
import { type PaymentEventBody, type PaymentFact, evolvePayment, idempotencyKey, netAmount, openAmount } from './payment.ts'

/**
 * A decision in the making: facts in order and the state after them. Lives within one pure decision, and holds the rules that
 * commands, answers of the gateway and timers share: one step at a time, voids and refunds wait for their turn.
 */
export class PaymentDraft {
  readonly nowMs: number
  readonly facts: PaymentFact[] = []
  #state: PaymentState

  constructor (state: PaymentState, nowMs: number) {
    this.#state = state
    this.nowMs = nowMs
  }

  get state (): PaymentState {
    return this.#state
  }

  add (fact: PaymentFact): void {
    this.facts.push(fact)
    this.#state = evolvePayment(this.#state, fact)
  }

  /** Publishes an event that changes nothing. */
  answer (event: PaymentEventBody): void {
    this.add({ type: 'Answered', event })
  }

  reject (command: string, code: string, field: string | null, message: string): void {
    this.add({ type: 'Rejected', command, rejection: { code, field, message } })
  }

  start (operation: PaymentOperation, requested?: bigint | null): void {
    const started = { ...operation, inFlight: true, dueAt: null }
    this.add(requested === undefined ? { type: 'CallStarted', operation: started } : { type: 'CallStarted', operation: started, requested })
  }

  /** Makes the call again after the back-off of its tries. */
  putOff (operation: PaymentOperation): void {
    this.add({ type: 'CallPutOff', dueAt: this.nowMs + backoffMs(idempotencyKey(this.#state.orderId, operation), operation.tries) })
  }

  /** The step under way ends without success. */
  fail (kind: 'declined' | 'technical' | 'fenced', code: string, message: string): void {
    const { orderId, paymentId, operation } = this.#state
    if (operation === null || (operation.step !== 'authorise' && operation.step !== 'capture')) return
    this.add({ type: 'PaymentFailed', orderId, attempt: operation.attempt, paymentId, step: operation.step, kind, code, message })
  }

  /** Says that a void of that attempt had nothing to give up, or that what it gave up was refunded. */
  answerVoid (attempt: number): void {
    const { orderId, paymentId, currency } = this.#state
    this.answer({ type: 'PaymentVoided', orderId, attempt, paymentId, amount: 0n, currency, nothingToVoid: true })
  }

  answerRefund (effectId: string): void {
    const { orderId, paymentId, currency, refunded: totalRefunded } = this.#state
    this.answer({ type: 'PaymentRefunded', orderId, paymentId, effectId, amount: 0n, totalRefunded, currency })
  }

  /** Starts what waits, until a call is under way or nothing waits. Called at the end of every decision. */
  drain (): void {
    this.#giveUpForVoid()
    for (let next = this.#state.waiting[0]; this.#state.operation === null && next !== undefined; next = this.#state.waiting[0]) {
      this.add({ type: 'CallRecalled', operation: next })
      if (next.step === 'void') this.#startVoid(next)
      else this.#startRefund(next)
    }
  }

  /** A forward step that is only waiting to be tried again, and was certainly not carried out, ends for a void at once. */
  #giveUpForVoid (): void {
    const { operation, waiting } = this.#state
    if (operation === null || operation.inFlight || operation.unknown || !waiting.some(({ step }) => step === 'void')) return
    this.fail('fenced', 'voided-before', 'voided before it could be carried out')
  }

  #startVoid (operation: PaymentOperation): void {
    const { status, unresolved, attempt } = this.#state
    if (status === 'authorised' || (status === 'failed' && (unresolved || openAmount(this.#state) > 0n))) return this.start(operation)
    if (operation.attempt === attempt && netAmount(this.#state) > 0n) return this.start(refundForVoid(operation, netAmount(this.#state)))
    this.answerVoid(operation.attempt)
  }

  #startRefund (operation: PaymentOperation): void {
    const net = netAmount(this.#state)
    const asked = operation.amount ?? net
    const amount = operation.capped && asked > net ? net : asked
    if (amount > net) {
      const [code, message] = this.#state.captured === 0n
        ? ['nothing-captured', 'nothing was captured for the order'] as const
        : ['refund-exceeds-captured', 'more than what is captured and not refunded'] as const
      return this.#refuseRefund(operation, code, message)
    }
    if (operation.ceiling !== null && this.#state.refunded + amount > operation.ceiling) {
      return this.#refuseRefund(operation, 'refund-exceeds-limit', 'more than its sender may give back')
    }
    if (amount === 0n) return this.answerRefund(operation.effectId)
    this.start({ ...operation, attempt: this.#state.attempt, amount }, operation.amount)
  }

  #refuseRefund (operation: PaymentOperation, code: string, message: string): void {
    this.reject('RefundPayment', code, 'amount', message)
    this.add({ type: 'RefundRefused', operation, code })
  }
}

/** The refund that gives back captured money where a void was asked for. */
export function refundForVoid (operation: PaymentOperation, amount: bigint): PaymentOperation {
  return { ...operation, step: 'refund', effectId: `void-${operation.attempt}`, amount, answersVoid: true, tries: 0, unknown: false }
}

/** A step that has not been tried yet. */
export function newOperation (
  step: PaymentOperation['step'], attempt: number, more: Partial<Pick<PaymentOperation, 'effectId' | 'amount' | 'reason' | 'ceiling' | 'capped'>> = {}
): PaymentOperation {
  return {
    step,
    attempt,
    effectId: '',
    amount: null,
    reason: '',
    answersVoid: false,
    tries: 0,
    unknown: false,
    inFlight: false,
    dueAt: null,
    ceiling: null,
    capped: false,
    ...more
  }
}
