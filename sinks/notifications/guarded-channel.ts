import {
  BrokenCircuitError, BulkheadRejectedError, CircuitState, SamplingBreaker, TaskCancelledError, TimeoutStrategy, bulkhead, circuitBreaker,
  handleWhenResult, timeout
} from 'cockatiel'
import { type Channel, type SendAnswer, heldBack } from './channel.ts'

export interface ChannelGuardOptions {
  /** Longest wait for one answer, ms; then its outcome is unknown. @default 15000 */
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

/** A channel behind its guard, and what the guard says about itself. */
export interface GuardedChannel extends Channel {
  readonly breaker: () => 'closed' | 'open' | 'half-open'
}

/**
 * Puts timeout, circuit breaker and bulkhead around a channel: its own, so that a dead channel takes nothing from the others. Only `unavailable` and
 * `unknown` answers count as failures. A call that the breaker or the bulkhead stops is `unavailable` with code held-back: it was never made.
 */
export function guardChannel (channel: Channel, options: ChannelGuardOptions = {}): GuardedChannel {
  const { timeoutMs = 15_000, concurrency = 64, queue = 1_000, threshold = 0.5, windowMs = 30_000, minimumCalls = 10, openMs = 30_000 } = options
  const places = bulkhead(concurrency, queue)
  const deadline = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false })
  const breaker = circuitBreaker(handleWhenResult(isFailure), {
    halfOpenAfter: openMs,
    breaker: new SamplingBreaker({ threshold, duration: windowMs, minimumRps: minimumCalls / (windowMs / 1000) })
  })

  async function inTime (outer: AbortSignal, call: (signal: AbortSignal) => Promise<SendAnswer>): Promise<SendAnswer> {
    try {
      return await deadline.execute(({ signal }) => call(signal), outer)
    } catch (error) {
      if (error instanceof TaskCancelledError) return { kind: 'unknown', message: `no answer in ${timeoutMs} ms` }
      return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
    }
  }

  return {
    ...channel,
    send: async (message, signal) => {
      try {
        return await places.execute(() => breaker.execute(() => inTime(signal, inner => channel.send(message, inner)), signal), signal)
      } catch (error) {
        if (error instanceof BrokenCircuitError) return { kind: 'unavailable', code: heldBack, message: 'the breaker is open' }
        if (error instanceof BulkheadRejectedError) return { kind: 'unavailable', code: heldBack, message: 'too many calls are in flight' }
        return { kind: 'unknown', message: `the call failed (${(error as Error).name})` }
      }
    },
    close: async () => { await channel.close() },
    breaker: () => breaker.state === CircuitState.Closed ? 'closed' : breaker.state === CircuitState.Open ? 'open' : 'half-open'
  }
}

function isFailure (answer: unknown): boolean {
  const { kind } = answer as SendAnswer
  return kind === 'unavailable' || kind === 'unknown'
}
