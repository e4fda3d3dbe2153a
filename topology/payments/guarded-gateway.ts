import {
  BrokenCircuitError, BulkheadRejectedError, CircuitState, SamplingBreaker, TaskCancelledError, TimeoutStrategy, bulkhead, circuitBreaker,
  handleWhenResult, timeout
} from 'cockatiel'
import { type GatewayAnswer, type PaymentGateway, heldBack } from './gateway.ts'

export interface GuardOptions {
  /** Longest wait for one answer, ms; then its outcome is unknown. Three of them fit into the order's step timeout. @default 5000 */
  readonly timeoutMs?: number
  /** Calls in flight at once, of all tasks of the process. @default 64 */
  readonly concurrency?: number
  /** Calls that may wait for a place; more are held back. @default 1000 */
  readonly queue?: number
  /** Share of failed calls that opens the breaker. @default 0.5 */
  readonly threshold?: number
  /** Time over which the share is taken, ms. @default 30000 */
  readonly windowMs?: number
  /** Calls within the window below which the breaker never opens. @default 10 */
  readonly minimumCalls?: number
  /** How long the breaker stays open before one call tries again, ms. @default 30000 */
  readonly openMs?: number
}

/** A gateway behind its guard, and what the guard says about itself. */
export interface GuardedGateway extends PaymentGateway {
  readonly breaker: () => 'closed' | 'open' | 'half-open'
}

/**
 * Puts timeout, circuit breaker and bulkhead around a gateway. Only `unavailable` and `unknown` answers count as failures: a declined
 * card says nothing about the gateway's health. A call that the breaker or the bulkhead stops is `unavailable` with code held-back.
 */
export function guardGateway (gateway: PaymentGateway, options: GuardOptions = {}): GuardedGateway {
  const { timeoutMs = 5_000, concurrency = 64, queue = 1_000, threshold = 0.5, windowMs = 30_000, minimumCalls = 10, openMs = 30_000 } = options
  const places = bulkhead(concurrency, queue)
  const deadline = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: openMs,
    breaker: new SamplingBreaker({ threshold, duration: windowMs, minimumRps: minimumCalls / (windowMs / 1000) })
  })

  async function guard<Answer extends GatewayAnswer | null> (
    signal: AbortSignal, call: (signal: AbortSignal) => Promise<Answer>
  ): Promise<Answer | GatewayAnswer> {
    try {
      return await places.execute(() => breaker.execute(() => inTime(signal, call), signal), signal)
    } catch (error) {
      if (error instanceof BrokenCircuitError) return { kind: 'unavailable', code: heldBack, message: 'the breaker is open' }
      if (error instanceof BulkheadRejectedError) return { kind: 'unavailable', code: heldBack, message: 'too many calls are in flight' }
      return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
    }
  }

  async function inTime<Answer> (outer: AbortSignal, call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer | GatewayAnswer> {
    try {
      return await deadline.execute(({ signal }) => call(signal), outer)
    } catch (error) {
      if (error instanceof TaskCancelledError) return { kind: 'unknown', message: `no answer in ${timeoutMs} ms` }
      return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
    }
  }

  return {
    authorise: (request, signal) => guard(signal, inner => gateway.authorise(request, inner)),
    capture: (request, signal) => guard(signal, inner => gateway.capture(request, inner)),
    void: (request, signal) => guard(signal, inner => gateway.void(request, inner)),
    refund: (request, signal) => guard(signal, inner => gateway.refund(request, inner)),
    find: (request, signal) => guard(signal, inner => gateway.find(request, inner)),
    close: () => gateway.close(),
    breaker: () => breaker.state === CircuitState.Closed ? 'closed' : breaker.state === CircuitState.Open ? 'open' : 'half-open'
  }
}

function isFailure (answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) return false
  return answer.kind === 'unavailable' || answer.kind === 'unknown'
}
