import { type CancelShipment, type CreateShipment, type ShipmentLine, type ShipmentParcel, type ShipmentState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { makeParcel, takePieces } from './make-parcel.ts'
import { chargedGrams, shippingCost } from './offers.ts'
import { type ShipmentDecision, ShipmentDraft, type ShipmentEnvironment } from './shipment-draft.ts'
import { type NewsCommand, moveParcel, newsOf, tellNews } from './tell-news.ts'
import { maxShipments, shipmentIdOf } from './tracking-number.ts'

/** Where the shipments of an order can stand; `none` = there is no row. */
export type ShipmentPlace = ShipmentState['status'] | 'none'

/** What a command does to the shipments of an order. A number that is there already is a repeat, wherever they stand. */
export type ShipmentStep = 'create' | 'take' | 'stop' | 'fence' | 'answer-again' | 'refuse'

/**
 * Place × command → step. A cancellation that comes first leaves a fence, and the late creation finds it and is told so: an order that
 * still waits for its shipment is not left alone. The fence is never removed. Every cancellation is answered, because its sender repeats
 * it until it is; what it stopped is told by one answer.
 */
export const shipmentSteps: Readonly<Record<ShipmentPlace, Readonly<Record<'CreateShipment' | 'CancelShipment', ShipmentStep>>>> = {
  none: { CreateShipment: 'create', CancelShipment: 'fence' },
  created: { CreateShipment: 'take', CancelShipment: 'stop' },
  cancelled: { CreateShipment: 'refuse', CancelShipment: 'answer-again' },
  fenced: { CreateShipment: 'refuse', CancelShipment: 'answer-again' }
}

export type ShipmentCommand = Body<CreateShipment | CancelShipment> | NewsCommand

/** Decides a shipping command. Pure and idempotent. */
export function decideShipment (state: ShipmentState | undefined, command: ShipmentCommand, env: ShipmentEnvironment): ShipmentDecision {
  switch (command.type) {
    case 'CreateShipment': return create(state, command, env)
    case 'CancelShipment': return cancel(state, command, env)
    default: return tell(state, command, env)
  }
}

function create (state: ShipmentState | undefined, command: Body<CreateShipment>, env: ShipmentEnvironment): ShipmentDecision {
  const step = shipmentSteps[state?.status ?? 'none'].CreateShipment
  const draft = new ShipmentDraft(state ?? blankRow(command, env), env)
  // A part has nothing that it could be taken from, and leaves nothing that would keep the first shipment or its cancellation from coming.
  if (step === 'create' && command.shipmentNo !== 1) {
    refuse(draft, command, 'nothing of the order is to be shipped')
    return { ...draft.finish(), state }
  }
  const { shipments } = draft.state
  if (shipments.some(({ shipmentNo }) => shipmentNo === command.shipmentNo)) draft.countRepeat()
  else if (step === 'refuse') refuse(draft, command, 'the shipments of the order were cancelled')
  else if (command.shipmentNo < 1 || command.shipmentNo > maxShipments) refuse(draft, command, `an order has shipments 1 to ${maxShipments}`)
  else if (step === 'create') add(draft, command, makeParcel(command, command.lines, env))
  else split(draft, command)
  return draft.finish()
}

function split (draft: ShipmentDraft, command: Body<CreateShipment>): void {
  const taken = takePieces(draft.state.shipments, command.lines, draft.env.nowMs)
  if (taken === undefined) return refuse(draft, command, 'its pieces have left with another shipment, or were never to be shipped')
  draft.remember({ shipments: taken.parcels })
  add(draft, command, makeParcel(command, taken.lines, draft.env, taken.promisedBy))
}

/** Shipping is paid once: what is sent in parts costs no more. */
function add (draft: ShipmentDraft, command: Body<CreateShipment>, parcel: ShipmentParcel): void {
  const { orderId, shipments } = draft.state
  const { orderTotal, weightGrams, volumeCm3, deliverySpeed: speed, currency, handedOver } = command
  const { shipmentId, shipmentNo, lines, carrier, service, trackingNumber, promisedBy } = parcel
  const cost = shipments.length === 0 ? shippingCost({ orderTotal, weightGrams: chargedGrams(weightGrams, volumeCm3), speed }) : 0n
  draft.remember({ shipments: [...shipments, parcel], cost: draft.state.cost + cost })
  draft.happen({ type: 'ShipmentCreated', orderId, shipmentId, shipmentNo, lines, carrier, service, trackingNumber, cost, currency, promisedBy })
  if (handedOver) moveParcel(draft, parcel, { stage: 'pickedUp', at: draft.env.nowMs, location: null, note: null })
}

/** The first shipment of a fenced order is told to be cancelled: the order waits for that. */
function refuse (draft: ShipmentDraft, command: Body<CreateShipment>, reason: string): void {
  const { orderId, shipmentNo, handedOver } = command
  draft.countRepeat()
  if (draft.state.status === 'fenced' && shipmentNo === 1 && !handedOver) {
    return answer(draft, { reason: 'the shipment was cancelled before it was asked for', stopped: undefined, lines: [] })
  }
  draft.happen({ type: 'ShipmentRefused', orderId, shipmentId: shipmentIdOf(command), shipmentNo, reason })
}

function cancel (state: ShipmentState | undefined, { orderId, reason }: Body<CancelShipment>, env: ShipmentEnvironment): ShipmentDecision {
  const step = shipmentSteps[state?.status ?? 'none'].CancelShipment
  const draft = new ShipmentDraft(state ?? fencedRow(orderId, env), env)
  const stopped = step === 'stop' ? draft.state.shipments.filter(({ stage }) => stage === 'created') : []
  if (stopped.length > 0) {
    draft.remember({ status: 'cancelled' })
    for (const parcel of stopped) draft.change(parcel, { stage: 'cancelled', stageAt: env.nowMs, heldUntil: null })
  } else if (step !== 'fence') draft.countRepeat()
  answer(draft, { reason, stopped: stopped[0], lines: stopped.flatMap(({ lines }) => lines) })
  return draft.finish()
}

interface Answer { readonly reason: string, readonly stopped: ShipmentParcel | undefined, readonly lines: readonly ShipmentLine[] }

function answer (draft: ShipmentDraft, { reason, stopped, lines }: Answer): void {
  const { orderId, shipments } = draft.state
  const { shipmentId = null, shipmentNo = 0 } = stopped ?? {}
  const shipped = shipments.some(({ stage }) => stage !== 'created' && stage !== 'cancelled')
  draft.happen({ type: 'ShipmentCancelled', orderId, shipmentId, shipmentNo, reason, nothingToCancel: stopped === undefined, lines, shipped })
}

function tell (state: ShipmentState | undefined, command: NewsCommand, env: ShipmentEnvironment): ShipmentDecision {
  const parcel = state?.shipments.find(({ shipmentId }) => shipmentId === command.shipmentId)
  if (state === undefined || parcel === undefined) {
    return { state, events: [], timer: { kind: 'keep' }, rejection: { code: 'unknown-shipment', field: '/shipmentId', message: 'the order has no such shipment' } }
  }
  const draft = new ShipmentDraft(state, env)
  const rejection = tellNews(draft, parcel, newsOf(command))
  return rejection === undefined ? draft.finish() : { state, events: [], timer: { kind: 'keep' }, rejection }
}

function blankRow ({ orderId, currency, deliverySpeed }: Pick<CreateShipment, 'orderId' | 'currency' | 'deliverySpeed'>, { correlationId }: ShipmentEnvironment): ShipmentState {
  return { type: 'ShipmentState', orderId, status: 'created', cost: 0n, currency, repeats: 0, deliverySpeed, shipments: [], correlationId, timerDueMs: null }
}

function fencedRow (orderId: string, env: ShipmentEnvironment): ShipmentState {
  return { ...blankRow({ orderId, currency: 'XXX', deliverySpeed: 'standard' }, env), status: 'fenced' }
}
