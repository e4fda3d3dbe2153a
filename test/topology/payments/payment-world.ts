import { type GatewayRequest, type PaymentState } from '#schemas'
import { type PaymentRequest, decidePayment } from '../../../topology/payments/decide-payment.ts'
import { callGateway, gatewayRequest } from '../../../topology/payments/gateway-effect.ts'
import { type HeardCallback, hearCallback } from '../../../topology/payments/hear-callback.ts'
import { type PaymentEventBody, type PaymentFact, evolvePayment, noPayment } from '../../../topology/payments/payment.ts'
import { resumeCall, settleCall } from '../../../topology/payments/settle-call.ts'
import { type ScriptedGateway } from './scripted-gateway.ts'

export const orderId = '00000000-0000-4000-8000-000000000001'

/** A callback about the first attempt of the test's order, of 1,000 in all; spread over it to change it. */
export function callbackOf (given: Partial<HeardCallback> & Pick<HeardCallback, 'step'>): HeardCallback {
  return {
    type: 'PaymentCallback',
    orderId,
    callbackId: 'c1',
    attempt: 1,
    effectId: '',
    outcome: 'done',
    code: '',
    message: '',
    reference: 'auth_1',
    currency: 'GBP',
    authorised: 1_000n,
    captured: 0n,
    voided: 0n,
    refunded: 0n,
    ...given
  }
}

/** Drives the decisions as the processor does, one step at a time: ask, call (the accepted effect), and wait (the retry timer). */
export class PaymentWorld {
  state: PaymentState = noPayment(orderId, 'c')
  readonly events: PaymentEventBody[] = []
  /** Every event with the version that it is published under. */
  readonly published: Array<{ readonly event: PaymentEventBody, readonly version: number }> = []
  readonly rejections: string[] = []
  nowMs = 0
  readonly #gateway: ScriptedGateway

  constructor (gateway: ScriptedGateway) {
    this.#gateway = gateway
  }

  ask (command: PaymentRequest): void {
    this.#apply(decidePayment(this.state, command, this.nowMs, () => `payment-${this.state.version}`))
  }

  authorise (attempt = 1, amount = 1_000n, token = 'tok_ok'): void {
    this.ask({ type: 'AuthorizePayment', orderId, attempt, amount, currency: 'GBP', method: 'card', token })
  }

  capture (attempt = 1, amount = 1_000n): void {
    this.ask({ type: 'CapturePayment', orderId, attempt, amount, currency: 'GBP' })
  }

  void (attempt = 1): void {
    this.ask({ type: 'VoidPayment', orderId, attempt, reason: 'test' })
  }

  refund (effectId: string, amount: bigint | null = null, ceiling: bigint | null = null, capped = false): void {
    this.ask({ type: 'RefundPayment', orderId, effectId, amount, reason: 'test', ceiling, capped })
  }

  /** The provider tells by itself what it has done. */
  hear (callback: Partial<HeardCallback> & Pick<HeardCallback, 'step'>): void {
    this.#apply(hearCallback(this.state, callbackOf(callback), this.nowMs))
  }

  get isCalling (): boolean {
    return this.state.operation?.inFlight === true
  }

  /** The frozen request of the call that is accepted. */
  request (): GatewayRequest {
    const { operation } = this.state
    if (operation === null || !operation.inFlight) throw new Error('no call is accepted')
    return gatewayRequest(this.state, operation)
  }

  /** Makes the call that is accepted and settles its answer. */
  async call (): Promise<void> {
    const answer = await callGateway(this.#gateway, this.request(), AbortSignal.abort())
    this.#apply(settleCall(this.state, answer, this.nowMs))
  }

  /** Lets the time go by until the retry timer fires. */
  wait (): void {
    const dueAt = this.state.operation?.dueAt ?? null
    if (dueAt === null) throw new Error('nothing waits')
    this.nowMs = dueAt
    this.#apply(resumeCall(this.state, this.nowMs))
  }

  /** Calls and waits until nothing is under way. */
  async settle (limit = 100): Promise<void> {
    for (let step = 0; this.state.operation !== null; step++) {
      if (step > limit) throw new Error('the payment does not settle')
      if (this.isCalling) await this.call()
      else this.wait()
    }
  }

  /** Types of the events since the last time this was asked. */
  said (): string[] {
    return this.events.splice(0).map(event => event.type)
  }

  #apply (facts: readonly PaymentFact[]): void {
    for (const fact of facts) {
      this.state = evolvePayment(this.state, fact)
      if (fact.type === 'Rejected') this.rejections.push(fact.rejection.code)
      else if (fact.type === 'Answered') this.#publish(fact.event)
      else if (fact.type.startsWith('Payment')) this.#publish(fact as PaymentEventBody)
    }
  }

  #publish (event: PaymentEventBody): void {
    this.events.push(event)
    this.published.push({ event, version: this.state.version })
  }
}
