/** Times rebalances as their tasks feel them: from an assignment that gives this process tasks until all of them run. */
export class RebalanceTimer {
  readonly #awaited = new Set<string>()
  #sinceMs = 0

  /** An assignment came. One that comes before the tasks of the one before run makes a longer rebalance, not a second one. */
  assigned (gained: readonly string[], lost: readonly string[], nowMs: number): void {
    if (this.#awaited.size === 0) this.#sinceMs = nowMs
    for (const task of gained) this.#awaited.add(task)
    for (const task of lost) this.#awaited.delete(task)
  }

  /** A task runs. Returns how long the rebalance took, ms, when it was the last one that was waited for. */
  runs (task: string, nowMs: number): number | undefined {
    return this.#awaited.delete(task) && this.#awaited.size === 0 ? nowMs - this.#sinceMs : undefined
  }
}
