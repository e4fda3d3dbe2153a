import { type Clock } from '../time/clock.ts'

/** A clock as one process has it: `stop` is the end of that process. */
export interface ProcessClock extends Clock {
  stop (): void
}

/** Wraps a clock so that nothing that was scheduled happens once the process is gone; sleeps never end then. */
export function createProcessClock (clock: Clock): ProcessClock {
  const stopped = new AbortController()
  const cancels = new Set<() => void>()

  function schedule (ms: number, callback: () => void): () => void {
    if (stopped.signal.aborted) return () => {}
    const cancel = clock.schedule(ms, () => {
      cancels.delete(cancel)
      callback()
    })
    cancels.add(cancel)
    return () => {
      cancels.delete(cancel)
      cancel()
    }
  }

  return {
    now: () => clock.now(),
    schedule,
    sleep: async (ms, signal) => {
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => {
          cancel()
          reject(signal?.reason)
        }
        const cancel = schedule(ms, () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        })
        if (signal?.aborted === true) abort()
        else signal?.addEventListener('abort', abort, { once: true })
      })
    },
    stop: () => {
      stopped.abort()
      for (const cancel of cancels) cancel()
      cancels.clear()
    }
  }
}
