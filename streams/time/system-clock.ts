import { setTimeout as delay } from 'node:timers/promises'
import { ensureError } from '../errors.ts'
import { type Clock } from './clock.ts'

/** The clock of the machine. A sleep or a scheduled callback keeps the process alive until it ends or is cancelled. */
export const systemClock: Clock = Object.freeze({
  now: () => Date.now(),
  sleep: async (ms: number, signal?: AbortSignal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal })
    } catch (error) {
      // Timers wrap the reason in an AbortError; the contract is to reject with the reason itself.
      if (signal?.aborted === true) throw ensureError(signal.reason)
      throw error
    }
  },
  schedule: (ms: number, callback: () => void) => {
    const timer = setTimeout(callback, ms)
    return () => { clearTimeout(timer) }
  }
})
