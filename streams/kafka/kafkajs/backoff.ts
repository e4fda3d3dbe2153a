import { systemClock } from '../../time/system-clock.ts'

/** Growing waits between tries of one operation. */
export interface Backoff {
  /** Waits; longer each time. Rejects with the signal's reason when it aborts. */
  wait (signal?: AbortSignal): Promise<void>
  /** Ms since the first try, waits and tries together. */
  readonly elapsedMs: number
}

/** Waits `firstMs`, then twice as long each time, up to `maxMs`. */
export function createBackoff (firstMs: number, maxMs: number): Backoff {
  let nextMs = firstMs
  const startedMs = systemClock.now()
  return {
    get elapsedMs () { return systemClock.now() - startedMs },
    wait: async (signal) => {
      const ms = nextMs
      nextMs = Math.min(nextMs * 2, maxMs)
      await systemClock.sleep(ms, signal)
    }
  }
}
