import { type ShipmentParcel, type ShipmentState } from '#schemas'
import { type ShipmentBody } from '../schemas/shipment.ts'

const instant = (ms: number): string => new Date(ms).toISOString()

/** The shipments of an order as readers see them. One whose pieces all went into others is none. Who received it is not shown. */
export function shipmentBodies (state: ShipmentState): readonly ShipmentBody[] {
  return state.shipments.filter(({ lines }) => lines.length > 0).map(parcel => shipmentBody(state, parcel))
}

function shipmentBody ({ orderId, deliverySpeed }: ShipmentState, parcel: ShipmentParcel): ShipmentBody {
  const { shipmentId, shipmentNo, stage, carrier, service, trackingNumber, lines, attempts, createdAt, promisedBy, delayed, history } = parcel
  return {
    shipmentId,
    orderId,
    shipmentNo,
    stage,
    carrier,
    service,
    trackingNumber,
    deliverySpeed,
    lines: [...lines],
    failedAttempts: attempts,
    createdAt: instant(createdAt),
    promisedBy: promisedBy === null ? null : instant(promisedBy),
    delayed,
    history: history.map(({ stage, at, location, note }) => ({ stage, at: instant(at), location, note }))
  }
}
