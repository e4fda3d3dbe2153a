import { type Clock } from '../streams/time/clock.ts'
import { ApiError } from './errors.ts'

export interface AdmissionOptions {
  readonly clock: Pick<Clock, 'now'>
  /** In this time what is taken in should lie in the log, ms. @default 1000 */
  readonly targetMs?: number
  /** At a time in the beginning, before anything is known. @default 256 */
  readonly first?: number
  /** At a time, however slow everything is: where the process itself starves, fewer make nobody faster. @default 64 */
  readonly least?: number
  /** At a time, however fast. @default 4096 */
  readonly most?: number
}

/** How many commands are taken in at a time. */
export interface Admission {
  /** True when one more would be turned away. */
  readonly isFull: boolean
  /**
   * Takes one in; the function that comes back says that it lies in the log, or never will.
   *
   * @throws {ApiError} API_OVERLOADED when there are as many as may be: waiting behind them would take longer than anybody waits.
   */
  enter (): () => void
}

/** What is left of a limit that proved too high. */
const cut = 0.75

/**
 * Lets in as many commands at a time as get into the log within `targetMs`, and turns away the others at once: at overload everybody is answered
 * soon. What that number is depends on the machine and changes: it grows by one whenever a whole limit of commands was in time while it was used,
 * and is cut to three quarters by one that was late; of those that were let in before a cut none cuts again.
 *
 * @source Additive increase, multiplicative decrease, as congestion control of TCP.
 */
export function createAdmission ({ clock, targetMs = 1000, first = 256, least = 64, most = 4096 }: AdmissionOptions): Admission {
  let limit = first
  let running = 0
  let cutAtMs = -Infinity

  function learn (beganMs: number, atOnce: number): void {
    const nowMs = clock.now()
    if (nowMs - beganMs <= targetMs) {
      // Of a limit that nobody comes near nothing is learnt.
      if (atOnce * 2 >= limit) limit = Math.min(most, limit + 1 / limit)
    } else if (beganMs >= cutAtMs) {
      limit = Math.max(least, limit * cut)
      cutAtMs = nowMs
    }
  }

  return {
    get isFull () { return running >= Math.floor(limit) },
    enter: () => {
      if (running >= Math.floor(limit)) throw new ApiError('API_OVERLOADED')
      const beganMs = clock.now()
      let isIn = true
      running++
      return () => {
        if (!isIn) return
        isIn = false
        learn(beganMs, running)
        running--
      }
    }
  }
}
