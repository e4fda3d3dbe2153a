import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply, type FastifyRequest } from 'fastify'
import { type CancelShipment, type CommandMeta, type Personal } from '#schemas'
import { PersonErased, encryptPersonal } from '../../../../topology/personal.ts'
import { subjectKeyId } from '../../../../topology/privacy/subject.ts'
import { stageSteps } from '../../../../topology/shipping/stages.ts'
import { type ShippingCommand } from '../../../../topology/topics.ts'
import { IdempotencyHeaders, acceptCommand, tellAcceptance } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { type Services } from '../../../plugins/app/services.ts'
import { commandProblems } from '../../../schemas/problem.ts'
import {
  AcceptedShipment, AttemptBodySchema, CancelShipmentBodySchema, DeliveredBodySchema, type ShipmentBody, ShipmentParams, TrackingBodySchema
} from '../../../schemas/shipment.ts'
import { readShipment } from './read-shipments.ts'

const shared = {
  tags: ['shipments'],
  params: ShipmentParams,
  headers: IdempotencyHeaders,
  response: { 202: AcceptedShipment, ...commandProblems }
}

/** POST /v1/shipments/{id}/tracking, /delivery-attempt, /delivered and /cancel: what warehouse and carriers tell by hand. */
export const tellShipmentRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('/:id/tracking', {
    config: { permission: 'shipments:create' },
    schema: { ...shared, operationId: 'recordTracking', summary: 'Tell where a shipment is', description: 'News older than what is known is kept and moves nothing.', body: TrackingBodySchema }
  }, async (request, reply) => {
    const { stage, location = null, note = null, at } = request.body
    return await tell(app.services, request, reply, 'tracking', ({ orderId, shipmentId, ...shipment }, meta) => {
      allow(shipment, stage)
      return { type: 'RecordTracking', meta, orderId, shipmentId, stage, location, note, at: timeOf(at, meta) }
    })
  })

  app.post('/:id/delivery-attempt', {
    config: { permission: 'shipments:create' },
    schema: { ...shared, operationId: 'recordDeliveryAttempt', summary: 'Tell of a delivery in vain', description: 'After the third one the carrier brings the shipment back.', body: AttemptBodySchema }
  }, async (request, reply) => {
    const { reason, at } = request.body
    return await tell(app.services, request, reply, 'delivery-attempt', ({ orderId, shipmentId, ...shipment }, meta) => {
      allow(shipment, 'attemptFailed')
      return { type: 'RecordDeliveryAttempt', meta, orderId, shipmentId, reason, at: timeOf(at, meta) }
    })
  })

  app.post('/:id/delivered', {
    config: { permission: 'shipments:create' },
    schema: { ...shared, operationId: 'confirmDelivery', summary: 'Tell of a delivery', body: DeliveredBodySchema }
  }, async (request, reply) => {
    const { receivedBy: name, at } = request.body
    const sealed = name === undefined ? null : await sealReceipt(app.services, request.params.id, name)
    // Hashed as it is encrypted: the hash of a name would outlive it.
    const body = { ...request.body, receivedBy: sealed }
    return await tell(app.services, request, reply, 'delivered', ({ orderId, shipmentId, ...shipment }, meta) => {
      allow(shipment, 'delivered')
      return { type: 'ConfirmDelivery', meta, orderId, shipmentId, receivedBy: sealed, at: timeOf(at, meta) }
    }, body)
  })

  app.post('/:id/cancel', {
    config: { permission: 'shipments:cancel' },
    schema: { ...shared, operationId: 'cancelShipment', summary: 'Stop a shipment', description: 'Stops everything of its order that has not left; the order gives back what belongs to it.', body: CancelShipmentBodySchema }
  }, async (request, reply) => {
    const { reason } = request.body
    return await tell(app.services, request, reply, 'cancel', ({ orderId, stage }, meta) => {
      if (stage !== 'created') throw new ApiError('API_STATE_FORBIDS', `the shipment is ${stage}`)
      return { type: 'CancelShipment', meta, orderId, reason }
    })
  })
}

/** Who took the parcel, under the key of whom it is for; null when he is erased: the parcel arrived all the same. */
async function sealReceipt (services: Services, shipmentId: string, name: string): Promise<Personal | null> {
  const { orderId } = await readShipment(services, shipmentId)
  const { view } = await services.orders.read(orderId)
  try {
    return await encryptPersonal(services.keys, subjectKeyId({ customerId: view?.customerId ?? null, orderId }), 'receipt', { name })
  } catch (error) {
    if (error instanceof PersonErased) return null
    throw error
  }
}

type Told = Exclude<ShippingCommand, { type: 'CreateShipment' }> | CancelShipment

interface ShipmentRequest extends FastifyRequest { readonly params: { readonly id: string } }

/** Takes news of a shipment in: in the log when the answer comes, carried out a moment later. A rejection then lies on orders.rejections. */
async function tell (
  services: Services, request: FastifyRequest, reply: FastifyReply, action: string, command: (shipment: ShipmentBody, meta: CommandMeta) => Told,
  body: unknown = request.body
) {
  const { id } = (request as ShipmentRequest).params
  const shipment = await readShipment(services, id)
  const { replayed } = await acceptCommand(services, request, {
    route: `POST /v1/shipments/${id}/${action}`,
    key: String(request.headers['idempotency-key']),
    body,
    known: async commandId => await services.shipments.commandHash(shipment.orderId, commandId),
    command: meta => command(shipment, meta)
  })
  const location = tellAcceptance(reply, `/v1/shipments/${id}`, { position: undefined, replayed })
  return await reply.code(202).send({ shipmentId: id, status: 'accepted', location })
}

/** What the stage forbids is said at once; the processor decides. */
function allow ({ stage }: Pick<ShipmentBody, 'stage'>, news: ShipmentBody['stage']): void {
  if (stageSteps[stage][news] === 'refuse') throw new ApiError('API_STATE_FORBIDS', `the shipment is ${stage}`)
}

function timeOf (at: string | undefined, { issuedAt }: CommandMeta): number {
  return at === undefined ? issuedAt : Date.parse(at)
}
