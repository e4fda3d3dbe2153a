import { type EventMeta, type PlaceOrder, type PlaceOrderLine, type ProductView } from '#schemas'
import { decideCommand, decideFact, decideTimer, type LaterCommand } from '../../../topology/orders/decide.ts'
import { type Decision } from '../../../topology/orders/draft.ts'
import { type Fact } from '../../../topology/orders/facts.ts'
import { type Order } from '../../../topology/orders/order.ts'
import { type PlacementEnvironment, decidePlaceOrder } from '../../../topology/orders/place-order.ts'

export const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
export const startMs = Date.UTC(2026, 0, 5, 12)

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
  return { type: 'ProductView', sku, name: sku, prices, stocked: true, weightGrams: 500, volumeCm3: 0, version: 3, ...change }
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

type Pieces = ReadonlyArray<readonly [lineNo: number, quantity: number]>
const linesOf = (pieces: Pieces) => pieces.map(([lineNo, quantity]) => ({ lineNo, quantity }))

/** An order driven by its decisions: keeps everything that was decided, in order. */
export class OrderRun {
  order: Order | undefined
  nowMs = startMs
  last: Decision = { events: [], commands: [], announcements: [], returns: [], refusals: [], timer: { kind: 'keep' } }
  readonly events: Array<Decision['events'][number]> = []
  readonly commands: Array<Decision['commands'][number]> = []
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
    return this
  }
}

const head = { orderId, attempt: 1 } as const
const money = { paymentId: 'pay-1', amount: 200_000n, currency: 'GBP' } as const

