import { type RuntimeOptions } from '../options.ts'
import { type Clock } from '../time/clock.ts'

/** Waits for a place; the returned function gives it back. Rejects with the signal's reason when it aborts. */
export type Slot = (signal: AbortSignal) => Promise<() => void>

/** What the tasks of a process do only so many at a time. */
export interface TaskSlots { readonly acquire: Slot, readonly cycle: Slot }

export function createTaskSlots ({ acquireConcurrency, cycleConcurrency }: RuntimeOptions): TaskSlots {
  return { acquire: createSlots(acquireConcurrency), cycle: createSlots(cycleConcurrency) }
}

/**
 * A number of places for work that should not run all at once. The returned function gives the place back; it may be called twice.
 */
export function createSlots (count: number): Slot {
  let free = count
  const waiting: Array<() => void> = []

  function give (): void {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }

  function place (): () => void {
    let isHeld = true
    return () => {
      if (isHeld) give()
      isHeld = false
    }
  }

  return async signal => {
    signal.throwIfAborted()
    if (free > 0) {
      free--
      return place()
    }
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        waiting.splice(waiting.indexOf(enter), 1)
        reject(signal.reason)
      }
      const enter = (): void => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      waiting.push(enter)
      signal.addEventListener('abort', abort, { once: true })
    })
    return place()
  }
}

/**
 * The same places for one task that lingers: it waits for the next one until so long after it gave the last one back, ms. The wait is never
 * longer, however the clock jumps.
 */
export function lingering (slot: Slot, lingerMs: number, clock: Clock): Slot {
  let againMs = -Infinity
  return async signal => {
    const waitMs = Math.min(againMs - clock.now(), lingerMs)
    if (waitMs > 0) await clock.sleep(waitMs, signal)
    const give = await slot(signal)
    return () => {
      againMs = clock.now() + lingerMs
      give()
    }
  }
}
