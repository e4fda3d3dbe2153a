import { type Clock, ensureError } from '../../streams/index.ts'

interface Entry { readonly dueMs: number, readonly order: number, callback: (() => void) | undefined }

/**
 * Virtual time of a whole simulated world. It moves only when it is told to, and callbacks run one at a time: `fire` runs the earliest that
 * is due. The order of callbacks with one due time is that in which they were scheduled.
 */
export class SimClock implements Clock {
  #nowMs: number
  #order = 0
  /** A binary heap by due time and order. */
  readonly #heap: Entry[] = []

  constructor (startMs: number) {
    this.#nowMs = startMs
  }

  now (): number { return this.#nowMs }

  /** Due time of the earliest callback, epoch ms; Infinity = none. */
  get nextDueMs (): number {
    while (this.#heap[0] !== undefined && this.#heap[0].callback === undefined) this.#pop()
    return this.#heap[0]?.dueMs ?? Infinity
  }

  /** Time goes on to that moment, never back. Runs nothing. */
  moveTo (epochMs: number): void {
    if (epochMs > this.#nowMs) this.#nowMs = epochMs
  }

  /** Runs the earliest callback that is due; false = none is. */
  fire (): boolean {
    if (this.nextDueMs > this.#nowMs) return false
    this.#pop()?.callback?.()
    return true
  }

  schedule (ms: number, callback: () => void): () => void {
    const entry: Entry = { dueMs: this.#nowMs + Math.max(0, ms), order: this.#order++, callback }
    this.#push(entry)
    return () => { entry.callback = undefined }
  }

  async sleep (ms: number, signal?: AbortSignal): Promise<void> {
    await sleepOn(this, ms, signal)
  }

  #push (entry: Entry): void {
    const heap = this.#heap
    let at = heap.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!isBefore(entry, heap[parent] as Entry)) break
      heap[at] = heap[parent] as Entry
      at = parent
    }
    heap[at] = entry
  }

  #pop (): Entry | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || last === first) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Entry, heap[child] as Entry)) child++
      if (!isBefore(heap[child] as Entry, last)) break
      heap[at] = heap[child] as Entry
      at = child
    }
    heap[at] = last
    return first
  }
}

/** The clock of one simulated process: off by a constant, still while the process is paused, silent once it is gone. */
export class SimProcessClock implements Clock {
  readonly #clock: SimClock
  readonly #skewMs: number
  #state: 'running' | 'paused' | 'gone' = 'running'
  /** What became due during a pause. */
  readonly #missed: Array<() => void> = []

  constructor (clock: SimClock, skewMs: number) {
    this.#clock = clock
    this.#skewMs = skewMs
  }

  now (): number { return this.#clock.now() + this.#skewMs }

  schedule (ms: number, callback: () => void): () => void {
    let isCancelled = false
    const ring = (): void => {
      if (isCancelled || this.#state === 'gone') return
      if (this.#state === 'paused') this.#missed.push(ring)
      else callback()
    }
    const cancel = this.#clock.schedule(ms, ring)
    return () => {
      isCancelled = true
      cancel()
    }
  }

  async sleep (ms: number, signal?: AbortSignal): Promise<void> {
    await sleepOn(this, ms, signal)
  }

  pause (): void {
    if (this.#state === 'running') this.#state = 'paused'
  }

  /** What was missed is due at once, one after the other. */
  resume (): void {
    if (this.#state !== 'paused') return
    this.#state = 'running'
    for (const ring of this.#missed.splice(0)) this.#clock.schedule(0, ring)
  }

  stop (): void {
    this.#state = 'gone'
    this.#missed.length = 0
  }
}

function isBefore (a: Entry, b: Entry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order)
}

async function sleepOn (clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    if (signal?.aborted === true) return reject(ensureError(signal.reason))
    const abort = (): void => {
      cancel()
      reject(ensureError(signal?.reason))
    }
    const cancel = clock.schedule(ms, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}
