import { type Fact } from '../../../topology/orders/facts.ts'
import { decideFact, decideTimer } from '../../../topology/orders/decide.ts'
import { type Decision, type SagaCommand } from '../../../topology/orders/draft.ts'
import { type Order } from '../../../topology/orders/order.ts'
import { decidePlaceOrder } from '../../../topology/orders/place-order.ts'
import { type PlaceOrder } from '#schemas'
import { environment, partitionOf, startMs } from './order-fixtures.ts'
import { queueOf } from './saga-world.ts'
import { type StockWorld } from './stock-world.ts'

interface Shopper { order: Order, readonly outcomes: string[] }

/**
 * Many orders on one stock, by the real decisions of orders and inventory, everybody paying well. What happens next is drawn: commands and
 * answers of different orders, and of different topics, overtake each other.
 */
export class ShopWorld {
  readonly shoppers = new Map<string, Shopper>()
  readonly #stock: StockWorld
  readonly #waiting = new Map<string, Array<() => void>>()
  /** Names of the queues in which something waits. */
  readonly #ready: string[] = []
  /** Events in the order in which they happened, as order and type. */
  readonly story: Array<readonly [orderId: string, type: string]> = []

  constructor (stock: StockWorld) {
    this.#stock = stock
  }

  place (command: PlaceOrder): void {
    const decision = decidePlaceOrder(undefined, command, environment({ commandId: `place-${command.orderId}` }))
    this.#keep(command.orderId, decision)
  }

  restock (sku: string, quantity: number): void {
    this.#answer(this.#stock.restock(sku, quantity))
  }

  /** Lets everything happen in the order that `choose` draws, until nothing moves. */
  drain (choose: (count: number) => number): void {
    while (this.#ready.length > 0) {
      const at = choose(this.#ready.length)
      const name = this.#ready[at] as string
      const queue = this.#waiting.get(name) ?? []
      const next = queue.shift()
      if (queue.length === 0) {
        this.#waiting.delete(name)
        const last = this.#ready.pop() as string
        if (last !== name) this.#ready[at] = last
      }
      next?.()
    }
  }

  /** The timer of every order that has one fires when it is due; false when none has. */
  fireTimers (): boolean {
    let fired = false
    for (const [orderId, { order }] of this.shoppers) {
      const dueMs = order.saga.timerDueMs
      if (dueMs === null) continue
      fired = true
      this.#keep(orderId, decideTimer(order, dueMs, dueMs, -Infinity, partitionOf))
    }
    return fired
  }

  #keep (orderId: string, { order, commands, events }: Decision): void {
    if (order === undefined) return
    const shopper = this.shoppers.get(orderId) ?? { order, outcomes: [] }
    shopper.order = order
    this.shoppers.set(orderId, shopper)
    this.story.push(...events.map(({ type }) => [orderId, type] as const))
    shopper.outcomes.push(...events.map(({ type }) => type).filter(type => type === 'OrderConfirmed' || type === 'OrderCancelled' || type === 'OrderTimedOut'))
    for (const command of commands) this.#later(`${orderId} ${queueOf(command)}`, () => { this.#answer(this.#work(command)) })
  }

  #answer (facts: readonly Fact[]): void {
    for (const fact of facts) {
      this.#later(`${fact.orderId} answers ${'partition' in fact ? fact.partition : fact.type.slice(0, 4)}`, () => {
        const { order } = this.shoppers.get(fact.orderId) as Shopper
        this.#keep(fact.orderId, decideFact(order, fact, startMs, startMs, partitionOf))
      })
    }
  }

  #later (queue: string, what: () => void): void {
    const waiting = this.#waiting.get(queue)
    if (waiting !== undefined) {
      waiting.push(what)
      return
    }
    this.#waiting.set(queue, [what])
    this.#ready.push(queue)
  }

  #work (command: SagaCommand): readonly Fact[] {
    if (command.type === 'Restock') return this.#stock.restock(command.sku, command.quantity)
    const { orderId } = command
    const currency = 'GBP'
    switch (command.type) {
      case 'AuthorizePayment': return [{ type: 'PaymentAuthorized', orderId, attempt: command.attempt, paymentId: 'p', amount: command.amount, currency, providerReference: 'r' }]
      case 'CapturePayment': return [{ type: 'PaymentSucceeded', orderId, attempt: command.attempt, paymentId: 'p', amount: command.amount, currency }]
      case 'VoidPayment': return [{ type: 'PaymentVoided', orderId, attempt: command.attempt, paymentId: 'p', amount: 0n, currency, nothingToVoid: true }]
      case 'CreateShipment':
        return [{ type: 'ShipmentCreated', orderId, shipmentId: orderId, carrier: 'USPS', service: 'Standard', trackingNumber: 'T', cost: 0n, currency, shipmentNo: 1, lines: [], promisedBy: null }]
      default: return this.#stock.ask(command)
    }
  }
}
