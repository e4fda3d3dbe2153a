import { type StateQueryOptions } from '../../streams/state/query.ts'
import { newsStore, shipmentIndex, shipmentStore, shippingName } from '../../topology/shipping/process-shipping.ts'
import { type ShipmentQueries } from '../ports.ts'
import { createStateRows } from './state-rows.ts'

/** Reads shipments where shipping keeps them, by order. A shipment id does not tell its order, and so not its task. */
export function createStateShipmentQueries (options: StateQueryOptions): ShipmentQueries {
  const rows = createStateRows(options, shippingName)
  return {
    read: async orderId => await rows.read(orderId, shipmentStore, orderId),
    commandHash: async (orderId, commandId) => (await rows.read(orderId, newsStore, commandId))?.bodyHash,
    orderOf: async shipmentId => (await rows.find(shipmentIndex, shipmentId))?.orderId
  }
}
