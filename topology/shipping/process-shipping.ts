import { type CancelShipment, type CommandMeta, type CreateShipment, type ShipmentState } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type ProcessorContext, type ProcessorDef, type ReadSet, type RecordInfo, type TimerInfo, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { type Rejection, admit, contentHash, processedCommand } from '../commands/processed-command.ts'
import { retentionMs } from '../commands/retention.ts'
import { type Cause, causeOf, causeOfSource, commandIdOf, eventMeta } from '../envelope.ts'
import { type ShippingCommand, topics } from '../topics.ts'
import { type Carrier, carriersByName } from './carrier.ts'
import { decideShipment } from './shipment.ts'
import { type ShipmentDecision, type ShipmentEnvironment } from './shipment-draft.ts'
import { isOrderId } from './tracking-number.ts'
import { wakeShipments } from './wake-shipments.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const shippingName = 'shipping'

/** The shipments of an order, or the fence that keeps them from being created, by order id. */
export const shipmentStore = defineStore('shipments', stateSerde(shippingName, 'ShipmentState'))

/** Which order a shipment is a part of. One row per shipment, in the task of its order. */
export const shipmentIndex = defineStore('shipment-index', stateSerde(shippingName, 'ShipmentIndexEntry'))

/** News that was taken in, by command id: a day longer than its topic keeps it. */
export const newsStore = defineStore('processed', stateSerde(shippingName, 'ProcessedCommand'), { ttlMs: retentionMs(topics.shipping.commands) + 86_400_000 })

export interface ShippingOptions {
  /** Carriers by the names of the offers; one that is missing moves only when it is told to. @default none */
  readonly carriers?: readonly Carrier[]
}

type ShippingInput = ShippingCommand | CancelShipment
type NewsInput = Exclude<ShippingCommand, CreateShipment>

/** The decisions of shipping, by what they are about: pure. */
export const shippingDecisions = { command: decideShipment, timer: wakeShipments }

/** Shipments: created for confirmed orders, sent in parts, moved by their carriers, cancelled by compensation. See README.md. */
export function createShippingProcessor ({ carriers = [] }: ShippingOptions = {}): ProcessorDef {
  const carrierOf = carriersByName(carriers)
  return defineProcessor<ShippingInput>({
    name: shippingName,
    inputs: [topics.shipping.commands, { topic: topics.compensations.shipment, compensates: true }],
    outputs: [topics.shipping.events, topics.orders.rejections],
    stores: [shipmentStore, shipmentIndex, newsStore],
    reads,
    handlers: { CreateShipment: handle, CancelShipment: handle, RecordTracking: handleNews, RecordDeliveryAttempt: handleNews, ConfirmDelivery: handleNews },
    onTimer,
    timerReads: timer => [[shipmentStore, timer.key]],
    // A late shipment must not overtake an earlier one of its order; a cancellation may, it leaves a fence. The key of everything is the order.
    parking: 'key'
  })

  function handle (context: ProcessorContext, command: CreateShipment | CancelShipment, record: RecordInfo): void {
    const cause = causeOfCommand(context, command, record)
    const state = context.store(shipmentStore).get(command.orderId)
    carryOut(context, state, shippingDecisions.command(state, command, environment(context, cause)), cause)
  }

  function handleNews (context: ProcessorContext, command: NewsInput, record: RecordInfo): void {
    const cause = causeOfCommand(context, command, record)
    const seen = context.store(newsStore)
    const { commandId } = command.meta
    const hash = commandId === '' ? '' : contentHash(command)
    const admission = commandId === '' ? { kind: 'new' as const } : admit(seen.get(commandId), hash)
    if (admission.kind !== 'new') {
      if (admission.rejection !== null) emitRejection(context, command, admission.rejection, cause)
      return
    }
    const state = context.store(shipmentStore).get(command.orderId)
    const decision = shippingDecisions.command(state, command, environment(context, cause))
    if (commandId !== '') seen.put(commandId, processedCommand(commandId, hash, decision.rejection, context.nowMs))
    if (decision.rejection !== undefined) emitRejection(context, command, decision.rejection, cause)
    carryOut(context, state, decision, cause)
  }

  function onTimer (context: ProcessorContext, timer: TimerInfo): void {
    const state = context.store(shipmentStore).get(timer.key)
    if (state === undefined) return
    const { dueMs } = timer
    const { nowMs, runningSinceMs } = context
    const cause = causeOfSource(context.source, state.correlationId)
    carryOut(context, state, shippingDecisions.timer(state, { dueMs, nowMs, runningSinceMs }, environment(context, cause)), cause)
  }

  function environment ({ nowMs }: ProcessorContext, { correlationId }: Cause): ShipmentEnvironment {
    return { nowMs, carrierOf, correlationId }
  }
}

/** Shipping whose carriers move only when they are told to. */
export const shippingProcessor = createShippingProcessor()

function reads (command: ShippingInput): ReadSet {
  const row = [shipmentStore, command.orderId] as const
  const isNews = command.type !== 'CreateShipment' && command.type !== 'CancelShipment'
  return isNews && command.meta.commandId !== '' ? [row, [newsStore, command.meta.commandId]] : [row]
}

/** A record filed under another key would be handled by the wrong task, and one without a proper order id has no tracking number: dead letters. */
function causeOfCommand (context: ProcessorContext, { orderId, meta }: { readonly orderId: string, readonly meta: CommandMeta }, record: RecordInfo): Cause {
  if (record.key !== orderId) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the key of the record is not its order id' })
  if (!isOrderId(orderId)) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the order id is not a UUID in lower case' })
  return causeOf(meta, context.source)
}

function carryOut (context: ProcessorContext, before: ShipmentState | undefined, { state, events, timer }: ShipmentDecision, cause: Cause): void {
  if (state !== undefined && state !== before) context.store(shipmentStore).put(state.orderId, state)
  if (state !== undefined && timer.kind === 'set') context.timers.set(state.orderId, timer.dueMs)
  if (state !== undefined && timer.kind === 'cancel') context.timers.cancel(state.orderId)
  for (const event of events) {
    const { orderId } = event
    if (event.type === 'ShipmentCreated') context.store(shipmentIndex).put(event.shipmentId, { type: 'ShipmentIndexEntry', shipmentId: event.shipmentId, orderId })
    context.emit(topics.shipping.events, { key: orderId, value: { ...event, meta: eventMeta(context, cause) } })
  }
}

/** Shipping has no rejection topic of its own: its refused commands lie on orders.rejections under their order. */
function emitRejection (context: ProcessorContext, command: NewsInput, rejection: Rejection, cause: Cause): void {
  const { orderId, type } = command
  const commandId = commandIdOf(command.meta, context.source)
  context.emit(topics.orders.rejections, {
    key: orderId, value: { type: 'CommandRejected', meta: eventMeta(context, cause), orderId, command: type, commandId, ...rejection }
  })
}
