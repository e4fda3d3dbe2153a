import { type Clock } from '../time/clock.ts'

/** The longest wait at a time: timers of a process overflow after 24 days. */
const MAX_WAIT_MS = 3_600_000

/** One alarm that can be set again and again: rings once at the last time it was set to, or within the hour before. */
export class Alarm {
  readonly #clock: Clock
  readonly #ring: () => void
  #atMs = Infinity
  #cancel: (() => void) | undefined

  constructor (clock: Clock, ring: () => void) {
    this.#clock = clock
    this.#ring = ring
  }

  /** Epoch ms by the process clock; Infinity = not at all. */
  set (atMs: number): void {
    if (atMs === this.#atMs) return
    this.#cancel?.()
    this.#cancel = undefined
    this.#atMs = atMs
    if (atMs === Infinity) return
    const waitMs = Math.max(0, Math.ceil(atMs - this.#clock.now()))
    this.#cancel = this.#clock.schedule(Math.min(MAX_WAIT_MS, waitMs), () => {
      this.#atMs = Infinity
      this.#ring()
    })
  }
}
