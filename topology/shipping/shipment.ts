import { type CancelShipment, type CreateShipment, type ShipmentState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type ShippingEvent } from '../topics.ts'
import { chooseCarrier, shippingCost } from './carriers.ts'

/** Where a shipment can stand; `none` = there is no row. */
export type ShipmentPlace = ShipmentState['status'] | 'none'

/** What a command does to the shipment of an order. */
export type ShipmentStep = 'create' | 'cancel' | 'fence' | 'answer-again' | 'refuse' | 'repeat'

/**
 * Place × command → step. A cancellation that comes first leaves a fence, and the late creation finds it and is told so: an order that
 * still waits for its shipment is not left alone. The fence is never removed. Every cancellation is answered, because its sender repeats
 * it until it is.
 */
export const shipmentSteps: Readonly<Record<ShipmentPlace, Readonly<Record<'CreateShipment' | 'CancelShipment', ShipmentStep>>>> = {
  none: { CreateShipment: 'create', CancelShipment: 'fence' },
  created: { CreateShipment: 'repeat', CancelShipment: 'cancel' },
  cancelled: { CreateShipment: 'repeat', CancelShipment: 'answer-again' },
  fenced: { CreateShipment: 'refuse', CancelShipment: 'answer-again' }
}

export interface ShipmentDecision {
  readonly state: ShipmentState
  readonly events: ReadonlyArray<Body<ShippingEvent>>
}

/** Decides a shipping command. Pure and idempotent; `shipmentId` is used when a shipment is created. */
export function decideShipment (
  state: ShipmentState | undefined, command: Body<CreateShipment | CancelShipment>, shipmentId: string
): ShipmentDecision {
  const step = shipmentSteps[state?.status ?? 'none'][command.type]
  if (command.type === 'CreateShipment') {
    if (step === 'create') return create(command, shipmentId)
    const { state: counted } = repeat(state ?? fence(command.orderId))
    return { state: counted, events: step === 'refuse' ? refusal(command.orderId) : [] }
  }
  const known = state ?? fence(command.orderId)
  const answer = (nothingToCancel: boolean): ReadonlyArray<Body<ShippingEvent>> =>
    [{ type: 'ShipmentCancelled', orderId: command.orderId, shipmentId: known.shipmentId, reason: command.reason, nothingToCancel, shipmentNo: 1, lines: [], shipped: false }]
  if (step === 'cancel') return { state: { ...known, status: 'cancelled' }, events: answer(false) }
  return { state: step === 'fence' ? known : repeat(known).state, events: answer(true) }
}

function create (command: Body<CreateShipment>, shipmentId: string): ShipmentDecision {
  const { orderId, orderTotal, weightGrams, currency } = command
  const { carrier, service, prefix } = chooseCarrier(orderTotal)
  const trackingNumber = `${prefix}${shipmentId.replaceAll('-', '').slice(0, 16).toUpperCase()}`
  const cost = shippingCost(orderTotal, weightGrams)
  const shipment = { orderId, shipmentId, carrier, service, trackingNumber, cost, currency }
  return {
    state: { type: 'ShipmentState', status: 'created', ...shipment, repeats: 0 },
    events: [{ type: 'ShipmentCreated', ...shipment, shipmentNo: 1, lines: command.lines, promisedBy: null }]
  }
}

function refusal (orderId: string): ReadonlyArray<Body<ShippingEvent>> {
  return [{ type: 'ShipmentCancelled', orderId, shipmentId: null, reason: 'the shipment was cancelled before it was asked for', nothingToCancel: true, shipmentNo: 0, lines: [], shipped: false }]
}

function repeat (state: ShipmentState): ShipmentDecision {
  return { state: { ...state, repeats: state.repeats + 1 }, events: [] }
}

function fence (orderId: string): ShipmentState {
  return {
    type: 'ShipmentState',
    orderId,
    status: 'fenced',
    shipmentId: null,
    carrier: null,
    service: null,
    trackingNumber: null,
    cost: 0n,
    currency: 'XXX',
    repeats: 0
  }
}
