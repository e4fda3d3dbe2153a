import { murmur2 } from '../../streams/kafka/murmur2.ts'

/** Calls after which a channel that says no every time has failed. */
export const maxTries = 6
/** How long after its time a notification is worth delivering, ms. */
export const worthMs = 86_400_000

const firstMs = 10_000
const longestMs = 3_600_000
const heldBackMs = 15_000
const longestHeldBackMs = 300_000

/** Wait before the next try, ms: doubles from ten seconds to an hour, ± 25 % by delivery and try alone, so that a repeat of the record waits as long. */
export function retryWaitMs (deliveryId: string, tries: number): number {
  return jitter(deliveryId, tries, Math.min(longestMs, firstMs * 2 ** Math.max(0, tries - 1)))
}

/** The same for a call that never left the house: an open breaker is not met by all of them at once. */
export function heldBackWaitMs (deliveryId: string, calls: number): number {
  return jitter(deliveryId, calls, Math.min(longestHeldBackMs, heldBackMs * 2 ** Math.max(0, Math.min(calls, 16) - 1)))
}

function jitter (key: string, round: number, waitMs: number): number {
  const share = (murmur2(Buffer.from(`${key}#${round}`)) >>> 0) / 2 ** 32
  return Math.round(waitMs * (0.75 + share / 2))
}
