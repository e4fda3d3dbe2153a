import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type FastifyReply } from 'fastify'
import { isResendable } from '../../../../topology/webhooks/delivery.ts'
import { resendLimit } from '../../../../topology/webhooks/process-webhooks.ts'
import { type Acceptance, IdempotencyHeaders, requestCommandId, tellAcceptance } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { commandProblems, problems } from '../../../schemas/problem.ts'
import {
  AcceptedSchema, DeliveryBodySchema, DeliveryPageSchema, DeliveryParams, DeliveryQuery, ResendBodySchema, RotateBodySchema, WebhookParams,
  WebhookWithSecretSchema
} from '../../../schemas/webhook.ts'
import { deliveryBody, deliverySummary, webhookBody } from '../../../webhooks/view.ts'
import { afterwards, ask, ownWebhook, ownerOf } from './asked.ts'

const permission = 'orders:read-all'

/** Below /v1/webhooks/{id}: its secrets, a test, its messages and how to have them again. */
export const deliveryRoutes: FastifyPluginAsyncTypebox = async app => {
  const { webhooks, clock } = app.services

  app.post('/:id/secret', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'rotateWebhookSecret',
      summary: 'Change the secret',
      description: 'The new secret signs at once, and is shown nowhere else. The one before signs too until the overlap is over: take the new one in within that time.',
      params: WebhookParams,
      headers: IdempotencyHeaders,
      body: RotateBodySchema,
      response: { 200: WebhookWithSecretSchema, ...commandProblems }
    }
  }, async (request, reply) => {
    const { params: { id: webhookId }, body, headers: { 'idempotency-key': key } } = request
    const { overlapS = 86_400 } = body
    await ownWebhook(app.services, request, webhookId)
    const route = `POST /v1/webhooks/${webhookId}/secret`
    const secretId = requestCommandId(request, { route, key }).slice(-16)
    const acceptance = await ask(app.services, request, {
      webhookId,
      route,
      key,
      body,
      command: (meta, ownerId) => ({ type: 'RotateWebhookSecret', meta, ownerId, webhookId, secretId, overlapMs: overlapS * 1000 })
    })
    const webhook = await afterwards(app.services, request, webhookId, acceptance)
    if (webhook === undefined) throw new ApiError('API_NOT_FOUND')
    if (acceptance.replayed) reply.header('idempotent-replayed', 'true')
    reply.header('cache-control', 'no-store')
    return { ...webhookBody(webhook, clock.now()), secret: webhooks.secretOf(webhookId, secretId) }
  })

  app.post('/:id/ping', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'pingWebhook',
      summary: 'Send a test message',
      description: 'A message webhooks.ping is sent once, also to a subscription that is disabled. What came of it is in the list of messages.',
      params: WebhookParams,
      headers: IdempotencyHeaders,
      response: { 202: AcceptedSchema, ...commandProblems }
    }
  }, async (request, reply) => {
    const { params: { id: webhookId }, headers: { 'idempotency-key': key } } = request
    await ownWebhook(app.services, request, webhookId)
    const acceptance = await ask(app.services, request, {
      webhookId, route: `POST /v1/webhooks/${webhookId}/ping`, key, body: {}, command: (meta, ownerId) => ({ type: 'PingWebhook', meta, ownerId, webhookId })
    })
    return await accepted(reply, `/v1/webhooks/${webhookId}/deliveries`, acceptance)
  })

  app.get('/:id/deliveries', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'listWebhookDeliveries',
      summary: 'Messages of a subscription, the newest first',
      params: WebhookParams,
      querystring: DeliveryQuery,
      response: { 200: DeliveryPageSchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { params: { id: webhookId }, query: { limit = 20, after } } = request
    await ownWebhook(app.services, request, webhookId)
    const { deliveries, next = null } = await webhooks.queries.deliveries(ownerOf(request), webhookId, { limit, after })
    return { items: deliveries.map(deliverySummary), next }
  })

  app.get('/:id/deliveries/:messageId', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'getWebhookDelivery',
      summary: 'Read a message and its tries',
      params: DeliveryParams,
      response: { 200: DeliveryBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => {
    const { id: webhookId, messageId } = request.params
    await ownWebhook(app.services, request, webhookId)
    const delivery = await webhooks.queries.delivery(ownerOf(request), webhookId, messageId)
    if (delivery === undefined) throw new ApiError('API_NOT_FOUND')
    return deliveryBody(delivery)
  })

  app.post('/:id/deliveries/:messageId/resend', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'resendWebhookDelivery',
      summary: 'Send a message again',
      description: 'The same message under the same webhook-id, in its turn; once it has arrived or was given up.',
      params: DeliveryParams,
      headers: IdempotencyHeaders,
      response: { 202: AcceptedSchema, ...commandProblems }
    }
  }, async (request, reply) => {
    const { params: { id: webhookId, messageId }, headers: { 'idempotency-key': key } } = request
    await ownWebhook(app.services, request, webhookId)
    const delivery = await webhooks.queries.delivery(ownerOf(request), webhookId, messageId)
    if (delivery === undefined) throw new ApiError('API_NOT_FOUND')
    const acceptance = await ask(app.services, request, {
      webhookId,
      route: `POST /v1/webhooks/${webhookId}/deliveries/${messageId}/resend`,
      key,
      body: {},
      command: (meta, ownerId) => {
        if (!isResendable(delivery)) throw new ApiError('API_STATE_FORBIDS', `the message is ${delivery.status}`)
        return { type: 'ResendWebhook', meta, ownerId, webhookId, messageId, from: 0, until: null, isFailedOnly: false }
      }
    })
    return await accepted(reply, `/v1/webhooks/${webhookId}/deliveries/${messageId}`, acceptance)
  })

  app.post('/:id/resend', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'resendWebhookDeliveries',
      summary: 'Send the messages of a time again',
      description: `The newest ${resendLimit} of the time are looked at; those that were given up are sent, the oldest first. Ask again for an earlier time to have more.`,
      params: WebhookParams,
      headers: IdempotencyHeaders,
      body: ResendBodySchema,
      response: { 202: AcceptedSchema, ...commandProblems }
    }
  }, async (request, reply) => {
    const { params: { id: webhookId }, body, headers: { 'idempotency-key': key } } = request
    const { onlyFailed: isFailedOnly = true } = body
    const from = Date.parse(body.from)
    const until = body.until === undefined ? null : Date.parse(body.until)
    if (until !== null && until <= from) throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field: '/until', message: 'is not after `from`' }] })
    await ownWebhook(app.services, request, webhookId)
    const acceptance = await ask(app.services, request, {
      webhookId,
      route: `POST /v1/webhooks/${webhookId}/resend`,
      key,
      body,
      command: (meta, ownerId) => ({ type: 'ResendWebhook', meta, ownerId, webhookId, messageId: null, from, until, isFailedOnly })
    })
    return await accepted(reply, `/v1/webhooks/${webhookId}/deliveries`, acceptance)
  })
}

async function accepted (reply: FastifyReply, path: string, acceptance: Acceptance): Promise<FastifyReply> {
  // The place in the log says nothing here: what is done in its turn is not done when the command is.
  const location = tellAcceptance(reply, path, { ...acceptance, position: undefined })
  return await reply.code(202).send({ status: 'accepted', location })
}
