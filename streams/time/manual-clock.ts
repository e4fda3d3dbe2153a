import { setImmediate as turn } from 'node:timers/promises'
import { ensureError } from '../errors.ts'
import { type Clock } from './clock.ts'

/** A clock that stands still until it is told to move: for tests, the topology driver and the simulator. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`. Callbacks that become due run in order of due time, then of scheduling, each with `now()` at its own
   * due time; those that they schedule within the span run too. Work in promises gets its turn after each callback, so what it
   * schedules is seen. Calls queue up: one advance at a time.
   */
  advance (ms: number): Promise<void>
  /** Due time of the earliest waiting callback, epoch ms; undefined = nothing waits. */
  readonly nextDueMs: number | undefined
  /** Number of waiting callbacks and sleeps. */
  readonly waiting: number
}

interface Entry { readonly dueMs: number, readonly order: number, readonly callback: () => void }

/** Creates a manual clock that shows `startMs`, epoch ms. */
export function createManualClock (startMs = 0): ManualClock {
  let nowMs = startMs
  let order = 0
  let running: Promise<void> = Promise.resolve()
  const entries = new Set<Entry>()

  function earliest (): Entry | undefined {
    let first: Entry | undefined
    for (const entry of entries) {
      if (first === undefined || entry.dueMs < first.dueMs || (entry.dueMs === first.dueMs && entry.order < first.order)) first = entry
    }
    return first
  }

  function schedule (ms: number, callback: () => void): () => void {
    const entry = { dueMs: nowMs + Math.max(0, ms), order: order++, callback }
    entries.add(entry)
    return () => { entries.delete(entry) }
  }

  async function run (ms: number): Promise<void> {
    const target = nowMs + ms
    await turn()
    for (let entry = earliest(); entry !== undefined && entry.dueMs <= target; entry = earliest()) {
      entries.delete(entry)
      nowMs = Math.max(nowMs, entry.dueMs)
      entry.callback()
      await turn()
    }
    nowMs = Math.max(nowMs, target)
  }

  return {
    now: () => nowMs,
    schedule,
    sleep: async (ms, signal) => await new Promise((resolve, reject) => {
      if (signal?.aborted === true) return reject(ensureError(signal.reason))
      const abort = (): void => {
        cancel()
        reject(ensureError(signal?.reason))
      }
      const cancel = schedule(ms, () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
      signal?.addEventListener('abort', abort, { once: true })
    }),
    advance: async ms => {
      const step = running.then(async () => { await run(ms) })
      running = step.catch(() => {})
      await step
    },
    get nextDueMs () { return earliest()?.dueMs },
    get waiting () { return entries.size }
  }
}
