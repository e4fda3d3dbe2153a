import { type Slot } from './slots.ts'

/**
 * The turn of one task among the cycles of its process, of which only so many run at a time. A task that waits for its turn has not
 * taken its input yet: what comes meanwhile goes into the same transaction.
 */
export class Turn {
  readonly #slot: Slot
  readonly #signal: AbortSignal
  #leave: (() => void) | undefined

  /** `signal` ends every wait, without a turn. */
  constructor (slot: Slot, signal: AbortSignal) {
    this.#slot = slot
    this.#signal = signal
  }

  /** Resolves when it is this task's turn, or when it is to wait no longer. */
  async take (): Promise<void> {
    if (this.#leave !== undefined || this.#signal.aborted) return
    try {
      this.#leave = await this.#slot(this.#signal)
    } catch (error) {
      if (!this.#signal.aborted) throw error
    }
  }

  /** The turn is over. May be called without having it. */
  give (): void {
    this.#leave?.()
    this.#leave = undefined
  }

  /** Waits for something else than broker or state in the middle of a turn: others have theirs meanwhile. */
  async lend (wait: () => Promise<void>): Promise<void> {
    this.give()
    await wait()
    await this.take()
  }
}
