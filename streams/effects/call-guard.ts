import {
  BrokenCircuitError, BulkheadRejectedError, CircuitState, SamplingBreaker, TaskCancelledError, TimeoutStrategy, bulkhead, circuitBreaker,
  handleWhenResult, timeout
} from 'cockatiel'

/** Code of an `unavailable` answer that never left the house: the breaker is open, or too many calls are in flight. */
export const heldBack = 'held-back'

export interface CallGuardOptions {
  /** Longest wait for one answer, ms; then its outcome is unknown. */
  readonly timeoutMs: number
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

/** What the guard says where a call gives nothing: it was never made, or nobody knows whether it was carried out. */
export type GuardAnswer =
  | { readonly kind: 'unavailable', readonly code: typeof heldBack, readonly message: string }
  | { readonly kind: 'unknown', readonly message: string }

/** Stands before the calls to one service. */
export interface CallGuard {
  /** Makes the call, or answers for it; never rejects. */
  run<Answer> (signal: AbortSignal, call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer | GuardAnswer>
  readonly breaker: () => 'closed' | 'open' | 'half-open'
}

/**
 * Timeout, circuit breaker and bulkhead for the calls to a service outside: its own, so that a dead one takes nothing from the others. Only answers
 * whose `kind` is `unavailable` or `unknown` count as failures: a no says nothing about the health of who says it.
 */
export function createCallGuard (options: CallGuardOptions): CallGuard {
  const { timeoutMs, concurrency = 64, queue = 1_000, threshold = 0.5, windowMs = 30_000, minimumCalls = 10, openMs = 30_000 } = options
  const places = bulkhead(concurrency, queue)
  const deadline = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: openMs,
    breaker: new SamplingBreaker({ threshold, duration: windowMs, minimumRps: minimumCalls / (windowMs / 1000) })
  })

  async function inTime<Answer> (outer: AbortSignal, call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer | GuardAnswer> {
    try {
      return await deadline.execute(({ signal }) => call(signal), outer)
    } catch (error) {
      if (error instanceof TaskCancelledError) return { kind: 'unknown', message: `no answer in ${timeoutMs} ms` }
      return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
    }
  }

  return {
    run: async (signal, call) => {
      try {
        return await places.execute(() => breaker.execute(() => inTime(signal, call), signal), signal)
      } catch (error) {
        if (error instanceof BrokenCircuitError) return { kind: 'unavailable', code: heldBack, message: 'the breaker is open' }
        if (error instanceof BulkheadRejectedError) return { kind: 'unavailable', code: heldBack, message: 'too many calls are in flight' }
        return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
      }
    },
    breaker: () => breaker.state === CircuitState.Closed ? 'closed' : breaker.state === CircuitState.Open ? 'open' : 'half-open'
  }
}

function isFailure (answer: unknown): boolean {
  if (typeof answer !== 'object' || answer === null || !('kind' in answer)) return false
  return answer.kind === 'unavailable' || answer.kind === 'unknown'
}
