/**
 * Lets one loop sleep until something happens. A wake before the wait is not lost; many wakes are one.
 */
export class Wakeup {
  #resolve: (() => void) | undefined
  #woken = false

  /** Ends the present wait, or the next one at once. Cheap: may be called per answer of the client. */
  readonly wake = (): void => {
    const resolve = this.#resolve
    if (resolve === undefined) {
      this.#woken = true
      return
    }
    this.#resolve = undefined
    resolve()
  }

  /** Resolves at the next wake. One waiter at a time. */
  wait (): Promise<void> {
    if (this.#woken) {
      this.#woken = false
      return Promise.resolve()
    }
    return new Promise(resolve => { this.#resolve = resolve })
  }
}
