import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { endStages } from '../../../../topology/shipping/stages.ts'
import { shipmentOfTracking } from '../../../../topology/shipping/tracking-number.ts'
import { ApiError } from '../../../errors.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { problems } from '../../../schemas/problem.ts'
import { type ShipmentBody, ShipmentBodySchema, ShipmentPageSchema, ShipmentParams } from '../../../schemas/shipment.ts'
import { shipmentBodies } from '../../../shipments/view.ts'

const lists = {
  pending: { operationId: 'listPendingShipments', summary: 'Shipments to be picked up', holds: ({ stage }: ShipmentBody) => stage === 'created' },
  delayed: { operationId: 'listDelayedShipments', summary: 'Shipments that are late', holds: ({ stage, delayed }: ShipmentBody) => delayed && !endStages.has(stage) }
}

/** GET /v1/shipments/pending, /delayed, /tracking/{no} and /{id}. */
export const readShipmentRoutes: FastifyPluginAsyncTypebox = async app => {
  for (const name of ['pending', 'delayed'] as const) {
    const { operationId, summary, holds } = lists[name]
    app.get(`/${name}`, {
      config: { permission: 'shipments:read' },
      schema: {
        tags: ['shipments'],
        operationId,
        summary,
        description: 'Found in analytics, about a second behind, and shown as they stand now.',
        querystring: Type.Object({
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Orders looked at for a page.' })),
          after: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before.' }))
        }, { additionalProperties: false }),
        response: { 200: ShipmentPageSchema, ...problems(400, 401, 403, 429, 503) }
      }
    }, async request => {
      const { limit = 50, after = '' } = request.query
      const found = await listed(async () => await app.services.shipmentLists[name](after, limit + 1))
      const orderIds = found.slice(0, limit)
      const shipments = await Promise.all(orderIds.map(async orderId => await shipmentsOf(app.services, orderId)))
      return { items: shipments.flat().filter(holds), next: found.length > limit ? orderIds.at(-1) ?? null : null }
    })
  }

  app.get('/tracking/:no', {
    config: { permission: 'shipments:read' },
    schema: {
      tags: ['shipments'],
      operationId: 'getShipmentByTracking',
      summary: 'Read a shipment by its tracking number',
      params: Type.Object({ no: Type.String({ maxLength: 40, description: 'Tracking number.' }) }),
      response: { 200: ShipmentBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const trackingNumber = request.params.no.toUpperCase()
    const ref = shipmentOfTracking(trackingNumber)
    const shipments = ref === undefined ? [] : await shipmentsOf(app.services, ref.orderId)
    return found(shipments.find(shipment => shipment.trackingNumber === trackingNumber))
  })

  app.get('/:id', {
    config: { permission: 'shipments:read' },
    schema: {
      tags: ['shipments'],
      operationId: 'getShipment',
      summary: 'Read a shipment',
      params: ShipmentParams,
      response: { 200: ShipmentBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => await readShipment(app.services, request.params.id))
}

/** The shipment of that id. @throws {ApiError} API_NOT_FOUND */
export async function readShipment (services: Services, shipmentId: string): Promise<ShipmentBody> {
  const orderId = await services.shipments.orderOf(shipmentId)
  const shipments = orderId === undefined ? [] : await shipmentsOf(services, orderId)
  return found(shipments.find(shipment => shipment.shipmentId === shipmentId))
}

async function shipmentsOf (services: Services, orderId: string): Promise<readonly ShipmentBody[]> {
  const state = await services.shipments.read(orderId)
  return state === undefined ? [] : shipmentBodies(state)
}

function found (shipment: ShipmentBody | undefined): ShipmentBody {
  if (shipment === undefined) throw new ApiError('API_NOT_FOUND')
  return shipment
}

async function listed<Value> (read: () => Promise<Value>): Promise<Value> {
  try {
    return await read()
  } catch (error) {
    throw new ApiError('API_ANALYTICS_UNAVAILABLE', undefined, {}, error)
  }
}
