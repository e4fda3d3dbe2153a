import { type Clock } from '../streams/time/clock.ts'

export interface PaceOptions {
  readonly clock: Clock
  /** Steady rate of one user; Infinity = no limit. */
  readonly perS: number
  /** How many may come at once after a rest. */
  readonly burst: number
}

/** Makes users wait whose work comes faster than they may send it. */
export interface Pace {
  /** Resolves when one more may go. Whatever a user does at the same time shares the rate. Rejects with the signal's reason. */
  wait (user: string, signal: AbortSignal): Promise<void>
}

/** @source The generic cell rate algorithm (ITU-T I.371): one instant per user says all. */
export function createPace ({ clock, perS, burst }: PaceOptions): Pace {
  const stepMs = 1000 / perS
  /** When the work that each user was let through would have been done at the steady rate, epoch ms. */
  const doneMs = new Map<string, number>()
  return {
    wait: async (user, signal) => {
      const nowMs = clock.now()
      const known = doneMs.get(user)
      if (known === undefined) forgetRested(doneMs, nowMs)
      const nextMs = Math.max(known ?? nowMs, nowMs) + stepMs
      doneMs.set(user, nextMs)
      const waitMs = nextMs - nowMs - burst * stepMs
      if (waitMs > 0) await clock.sleep(waitMs, signal)
    }
  }
}

/** Who has rested long enough is as good as new. */
function forgetRested (doneMs: Map<string, number>, nowMs: number): void {
  for (const [user, atMs] of doneMs) if (atMs <= nowMs) doneMs.delete(user)
}
