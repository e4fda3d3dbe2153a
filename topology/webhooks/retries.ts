import { murmur2 } from '../../streams/kafka/murmur2.ts'

/** How often a message is tried again after it failed for the first time; then its subscription is disabled. */
export const retries = 5

/** Wait before the first retry, ms; it doubles with every further one. */
export const firstWaitMs = 10_000

/** Wait of a retry that finds no place, ms. */
export const noPlaceWaitMs = 5_000

/**
 * Wait after `tries` tries that failed: 10 · 2ⁿ s with n = tries − 1, and a jitter of up to a quarter more that depends on message and try alone:
 * messages that failed together come back apart, and a repeat of the record waits as long. Unit: ms.
 */
export function retryWaitMs (messageId: string, tries: number): number {
  return jitter(messageId, tries, firstWaitMs * 2 ** (tries - 1))
}

/** Wait for a place, with the same jitter. Unit: ms. */
export function placeWaitMs (messageId: string, tries: number): number {
  return jitter(`place ${messageId}`, tries, noPlaceWaitMs)
}

function jitter (key: string, round: number, waitMs: number): number {
  const share = (murmur2(Buffer.from(`${key}#${round}`)) >>> 0) / 2 ** 32
  return Math.round(waitMs * (1 + share / 4))
}
