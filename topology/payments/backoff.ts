import { murmur2 } from '../../streams/kafka/murmur2.ts'

/** Calls of a forward step (authorise, capture) before it fails as technical. */
export const forwardTries = 3
/** First wait between two calls, ms; doubles with every try. */
export const firstWaitMs = 1_000
/** Longest wait between two calls of a compensation, ms. */
export const longestWaitMs = 300_000
/** Wait before a call that the breaker held back is made again, ms: shorter than the order's step timeout, which it re-arms. */
export const heldBackWaitMs = 10_000
/** A compensation that failed this often raises an alert, and again after as many more. */
export const alertTries = 10

/**
 * Wait before try `tries + 1`: exponential from one second, capped, with a jitter of ± 25 % that depends on key and try alone, so
 * that a repeat of the record waits as long. Unit: ms.
 */
export function backoffMs (key: string, tries: number): number {
  const wait = Math.min(firstWaitMs * 2 ** Math.max(0, tries - 1), longestWaitMs)
  return Math.min(jitter(key, tries, wait), longestWaitMs)
}

/** Wait of a held-back call, with the same kind of jitter: an open breaker is not met by all orders at once. Unit: ms. */
export function heldBackMs (key: string, round: number): number {
  return jitter(key, round, heldBackWaitMs)
}

function jitter (key: string, round: number, waitMs: number): number {
  const share = (murmur2(Buffer.from(`${key}#${round}`)) >>> 0) / 2 ** 32
  return Math.round(waitMs * (0.75 + share / 2))
}
