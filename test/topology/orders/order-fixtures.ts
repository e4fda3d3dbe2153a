import { type EventMeta, type PlaceOrder, type PlaceOrderLine, type ProductView } from '#schemas'
import { decideCommand, decideFact, decideTimer, type LaterCommand } from '../../../topology/orders/decide.ts'
import { type Decision } from '../../../topology/orders/draft.ts'
import { type Fact } from '../../../topology/orders/facts.ts'
import { type Order } from '../../../topology/orders/order.ts'
import { type PlacementEnvironment, decidePlaceOrder } from '../../../topology/orders/place-order.ts'
import { type Pieces, ofAttempt, orderId, reply, startMs } from './order-replies.ts'

export { ofAttempt, orderId, reply, startMs }

export const commandMeta = {
  commandId: 'c1', bodyHash: null, issuedAt: startMs, correlationId: 'correlation', principal: null, tenant: 'default'
} as const

export const eventMeta: EventMeta = {
  eventId: 'e1', occurredAt: startMs, correlationId: 'correlation', causationId: 'c1', aggregateVersion: 1, tenant: 'default'
}

/** SKU → inventory partition, in the name itself: `P0-…` lives in partition 0. */
export const partitionOf = (sku: string): number => Number(sku.charAt(1))

export function product (sku: string, change: Partial<ProductView> = {}): ProductView {
  const prices = [{ currency: 'GBP', amount: 100_000n }]
  const content = { name: sku, description: '', weightGrams: 500, volumeCm3: 0, categoryIds: [], attributes: [], images: [], featured: false }
  return { type: 'ProductView', sku, ...content, prices, stocked: true, version: 3, status: 'published', availability: 'inStock', updatedAt: 0, ...change }
}

/** Products of the catalog: stocked goods in three partitions, a charge, a free sample, one without a price in pounds. */
export const catalog = new Map([
  product('P0-mug'), product('P1-bag'), product('P2-cup'),
  product('P0-box', { prices: [{ currency: 'GBP', amount: 25_500n }, { currency: 'EUR', amount: 30_000n }] }),
  product('POST', { stocked: false, weightGrams: 9_000 }), product('P0-free', { prices: [{ currency: 'GBP', amount: 0n }] }),
  product('P0-euro', { prices: [{ currency: 'EUR', amount: 70_000n }] })
].map(entry => [entry.sku, entry]))

export function line (sku: string, change: Partial<PlaceOrderLine> = {}): PlaceOrderLine {
  return { lineNo: 1, sku, quantity: 2, quotedUnitPrice: null, ...change }
}

export function placeOrder (change: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    type: 'PlaceOrder',
    meta: commandMeta,
    orderId,
    placedAt: startMs - 1_000,
    channel: 'storefront',
    customerId: 'customer-1',
    guestEmail: null,
    currency: 'GBP',
    lines: [line('P0-mug')],
    shippingAddress: { keyId: 'key-1', ciphertext: Buffer.from('sealed') },
    deliverySpeed: 'standard',
    payment: { method: 'card', token: 'tok_ok' },
    onShortage: 'reject',
    onDecline: 'cancel',
    clientReference: null,
    country: null,
    ...change
  }
}

/** An order of one line in each of the first `count` inventory partitions. */
export function orderOverPartitions (count: number): PlaceOrder {
  const skus = ['P0-mug', 'P1-bag', 'P2-cup'].slice(0, count)
  return placeOrder({ lines: skus.map((sku, index) => line(sku, { lineNo: index + 1 })) })
}

export function environment (change: Partial<PlacementEnvironment> = {}): PlacementEnvironment {
  return { nowMs: startMs, commandId: 'c1', product: sku => catalog.get(sku), trusted: false, partitionOf, ...change }
}

const linesOf = (pieces: Pieces) => pieces.map(([lineNo, quantity]) => ({ lineNo, quantity }))

/** An order driven by its decisions: keeps everything that was decided, in order. */
export class OrderRun {
  order: Order | undefined
  nowMs = startMs
  last: Decision = { events: [], commands: [], announcements: [], returns: [], refusals: [], timer: { kind: 'keep' } }
  readonly events: Array<Decision['events'][number]> = []
  readonly commands: Array<Decision['commands'][number]> = []
  /** What risk answers at once when it is asked about an order that waits for it; undefined = nothing. */
  risk: Fact | undefined = reply.riskApproved()
  readonly returns: Array<Decision['returns'][number]> = []
  readonly refusals: Array<Decision['refusals'][number]> = []
  #commandNumber = 1

  place (command = placeOrder(), change: Partial<PlacementEnvironment> = {}): this {
    return this.#keep(decidePlaceOrder(this.order, command, environment({ nowMs: this.nowMs, ...change })))
  }

  tell (...facts: readonly Fact[]): this {
    for (const fact of facts) this.#keep(decideFact(this.order, fact, this.nowMs, this.nowMs, partitionOf))
    return this
  }

