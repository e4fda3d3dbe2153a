import { systemClock } from '../../time/system-clock.ts'

/** Growing waits between tries of one operation. */
export interface Backoff {
  /** Waits; longer each time. Rejects with the signal's reason when it aborts. */
  wait (signal?: AbortSignal): Promise<void>
  /** Ms waited so far. */
  readonly waitedMs: number
}

/** Waits `firstMs`, then twice as long each time, up to `maxMs`. */
export function createBackoff (firstMs: number, maxMs: number): Backoff {
  let nextMs = firstMs
  let waitedMs = 0
  return {
    get waitedMs () { return waitedMs },
    wait: async (signal) => {
      const ms = nextMs
      nextMs = Math.min(nextMs * 2, maxMs)
      waitedMs += ms
      await systemClock.sleep(ms, signal)
    }
  }
}
