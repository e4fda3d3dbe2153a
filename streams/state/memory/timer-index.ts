interface DueTimer { readonly key: string, readonly dueMs: number }

/** Timers by due time, then by key bytes: the order of a Redis sorted set. */
export class TimerIndex {
  #sorted: DueTimer[] = []
  #dueByKey = new Map<string, number>()

  /** Sets, moves or (null) removes the timer of a key. */
  set (key: string, dueMs: number | null): void {
    const before = this.#dueByKey.get(key)
    if (before === dueMs) return
    if (before !== undefined) this.#sorted.splice(this.#find({ key, dueMs: before }), 1)
    if (dueMs === null) this.#dueByKey.delete(key)
    else {
      this.#dueByKey.set(key, dueMs)
      this.#sorted.splice(this.#find({ key, dueMs }), 0, { key, dueMs })
    }
  }

  /** Timers due at or before `dueMs`, at most `limit`, and the due time of the first one not among them. */
  due (dueMs: number, limit: number): { readonly timers: readonly DueTimer[], readonly nextDueMs: number | null } {
    let count = 0
    while (count < limit && count < this.#sorted.length && (this.#sorted[count] as DueTimer).dueMs <= dueMs) count++
    return { timers: this.#sorted.slice(0, count), nextDueMs: this.#sorted[count]?.dueMs ?? null }
  }

  copy (): TimerIndex {
    const copy = new TimerIndex()
    copy.#sorted = [...this.#sorted]
    copy.#dueByKey = new Map(this.#dueByKey)
    return copy
  }

  /** Index of the timer, or where it belongs. */
  #find (timer: DueTimer): number {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(this.#sorted[middle] as DueTimer, timer) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}

function compare (a: DueTimer, b: DueTimer): number {
  return a.dueMs === b.dueMs ? Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) : a.dueMs - b.dueMs
}
