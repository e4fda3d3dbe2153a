import { type CancelShipment, type ConfirmDelivery, type CreateShipment, type RecordDeliveryAttempt, type RecordTracking, type ShipmentParcel, type ShipmentState } from '#schemas'
import { type Body } from '../../../topology/commands/body.ts'
import { type Rejection } from '../../../topology/commands/processed-command.ts'
import { type Carrier, carriersByName } from '../../../topology/shipping/carrier.ts'
import { nextDueMs } from '../../../topology/shipping/deadlines.ts'
import { type EmbeddedCarrierOptions, embeddedCarrier } from '../../../topology/shipping/embedded-carrier.ts'
import { type ShipmentCommand, decideShipment } from '../../../topology/shipping/shipment.ts'
import { type ShipmentDecision, type ShipmentEventBody } from '../../../topology/shipping/shipment-draft.ts'
import { shipmentIdOf } from '../../../topology/shipping/tracking-number.ts'
import { wakeShipments } from '../../../topology/shipping/wake-shipments.ts'

export const orderId = '0b8e3c1a-5d0e-4c0e-9c54-0a6f0f7f8a01'
export const startMs = 1_700_000_000_000
/** A carrier day of these tests, ms. */
export const dayMs = 1_000

export const lines = [{ lineNo: 1, sku: 'A', quantity: 3 }, { lineNo: 2, sku: 'B', quantity: 1 }] as const

/** The first shipment of the order, all its lines; spread over it to change it. */
export function createShipment (change: Partial<CreateShipment> = {}): Body<CreateShipment> {
  return {
    type: 'CreateShipment',
    orderId,
    customerId: null,
    shippingAddress: { keyId: 'key', ciphertext: Buffer.from('sealed') },
    deliverySpeed: 'standard',
    orderTotal: 2_000_000n,
    currency: 'GBP',
    weightGrams: 2_500,
    volumeCm3: 0,
    shipmentNo: 1,
    handedOver: false,
    lines,
    ...change
  }
}

/** A part of the order that the warehouse hands over. */
export function handOver (shipmentNo: number, ...pieces: ReadonlyArray<readonly [lineNo: number, quantity: number]>): Body<CreateShipment> {
  return createShipment({ shipmentNo, handedOver: true, lines: pieces.map(([lineNo, quantity]) => ({ lineNo, sku: lineNo === 1 ? 'A' : 'B', quantity })) })
}

export const cancelShipment: Body<CancelShipment> = { type: 'CancelShipment', orderId, reason: 'changed my mind' }

export function tracking (stage: RecordTracking['stage'], at: number, change: Partial<RecordTracking> = {}): Body<RecordTracking> {
  return { type: 'RecordTracking', orderId, shipmentId: idOf(1), stage, location: null, note: null, at: startMs + at, ...change }
}

export function attempt (at: number, reason = 'nobody at home', shipmentNo = 1): Body<RecordDeliveryAttempt> {
  return { type: 'RecordDeliveryAttempt', orderId, shipmentId: idOf(shipmentNo), reason, at: startMs + at }
}

export function delivery (at: number, shipmentNo = 1): Body<ConfirmDelivery> {
  return { type: 'ConfirmDelivery', orderId, shipmentId: idOf(shipmentNo), receivedBy: null, at: startMs + at }
}

export function idOf (shipmentNo: number): string {
  return shipmentIdOf({ orderId, shipmentNo })
}

/** Embedded carriers under the names of the offers. */
export function embedded (change: Partial<EmbeddedCarrierOptions> = {}): readonly Carrier[] {
  const options = { dayMs, pickupAfterMs: dayMs, vainShare: 0, ...change }
  return ['FedEx', 'UPS', 'USPS'].map(name => embeddedCarrier(name, options))
}

/** Drives the decisions as the processor does: tell a command, or let the timer fire. */
export class ShipmentWorld {
  state: ShipmentState | undefined
  nowMs = startMs
  runningSinceMs = 0
  /** Everything that was said, and refused. */
  readonly events: ShipmentEventBody[] = []
  readonly rejections: Rejection[] = []
  readonly #carriers: readonly Carrier[]

  constructor (carriers: readonly Carrier[] = []) {
    this.#carriers = carriers
  }

  /** Carries out commands; what the last one said. */
  tell (...commands: readonly ShipmentCommand[]): readonly ShipmentEventBody[] {
    return commands.reduce<readonly ShipmentEventBody[]>((_, command) => this.#apply(decideShipment(this.state, command, this.#env())), [])
  }

  /** When the timer row fires, ms after the start; null = none is set. */
  get dueMs (): number | null {
    const due = this.state?.timerDueMs ?? null
    return due === null ? null : due - startMs
  }

  /** Lets the timer fire so long after it was due, if one is set; what it said. */
  fire (lateMs = 0): readonly ShipmentEventBody[] {
    const due = this.state?.timerDueMs ?? null
    if (this.state === undefined || due === null) return []
    this.nowMs = Math.max(this.nowMs, due + lateMs)
    return this.#apply(wakeShipments(this.state, { dueMs: due, nowMs: this.nowMs, runningSinceMs: this.runningSinceMs }, this.#env()))
  }

  /** Lets timers fire until none is set or the limit is reached. */
  settle (limit = 100): void {
    for (let count = 0; count < limit && this.dueMs !== null; count++) this.fire()
  }

  parcel (shipmentNo = 1): ShipmentParcel {
    const parcel = this.state?.shipments.find(candidate => candidate.shipmentNo === shipmentNo)
    if (parcel === undefined) throw new Error(`there is no shipment ${shipmentNo}`)
    return parcel
  }

  /** Names of everything that was said. */
  get said (): readonly string[] { return this.events.map(({ type }) => type) }

  #env () {
    return { nowMs: this.nowMs, carrierOf: carriersByName(this.#carriers), correlationId: 'c' }
  }

  #apply ({ state, events, timer, rejection }: ShipmentDecision): readonly ShipmentEventBody[] {
    this.state = state
    this.events.push(...events)
    if (rejection !== undefined) this.rejections.push(rejection)
    if (timer.kind === 'set' && timer.dueMs !== state?.timerDueMs) throw new Error('the row and its timer differ')
    const wanted = state === undefined ? null : nextDueMs(state, carriersByName(this.#carriers))
    if (wanted !== null && (state?.timerDueMs ?? Infinity) > wanted) throw new Error('the timer fires too late')
    return events
  }
}