  command (command: LaterCommand, commandId = `later-${this.#commandNumber++}`): this {
    const env = { nowMs: this.nowMs, commandId, hash: JSON.stringify(command), product: (sku: string) => catalog.get(sku), partitionOf }
    return this.#keep(decideCommand(this.order, command, env))
  }

  amend (lines: ReadonlyArray<readonly [lineNo: number, quantity: number]>, commandId?: string): this {
    return this.command({ type: 'AmendOrder', orderId, lines: lines.map(([lineNo, quantity]) => ({ lineNo, quantity })) }, commandId)
  }

  /** Pays again, with the token given or as before. */
  payAgain (token?: string, commandId?: string): this {
    return this.command({ type: 'RetryPayment', orderId, payment: token === undefined ? null : { method: 'card', token } }, commandId)
  }

  cancel (commandId?: string): this {
    return this.command({ type: 'CancelOrder', orderId, reason: 'changed my mind' }, commandId)
  }

  /** A person decides on the order under review. */
  review (approved: boolean, commandId?: string): this {
    return this.command({ type: 'ReviewDecision', orderId, approved, reason: 'looked at it' }, commandId)
  }

  /** Hands pieces to the carrier; none named = the rest. */
  ship (pieces: Pieces = [], commandId?: string): this {
    return this.command({ type: 'ShipOrder', orderId, lines: linesOf(pieces) }, commandId)
  }

  /** The customer wants to give pieces back. The return is `this.view.returns.at(-1)`. */
  askReturn (pieces: Pieces, commandId?: string): this {
    return this.command({ type: 'RequestReturn', orderId, lines: linesOf(pieces), reason: 'does not fit' }, commandId)
  }

  /** Approves the newest return, or declines it. */
  answerReturn (approved = true, returnId = this.returnId): this {
    return this.command({ type: 'ApproveReturn', orderId, returnId, approved, reason: approved ? 'send it back' : 'worn' })
  }

  /** What came back of the newest return; none named = all of it. */
  receive (pieces: Pieces = [], returnId = this.returnId): this {
    return this.command({ type: 'ReceiveReturn', orderId, returnId, lines: linesOf(pieces) })
  }

  get returnId (): string { return this.view.returns.at(-1)?.returnId ?? 'none' }

  /** Lets the timer that is set fire `lateMs` after it is due. */
  fire (lateMs = 0): this {
    const dueMs = this.saga.timerDueMs
    if (dueMs === null) throw new Error('no timer is set')
    this.nowMs = dueMs + lateMs
    return this.#keep(decideTimer(this.order, dueMs, this.nowMs, -Infinity, partitionOf))
  }

  get saga () { return this.#known().saga }
  get view () { return this.#known().view }
  get state () { return this.view.state }
  /** Types of the commands of the last decision. */
  get asked () { return this.last.commands.map(command => command.type) }
  /** Types of all events so far. */
  get story () { return this.events.map(event => event.type) }

  #known (): Order {
    if (this.order === undefined) throw new Error('there is no order')
    return this.order
  }

  #keep (decision: Decision): this {
    this.last = decision
    this.order = decision.order ?? this.order
    this.events.push(...decision.events)
    this.commands.push(...decision.commands)
    this.returns.push(...decision.returns)
    this.refusals.push(...decision.refusals)
    const isAsked = this.order?.saga.phase === 'assessing' && decision.commands.some(({ type }) => type === 'AssessOrder')
    return isAsked && this.risk !== undefined ? this.tell(this.risk) : this
  }
}

/** An order over so many partitions of which partition 0 is short, as its policy then leaves it; everything else was reserved. */
export function shortOrder (onShortage: 'amend' | 'backorder', partitions = 2): OrderRun {
  const others = Array.from({ length: partitions - 1 }, (_, index) => reply.reserved(index + 1))
  return new OrderRun().place({ ...orderOverPartitions(partitions), onShortage }).tell(...others, reply.short(0))
}

const reachedPhases = ['reserving', 'authorising', 'confirming', 'capturing', 'fulfilling', 'delivered'] as const

/** A confirmed order over so many partitions, whose first parcel, with everything in it, is made. */
export function confirmedOrder (partitions = 1): OrderRun {
  return orderIn('fulfilling', partitions).tell(reply.shipped(Array.from({ length: partitions }, (_, index) => [index + 1, 2])))
}

/** An order that waits in that phase, placed with one line in each of the first `partitions` partitions. */
export function orderIn (phase: (typeof reachedPhases)[number], partitions = 1): OrderRun {
  const run = new OrderRun().place(orderOverPartitions(partitions))
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  const total = 200_000n * BigInt(partitions)
  const pieces = all.map(partition => [partition + 1, 2] as const)
  const steps = [
    () => run.tell(...all.map(reply.reserved)),
    () => run.tell(reply.authorised(total)),
    () => run.tell(...all.map(reply.confirmed)),
    () => run.tell(reply.captured(total)),
    () => run.tell(reply.shipped(pieces), reply.pickedUp(pieces), reply.delivered(pieces))
  ]
  const count = reachedPhases.indexOf(phase)
  for (const step of steps.slice(0, count)) step()
  return run
}
