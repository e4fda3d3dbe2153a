import { type Clock } from '#streams'

/** As fast as possible, or simulated time divided by this. */
export type Speed = 'max' | number

/** Waits until what happened at a simulated time is due: as long after the first one as it happened after it, divided by the speed. */
export function createPace (clock: Clock, speed: Speed, signal: AbortSignal): (atMs: number) => Promise<void> {
  let origin: { readonly simulatedMs: number, readonly realMs: number } | undefined
  return async atMs => {
    if (speed === 'max') return
    origin ??= { simulatedMs: atMs, realMs: clock.now() }
    const wait = origin.realMs + (atMs - origin.simulatedMs) / speed - clock.now()
    if (wait > 0) await clock.sleep(wait, signal)
  }
}