/** Answers of the other processors, for the order of the fixtures; `total` of one line is 20.0000. */
export const reply = {
  reserved: (partition = 0): Fact => ({ type: 'LinesReserved', ...head, partition }),
  short: (partition = 0): Fact => ({
    type: 'LinesRejected', ...head, partition, code: 'short-stock', shortages: [{ sku: 'P0-mug', requested: 2, available: 1 }]
  }),
  refused: (partition = 0): Fact => ({ type: 'LinesRejected', ...head, partition, code: 'fenced', shortages: [] }),
  confirmed: (partition = 0): Fact => ({ type: 'LinesConfirmed', ...head, partition }),
  notConfirmed: (partition = 0): Fact => ({ type: 'LinesConfirmRejected', ...head, partition, code: 'expired' }),
  released: (partition = 0): Fact => ({ type: 'LinesReleased', ...head, partition }),
  unconfirmed: (partition = 0): Fact => ({ type: 'LinesUnconfirmed', ...head, partition }),
  expired: (partition = 0): Fact => ({ type: 'LinesExpired', ...head, partition }),
  authorised: (amount: bigint = money.amount): Fact => ({ type: 'PaymentAuthorized', ...head, ...money, amount, providerReference: 'ref' }),
  captured: (amount: bigint = money.amount): Fact => ({ type: 'PaymentSucceeded', ...head, ...money, amount }),
  paymentFailed: (step: 'authorise' | 'capture' = 'authorise', kind: 'declined' | 'technical' | 'fenced' = 'declined'): Fact => ({
    type: 'PaymentFailed', ...head, paymentId: 'pay-1', step, kind, code: kind, message: `payment ${kind}`
  }),
  deferred: (step: 'authorise' | 'capture' = 'authorise'): Fact => ({ type: 'PaymentDeferred', ...head, step, message: 'the breaker is open' }),
  voided: (nothingToVoid = false, amount: bigint = money.amount): Fact => ({
    type: 'PaymentVoided', ...head, ...money, amount: nothingToVoid ? 0n : amount, nothingToVoid
  }),
  refunded: (amount: bigint = money.amount, totalRefunded = amount): Fact => ({
    type: 'PaymentRefunded', orderId, paymentId: 'pay-1', effectId: 'refund', amount, totalRefunded, currency: 'GBP'
  }),
  partlyRefunded: (amount: bigint, totalRefunded = amount): Fact => ({
    type: 'PaymentPartiallyRefunded', orderId, paymentId: 'pay-1', effectId: 'support', amount, totalRefunded, currency: 'GBP'
  }),
  refundFailed: (): Fact => ({ type: 'RefundFailed', orderId, paymentId: 'pay-1', effectId: 'refund', message: 'no answer', tries: 1 }),
  partRefunded: (effectId: string, amount: bigint, totalRefunded = amount): Fact => ({
    type: 'PaymentPartiallyRefunded', orderId, paymentId: 'pay-1', effectId, amount, totalRefunded, currency: 'GBP'
  }),
  shipped: (pieces: Pieces = [[1, 2]], shipmentNo = 1): Fact => ({
    type: 'ShipmentCreated',
    orderId,
    ...parcel(shipmentNo),
    carrier: 'USPS',
    service: 'Standard',
    trackingNumber: `US${shipmentNo}`,
    cost: 49_900n,
    currency: 'GBP',
    lines: parcelLines(pieces),
    promisedBy: null
  }),
  pickedUp: (pieces: Pieces = [[1, 2]], shipmentNo = 1): Fact => ({ type: 'ShipmentPickedUp', orderId, ...parcel(shipmentNo), lines: parcelLines(pieces), at: startMs }),
  inTransit: (shipmentNo = 1): Fact => ({ type: 'ShipmentInTransit', orderId, ...parcel(shipmentNo), at: startMs }),
  outForDelivery: (shipmentNo = 1): Fact => ({ type: 'ShipmentOutForDelivery', orderId, ...parcel(shipmentNo), at: startMs }),
  notDelivered: (attempt = 1, final = false, shipmentNo = 1): Fact => ({
    type: 'ShipmentDeliveryFailed', orderId, ...parcel(shipmentNo), attempt, reason: 'nobody at home', final, at: startMs
  }),
  delivered: (pieces: Pieces = [[1, 2]], shipmentNo = 1, at = startMs): Fact => ({
    type: 'ShipmentDelivered', orderId, ...parcel(shipmentNo), lines: parcelLines(pieces), at
  }),
  cameBack: (pieces: Pieces = [[1, 2]], shipmentNo = 1): Fact => ({
    type: 'ShipmentReturned', orderId, ...parcel(shipmentNo), lines: parcelLines(pieces), reason: 'nobody took it', at: startMs
  }),
  tracked: (location: string | null = 'Leeds', shipmentNo = 1): Fact => ({
    type: 'ShipmentTrackingUpdated', orderId, ...parcel(shipmentNo), stage: 'inTransit', location, note: null, at: startMs
  }),
  delayed: (shipmentNo = 1): Fact => ({ type: 'ShipmentDelayed', orderId, ...parcel(shipmentNo), promisedBy: startMs }),
  notShipped: (shipmentNo = 2): Fact => ({ type: 'ShipmentRefused', orderId, ...parcel(shipmentNo), reason: 'the pieces have left' }),
  /** Everything was stopped; or these pieces, when something had left. */
  shipmentCancelled: (pieces?: Pieces): Fact => ({
    type: 'ShipmentCancelled',
    orderId,
    ...parcel(1),
    reason: 'cancelled',
    nothingToCancel: false,
    lines: parcelLines(pieces ?? [[1, 2]]),
    shipped: pieces !== undefined
  })
}

function parcel (shipmentNo: number) {
  return { shipmentNo, shipmentId: `ship-${shipmentNo}` }
}

function parcelLines (pieces: Pieces) {
  return pieces.map(([lineNo, quantity]) => ({ lineNo, sku: ['P0-mug', 'P1-bag', 'P2-cup'][lineNo - 1] as string, quantity }))
}

/** The same answer, about another attempt. */
export function ofAttempt (attempt: number, fact: Fact): Fact {
  return { ...fact, attempt } as Fact
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
