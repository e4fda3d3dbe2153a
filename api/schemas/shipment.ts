import { type Static, type TSchema, Type } from 'typebox'
import { deliverySpeedSymbols, shipmentStageSymbols } from '#schemas'
import { maxText } from '../../topology/shipping/tell-news.ts'

const strict = { additionalProperties: false } as const
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const words = (description: string) => Type.String({ minLength: 1, maxLength: maxText, description: `${description} Never personal data.` })
const Stage = Type.Enum([...shipmentStageSymbols], { description: 'Stage on its way.' })
const At = Type.Optional(instant('When it happened. Left out: now.'))

/** Path of everything below one shipment. */
export const ShipmentParams = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$', description: 'Id of the shipment: a UUID in lower case.' })
})

/** A shipment of an order. */
export const ShipmentBodySchema = Type.Object({
  shipmentId: Type.String(),
  orderId: Type.String(),
  shipmentNo: Type.Integer({ description: 'Number in its order, counted from 1.' }),
  stage: Stage,
  carrier: Type.String(),
  service: Type.String(),
  trackingNumber: Type.String(),
  deliverySpeed: Type.Enum([...deliverySpeedSymbols]),
  lines: Type.Array(Type.Object({ lineNo: Type.Integer(), sku: Type.String(), quantity: Type.Integer({ description: 'Pieces.' }) })),
  failedAttempts: Type.Integer({ description: 'Times it was brought to the door in vain.' }),
  createdAt: instant('When it was created.'),
  promisedBy: nullable(instant('When it is promised to be delivered.')),
  delayed: Type.Boolean({ description: 'True when the promise was missed.' }),
  history: Type.Array(Type.Object({ stage: Stage, at: instant('When it was seen.'), location: nullable(Type.String()), note: nullable(Type.String()) }), {
    description: 'What was told of it, oldest first; the newest twenty.'
  })
}, { description: 'A shipment and its way so far.' })
export type ShipmentBody = Static<typeof ShipmentBodySchema>

/** The shipments of an order, by number. */
export const ShipmentsBodySchema = Type.Object({ items: Type.Array(ShipmentBodySchema) })

/** A page of shipments; `next` goes into `after`. A page may have fewer than asked for and still be followed by another. */
export const ShipmentPageSchema = Type.Object({ items: Type.Array(ShipmentBodySchema), next: nullable(Type.String()) })

export const TrackingBodySchema = Type.Object({
  stage: Type.Enum(['pickedUp', 'inTransit', 'outForDelivery', 'returned'], { description: 'Stage that it was seen in.' }),
  location: Type.Optional(words('Where.')),
  note: Type.Optional(words('What was said of it.')),
  at: At
}, { ...strict, description: 'Where a shipment was seen.', examples: [{ stage: 'inTransit', location: 'Leeds', at: '2026-03-02T09:30:00Z' }] })

export const AttemptBodySchema = Type.Object({ reason: words('Why it could not be delivered.'), at: At }, {
  ...strict, description: 'A delivery in vain.', examples: [{ reason: 'nobody was there' }]
})

export const DeliveredBodySchema = Type.Object({
  receivedBy: Type.Optional(Type.String({ minLength: 1, maxLength: maxText, description: 'Name of who took it; encrypted before it is written anywhere.' })),
  at: At
}, { ...strict, description: 'A delivery.', examples: [{ receivedBy: 'Ada Lovelace', at: '2026-03-03T15:05:00Z' }] })

export const CancelShipmentBodySchema = Type.Object({ reason: words('Why.') }, {
  ...strict, description: 'A cancellation.', examples: [{ reason: 'the address does not exist' }]
})

/** The answer to accepted news of a shipment. */
export const AcceptedShipment = Type.Object({
  shipmentId: Type.String(), status: Type.Literal('accepted'), location: Type.String({ description: 'Where the shipment can be read.' })
}, { description: 'It is in the log and will not be lost.' })
