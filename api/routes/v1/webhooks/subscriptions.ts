import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { uuidOfCommand } from '../../../../topology/envelope.ts'
import { eventGroups, payloadVersion, publicEvents } from '../../../../topology/webhooks/public-events.ts'
import { maxWebhooks } from '../../../../topology/webhooks/webhook.ts'
import { IdempotencyHeaders, requestCommandId } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { commandProblems, problems } from '../../../schemas/problem.ts'
import {
  ChangeWebhookBodySchema, EventTypesSchema, SubscribeBodySchema, WebhookBodySchema, WebhookListSchema, WebhookParams, WebhookWithSecretSchema
} from '../../../schemas/webhook.ts'
import { checkReader, checkWish } from '../../../webhooks/subscription.ts'
import { webhookBody } from '../../../webhooks/view.ts'
import { afterwards, ask, ownWebhook, ownerOf } from './asked.ts'

const route = 'POST /v1/webhooks'
const permission = 'orders:read-all'

/** /v1/webhooks and /v1/webhooks/{id}: who is told of events, and where. */
export const subscriptionRoutes: FastifyPluginAsyncTypebox = async app => {
  const { webhooks, clock } = app.services

  app.get('/event-types', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'listWebhookEventTypes',
      summary: 'Every event that can be subscribed to',
      response: { 200: EventTypesSchema, ...problems(401, 403, 429, 503) }
    }
  }, async () => {
    const items = Object.values(publicEvents).map(({ name, doc }) => {
      return { name, group: eventGroups.find(group => name.startsWith(group.slice(0, -1))) ?? name, description: doc }
    })
    return { version: payloadVersion, items }
  })

  app.get('', {
    config: { permission },
    schema: { tags: ['webhooks'], operationId: 'listWebhooks', summary: 'Your subscriptions', response: { 200: WebhookListSchema, ...problems(401, 403, 429, 503) } }
  }, async request => {
    const found = await webhooks.queries.list(ownerOf(request))
    return { items: [...found].sort((a, b) => a.createdAt - b.createdAt).map(webhook => webhookBody(webhook, clock.now())) }
  })

  app.post('', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'subscribeWebhook',
      summary: 'Subscribe to events',
      description: `Messages about events from now on are posted to the URL, signed with the secret of this answer, which is shown nowhere else. The same Idempotency-Key means the same subscription. Events of payments and shipments also need payments:read and shipments:read. An account has ${maxWebhooks} at most.`,
      headers: IdempotencyHeaders,
      body: SubscribeBodySchema,
      response: { 201: WebhookWithSecretSchema, ...commandProblems }
    }
  }, async (request, reply) => {
    const { body, headers: { 'idempotency-key': key } } = request
    const { url, eventTypes, description = '' } = body
    checkWish(body, principalOfRequest(request), webhooks)
    const id = requestCommandId(request, { route, key })
    const webhookId = uuidOfCommand(id)
    const secretId = id.slice(-16)
    const others = await webhooks.queries.list(ownerOf(request))
    if (others.length >= maxWebhooks && !others.some(webhook => webhook.webhookId === webhookId)) throw tooMany()
    const acceptance = await ask(app.services, request, {
      webhookId, route, key, body, command: (meta, ownerId) => ({ type: 'SubscribeWebhook', meta, ownerId, webhookId, url, eventTypes, description, secretId })
    })
    const webhook = await afterwards(app.services, request, webhookId, acceptance)
    if (webhook === undefined) {
      // Made under this key, and removed since.
      if (acceptance.replayed) throw new ApiError('API_NOT_FOUND')
      // Others of the account were made at the same moment. The key means nothing yet: it may be used when there is room.
      await app.services.idempotency.abandon(id)
      throw tooMany()
    }
    reply.header('location', `/v1/webhooks/${webhookId}`).header('cache-control', 'no-store')
    if (acceptance.replayed) reply.header('idempotent-replayed', 'true')
    return await reply.code(201).send({ ...webhookBody(webhook, clock.now()), secret: webhooks.secretOf(webhookId, secretId) })
  })

  app.get('/:id', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'getWebhook',
      summary: 'Read a subscription',
      description: 'Somebody else\'s is answered like one that does not exist.',
      params: WebhookParams,
      response: { 200: WebhookBodySchema, ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async request => webhookBody(await ownWebhook(app.services, request, request.params.id), clock.now()))

  app.patch('/:id', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'changeWebhook',
      summary: 'Change a subscription, stop it, or enable it again',
      description: 'What waited while it was disabled is sent once it is active again; events that came meanwhile are not told.',
      params: WebhookParams,
      body: ChangeWebhookBodySchema,
      response: { 200: WebhookBodySchema, ...commandProblems }
    }
  }, async request => {
    const { params: { id: webhookId }, body } = request
    const { url = null, eventTypes = null, description = null, status } = body
    const before = await ownWebhook(app.services, request, webhookId)
    checkWish(body, principalOfRequest(request), webhooks)
    if (status === 'active') checkReader(before.eventTypes, principalOfRequest(request))
    const enabled = status === undefined ? null : status === 'active'
    const acceptance = await ask(app.services, request, {
      webhookId,
      route: `PATCH /v1/webhooks/${webhookId}`,
      body,
      command: (meta, ownerId) => ({ type: 'ChangeWebhook', meta, ownerId, webhookId, url, eventTypes, description, enabled })
    })
    const webhook = await afterwards(app.services, request, webhookId, acceptance)
    if (webhook === undefined) throw new ApiError('API_NOT_FOUND')
    return webhookBody(webhook, clock.now())
  })

  app.delete('/:id', {
    config: { permission },
    schema: {
      tags: ['webhooks'],
      operationId: 'removeWebhook',
      summary: 'End a subscription',
      description: 'What waits is not sent; a message that is on its way may still arrive.',
      params: WebhookParams,
      response: { 204: Type.Null({ description: 'It is gone.' }), ...problems(400, 401, 403, 404, 429, 503) }
    }
  }, async (request, reply) => {
    const { id: webhookId } = request.params
    await ownWebhook(app.services, request, webhookId)
    const acceptance = await ask(app.services, request, {
      webhookId, route: `DELETE /v1/webhooks/${webhookId}`, body: {}, command: (meta, ownerId) => ({ type: 'RemoveWebhook', meta, ownerId, webhookId })
    })
    await afterwards(app.services, request, webhookId, acceptance)
    return await reply.code(204).send(null)
  })
}

function tooMany (): ApiError {
  return new ApiError('API_STATE_FORBIDS', `an account has ${maxWebhooks} subscriptions at most`)
}
