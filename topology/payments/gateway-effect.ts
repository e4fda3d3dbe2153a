import { type GatewayRequest, type PaymentOperation, type PaymentState } from '#schemas'
import { type EffectDef, type EffectOutcome, type ProcessorContext } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type FindRequest, type GatewayAnswer, type PaymentGateway } from './gateway.ts'
import { idempotencyKey } from './payment.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const paymentsName = 'payments'

/** How long the provider is trusted to remember an idempotency key, ms; older open calls are looked up, never repeated blindly. */
const keyLifeMs = 86_400_000

/** What the effect needs beside the gateway. */
export interface GatewayEffectOptions {
  readonly gateway: PaymentGateway
  /** Longest wait for one call, the queue before the gateway included, ms. @default 20000 */
  readonly timeoutMs?: number
  /** Calls in flight per task. @default 32 */
  readonly concurrency?: number
  /** Runs in the second transaction, with the answer. */
  readonly finish: (context: ProcessorContext, orderId: string, answer: GatewayAnswer) => void
}

/** The one effect of the processor: at most one call per order is open at any time. */
export function createGatewayEffect (options: GatewayEffectOptions): EffectDef<GatewayRequest, GatewayAnswer> {
  const { gateway, timeoutMs = 20_000, concurrency = 32, finish } = options
  return {
    name: 'gateway',
    request: stateSerde(paymentsName, 'GatewayRequest'),
    keyLifeMs,
    policy: 'at-most-once',
    timeoutMs,
    concurrency,
    call: async (row, signal) => outcomeOf(await callGateway(gateway, row.request, signal)),
    lookup: async (row, signal) => {
      const found = await gateway.find(findRequest(row.request), signal)
      return found === null ? null : outcomeOf(found)
    },
    finish: (context, row, outcome) => finish(context, row.key, answerOf(outcome))
  }
}

/**
 * The frozen request of a step. One that may have to find out what became of the authorisation carries all that was asked for then; a
 * call that may have been carried out is asked for first.
 */
export function gatewayRequest (state: PaymentState, operation: PaymentOperation): GatewayRequest {
  const { orderId, attempt, currency, method, reference } = state
  return {
    type: 'GatewayRequest',
    step: operation.step,
    key: idempotencyKey(orderId, operation),
    orderId,
    attempt: operation.attempt,
    authorisationKey: idempotencyKey(orderId, { step: 'authorise', attempt, effectId: '' }),
    reference,
    amount: operation.step === 'void' ? state.amount : operation.amount ?? 0n,
    currency,
    method,
    token: operation.step === 'authorise' || reference === '' ? state.token : '',
    lookupFirst: operation.unknown
  }
}

/** Sends the request; where an earlier call may have been carried out, its answer is asked for and the call repeated only without one. */
export async function callGateway (gateway: PaymentGateway, request: GatewayRequest, signal: AbortSignal): Promise<GatewayAnswer> {
  if (request.lookupFirst) {
    const found = await gateway.find(findRequest(request), signal)
    if (found !== null) return found
  }
  const { key, orderId, authorisationKey, reference, amount, currency, method, token } = request
  switch (request.step) {
    case 'authorise': return await gateway.authorise({ key, orderId, amount, currency, method, token }, signal)
    case 'capture': return await gateway.capture({ key, authorisationKey, reference, amount, currency }, signal)
    case 'refund': return await gateway.refund({ key, authorisationKey, reference, amount, currency }, signal)
    case 'void': return await gateway.void(findRequest(request), signal)
  }
}

function findRequest ({ step, key, orderId, authorisationKey, reference, amount, currency, method, token }: GatewayRequest): FindRequest {
  return { step, key, authorisationKey, reference, authorisation: { key: authorisationKey, orderId, amount, currency, method, token } }
}

/** Every definite answer counts as success of the call; the runtime is told of the others what it needs to know. */
function outcomeOf (answer: GatewayAnswer): EffectOutcome<GatewayAnswer> {
  if (answer.kind === 'unknown') return answer
  if (answer.kind === 'unavailable') return { kind: 'failed', code: answer.code, message: answer.message, retriable: true }
  return { kind: 'succeeded', result: answer }
}

function answerOf (outcome: EffectOutcome<GatewayAnswer>): GatewayAnswer {
  if (outcome.kind === 'succeeded') return outcome.result
  if (outcome.kind === 'unknown') return outcome
  return { kind: 'unavailable', code: outcome.code, message: outcome.message }
}
