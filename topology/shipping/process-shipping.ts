import { type CancelShipment } from '#schemas'
import { StreamsError } from '../../streams/errors.ts'
import { type Handler, defineProcessor, defineStore } from '../../streams/processor.ts'
import { stateSerde } from '../codec.ts'
import { causeOf, eventMeta } from '../envelope.ts'
import { type ShippingCommand, topics } from '../topics.ts'
import { decideShipment } from './shipment.ts'

/** Name of the sub-topology: in task ids, the changelog and the hash slots of the state. */
export const shippingName = 'shipping'

/** The shipment of an order, or the fence that keeps it from being created, by order id. */
export const shipmentStore = defineStore('shipments', stateSerde(shippingName, 'ShipmentState'))

type ShippingInput = Extract<ShippingCommand, { type: 'CreateShipment' }> | CancelShipment

/** Shipments: created for confirmed orders, cancelled by compensation. See README.md. */
export const shippingProcessor = defineProcessor<ShippingInput>({
  name: shippingName,
  inputs: [topics.shipping.commands, { topic: topics.compensations.shipment, compensates: true }],
  outputs: [topics.shipping.events],
  stores: [shipmentStore],
  reads: command => [[shipmentStore, command.orderId]],
  handlers: { CreateShipment: (...args) => handle(...args), CancelShipment: (...args) => handle(...args) },
  // A late shipment must not overtake an earlier one of its order; a cancellation may, it leaves a fence.
  parking: 'key'
})

const handle: Handler<ShippingInput> = (context, command, record) => {
  const { orderId } = command
  if (record.key !== orderId) throw new StreamsError('STR_RECORD_REFUSED', { why: 'the key of the record is not its order id' })
  const shipments = context.store(shipmentStore)
  const decision = decideShipment(shipments.get(orderId), command, context.nextId())
  shipments.put(orderId, decision.state)
  const cause = causeOf(command.meta, context.source)
  for (const event of decision.events) context.emit(topics.shipping.events, { key: orderId, value: { ...event, meta: eventMeta(context, cause) } })
}
