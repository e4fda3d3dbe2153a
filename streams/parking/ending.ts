import { type Retry, type Verdict } from '../handlers.ts'
import { murmur2 } from '../kafka/murmur2.ts'

/** All that decides what becomes of an input that failed. */
export interface Failure {
  /** What the exception handler said. */
  readonly verdict: Verdict
  /** It could not be read, belongs elsewhere, or its handler refused it: trying it again leads nowhere, and it has no place in the order of its key. */
  readonly isHopeless: boolean
  /** It compensates: it is tried until it is done. */
  readonly compensates: boolean
  /** The processor parks keys, and this input has one. */
  readonly parks: boolean
  /** Failures so far, this one included. */
  readonly attempts: number
}

/**
 * What becomes of it. fail: the task stops. continue: passed over. dead-letter: a dead letter, its key goes on. park: a dead letter,
 * and its key waits for an operator. retry: its key waits until it is tried again.
 */
export type Ending =
  | { readonly kind: 'fail' }
  | { readonly kind: 'continue' | 'dead-letter' | 'park' }
  | { readonly kind: 'retry', readonly retry: Retry }

/** Rules in the order in which they are asked. */
export function endingOf ({ verdict, isHopeless, compensates, parks, attempts }: Failure, compensationRetry: Retry): Ending {
  const retry = typeof verdict === 'string' ? undefined : verdict
  if (verdict === 'fail') return { kind: 'fail' }
  if (isHopeless) return { kind: verdict === 'continue' ? 'continue' : 'dead-letter' }
  if (compensates) return { kind: 'retry', retry: retry ?? compensationRetry }
  if (verdict === 'continue') return { kind: 'continue' }
  if (retry !== undefined && attempts < retry.tries) return { kind: 'retry', retry }
  return { kind: parks ? 'park' : 'dead-letter' }
}

/**
 * Wait before the next try, ms: doubles from `firstMs` up to `maxMs`, of which a share between a half and all is taken. The share
 * is derived from key and attempt, so that keys that failed together do not come back together, and a repeat of the cycle decides the same.
 */
export function retryDelayMs (key: string, attempts: number, { firstMs, maxMs }: Pick<Retry, 'firstMs' | 'maxMs'>): number {
  const wholeMs = Math.min(maxMs, firstMs * 2 ** Math.min(attempts - 1, 30))
  const share = (murmur2(Buffer.from(`${attempts}\n${key}`)) >>> 0) / 2 ** 32
  return Math.round(wholeMs * (1 + share) / 2)
}
