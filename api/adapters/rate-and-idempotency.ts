import { type RedisPaths } from '../../streams/state/redis/index.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { type IdempotencyStore, type RateCounters } from '../ports.ts'
import { createMemoryIdempotency } from './memory-idempotency.ts'
import { createMemoryRateCounters } from './memory-rate-counters.ts'
import { createRedisCalls } from './redis-calls.ts'
import { createRedisIdempotency } from './redis-idempotency.ts'
import { createRedisRateCounters } from './redis-rate-counters.ts'

export interface GatewayMemoryOptions {
  readonly clock: Clock
  readonly applicationId: string
  /** What all instances share; absent = this process remembers by itself. */
  readonly shared?: RedisPaths
  readonly onShared?: (error: Error | undefined) => void
  /** How long the answer to an idempotency key is remembered, ms. @default 86400000 */
  readonly idempotencyMs?: number
  /** How long a request waits for an answer of what is shared, ms. @default 100 */
  readonly timeoutMs?: number
}

/** What the gateway remembers of requests. All of it may be forgotten at any time. */
export interface GatewayMemory {
  readonly counters: RateCounters
  readonly idempotency: IdempotencyStore
  /** The part of `idempotency` that is of this process alone. */
  readonly local: IdempotencyStore
}

export function createGatewayMemory (options: GatewayMemoryOptions): GatewayMemory {
  const { clock, applicationId, shared, onShared = () => {}, idempotencyMs = 86_400_000, timeoutMs = 100 } = options
  const local = createMemoryIdempotency({ clock, lifeMs: idempotencyMs })
  const counters = createMemoryRateCounters({ clock })
  if (shared === undefined) return { counters, idempotency: local, local }
  const calls = createRedisCalls({ paths: shared, applicationId, clock, timeoutMs, onChange: onShared })
  return {
    counters: createRedisRateCounters({ calls, local: counters }),
    idempotency: createRedisIdempotency({ calls, local, lifeMs: idempotencyMs }),
    local
  }
}
