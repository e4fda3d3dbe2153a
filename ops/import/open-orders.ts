import { type OrderEvent } from '../../topology/topics.ts'

const endings: ReadonlySet<OrderEvent['type']> = new Set(['OrderRejected', 'OrderCancelled', 'OrderFailed', 'OrderTimedOut'])

/** Orders of an import that are under way: sent, and neither confirmed nor ended. Nothing is kept of the others but how long they took. */
export class OpenOrders {
  /** When this process sent it, epoch ms; undefined = an earlier one did. */
  readonly #sentAtMs = new Map<string, number | undefined>()
  readonly #latencies: number[] = []
  #settled = 0

  add (orderId: string, sentAtMs: number | undefined): void {
    this.#sentAtMs.set(orderId, sentAtMs)
  }

  /** Takes an order event with its append time, epoch ms; events of other orders are passed over. */
  see (orderId: string, type: OrderEvent['type'], atMs: number): void {
    const isConfirmed = type === 'OrderConfirmed'
    if (!isConfirmed && !endings.has(type)) return
    const sentAtMs = this.#sentAtMs.get(orderId)
    if (!this.settle(orderId)) return
    if (isConfirmed && sentAtMs !== undefined) this.#latencies.push(atMs - sentAtMs)
  }

  /** The order is confirmed or has ended; false = it was not open. */
  settle (orderId: string): boolean {
    const wasOpen = this.#sentAtMs.delete(orderId)
    if (wasOpen) this.#settled++
    return wasOpen
  }

  get size (): number { return this.#sentAtMs.size }
  /** Orders that were open here and are no more. */
  get settled (): number { return this.#settled }
  get ids (): readonly string[] { return [...this.#sentAtMs.keys()] }
  /** Milliseconds from sending to confirmation, of the orders that this process sent. */
  get latencies (): readonly number[] { return this.#latencies }
}
