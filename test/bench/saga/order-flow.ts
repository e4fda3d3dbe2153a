import { ensureError, systemClock } from '#streams'
import { percentiles, type Percentiles } from '../hop/figures.ts'

/** How fast a number of orders came to their end. */
export interface Burst {
  /** From the first that was sent to the end of the last. */
  readonly ordersPerSecond: number
}

/** Nothing has ended for so long: something is wrong. */
const STALL_MS = 60_000
const SEND_ORDERS = 500

/** Sends numbered orders, 0, 1, 2 …, all as soon as may be or at a steady rate, and is told when each has come to its end: exactly once. */
export class OrderFlow {
  readonly #send: (orders: readonly number[]) => Promise<unknown>
  /** When each order was sent, or due to be. */
  readonly #dueMs: number[] = []
  readonly #endedMs: number[] = []
  #ended = 0
  #failure: Error | undefined
  #wake: (() => void) | undefined

  constructor (send: (orders: readonly number[]) => Promise<unknown>) {
    this.#send = send
  }

  /** Orders sent so far; the next one has this number. */
  get sent (): number { return this.#dueMs.length }

  /** Order number `index` has come to its end. Call `looked` after some of them. */
  ended (index: number): void {
    if (this.#dueMs[index] === undefined) this.fail(new Error(`order ${index} ended and was never sent`))
    if (this.#endedMs[index] !== undefined) this.fail(new Error(`order ${index} ended twice`))
    this.#endedMs[index] = performance.now()
    this.#ended++
  }

  looked (): void {
    this.#wake?.()
  }

  fail (error: Error): void {
    this.#failure ??= error
    this.#wake?.()
  }

  /** So many orders, with at most `inFlight` of them open at a time. Resolves when all have ended. */
  async burst (count: number, inFlight: number): Promise<Burst> {
    const [from, startedMs] = [this.sent, performance.now()]
    while (this.#ended < from + count) {
      while (this.sent < from + count && this.sent - this.#ended < inFlight) {
        this.#place(Math.min(SEND_ORDERS, from + count - this.sent, inFlight - (this.sent - this.#ended)), performance.now())
      }
      await this.#moved()
    }
    return { ordersPerSecond: Math.round(count / (performance.now() - startedMs) * 1000) }
  }

  /** So many orders a second: ms from the moment an order was due to be sent, so a late sender hides nothing, to its end. */
  async paced (rate: number, seconds: number): Promise<Percentiles> {
    const [from, startedMs, count] = [this.sent, performance.now(), Math.round(rate * seconds)]
    while (this.sent < from + count) {
      const due = Math.min(count, Math.floor((performance.now() - startedMs) * rate / 1000) + 1)
      while (this.sent < from + due) this.#place(1, startedMs + (this.sent - from) / rate * 1000)
      await systemClock.sleep(1)
    }
    while (this.#ended < this.sent) await this.#moved()
    return percentiles(this.#endedMs.slice(from).map((endedMs, index) => endedMs - (this.#dueMs[from + index] ?? 0)))
  }

  #place (count: number, dueMs: number): void {
    const indices = Array.from({ length: count }, (_, step) => this.sent + step)
    for (let n = 0; n < count; n++) this.#dueMs.push(dueMs)
    this.#send(indices).catch((error: unknown) => { this.fail(ensureError(error)) })
  }

  async #moved (): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const stall = systemClock.schedule(STALL_MS, () => { this.fail(new Error(`${this.sent - this.#ended} orders are open, and none has ended for ${STALL_MS} ms`)) })
    this.#wake = resolve
    if (this.#failure === undefined) await promise
    stall()
    if (this.#failure !== undefined) throw this.#failure
  }
}
