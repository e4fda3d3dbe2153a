import { type Clock } from '#streams'

/** A server that says whether it would turn requests away now. */
export interface Pressed { isUnderPressure (): boolean }

/** Longest wait, ms: an API that is busy beyond it is busy with something else than its own beginning. */
const longestMs = 5_000
const pauseMs = 50

/**
 * Waits until a server that was just made would take requests. Making it keeps a small machine from everything else for longer than a request may
 * wait, which the measure of its load sees until it is taken anew: the first requests would be shed.
 */
export async function untilAtEase (server: Pressed, clock: Pick<Clock, 'now' | 'sleep'>): Promise<void> {
  const deadline = clock.now() + longestMs
  while (server.isUnderPressure() && clock.now() < deadline) await clock.sleep(pauseMs)
}
