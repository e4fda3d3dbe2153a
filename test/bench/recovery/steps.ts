/**
 * Where a worker is on its way. loaded: its code runs; connected: the broker answered; assigned: the group gave it tasks; and for each
 * task: lost (what it had is void), acquired, committed (for the first time since).
 */
export type Step = 'loaded' | 'connected' | 'assigned' | 'lost' | 'acquired' | 'committed'

export interface StepEvent {
  readonly step: Step
  /** Epoch ms, with a fraction. */
  readonly atMs: number
  readonly partition: number | undefined
  /** Records that the Acquire replayed. */
  readonly records: number | undefined
}

export function nowMs (): number {
  return performance.timeOrigin + performance.now()
}

/** The steps of one recovery, and when everything is there again. */
export class Recovery {
  readonly #partitions: number
  readonly #events: StepEvent[] = []
  readonly #whole = Promise.withResolvers<void>()

  constructor (partitions: number) {
    this.#partitions = partitions
  }

  add (event: StepEvent): void {
    this.#events.push(event)
    if (new Set(this.#events.filter(({ step }) => step === 'committed').map(({ partition }) => partition)).size === this.#partitions) this.#whole.resolve()
  }

  /** Resolves when every task has committed. */
  get whole (): Promise<void> {
    return this.#whole.promise
  }

  /** When the first, or the last, task came to a step. */
  first (step: Step): number {
    return this.#times(step)[0] ?? NaN
  }

  last (step: Step): number {
    return this.#times(step).at(-1) ?? NaN
  }

  /** Records that were replayed, over all tasks. */
  get replayedRecords (): number {
    return this.#events.reduce((sum, { records }) => sum + (records ?? 0), 0)
  }

  #times (step: Step): number[] {
    return this.#events.filter(event => event.step === step).map(({ atMs }) => atMs)
  }
}
