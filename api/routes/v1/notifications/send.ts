import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type DeliveryStatus, type NotificationRequested } from '#schemas'
import { bodyHash, commandId, uuidOfCommand } from '../../../../topology/envelope.ts'
import { maxAheadMs } from '../../../../topology/notifications/decide-notification.ts'
import { templates } from '../../../../topology/notifications/templates.ts'
import { encryptPersonal } from '../../../../topology/personal.ts'
import { customerKeyId } from '../../../../topology/privacy/subject.ts'
import { IdempotencyHeaders, acceptCommand, requestCommandId, tellAcceptance } from '../../../commands.ts'
import { ApiError } from '../../../errors.ts'
import { AcceptedChange, AcceptedNotification, NotificationParams, type SendBody, SendBodySchema } from '../../../schemas/notification.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'
import { readerMeta } from './reader-meta.ts'

const route = 'POST /v1/notifications'

/** What can be taken back, or was: a repeat is no mistake. */
const cancellable: ReadonlySet<DeliveryStatus> = new Set(['scheduled', 'held', 'cancelled'])

/** POST /v1/notifications and DELETE /{id}. */
export const sendRoutes: FastifyPluginAsyncTypebox = async app => {
  app.post('', {
    config: { permission: 'notifications:send' },
    schema: {
      tags: ['notifications'],
      operationId: 'sendNotification',
      summary: 'Tell a reader something',
      description: 'On the channels that he chose for its kind, else on the one that is asked for and in his inbox. With a dedupeKey he is told the same thing once.',
      headers: IdempotencyHeaders,
      body: SendBodySchema,
      response: { 202: AcceptedNotification, ...problems(400, 401, 403, 409, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { services } = app
    const { body } = request
    check(body, services.clock.now())
    const key = request.headers['idempotency-key']
    const { userId, dedupeKey } = body
    const notificationId = uuidOfCommand(dedupeKey === undefined ? requestCommandId(request, { route, key }) : commandId('notification', userId, dedupeKey))
    const hash = bodyHash(body)
    const sealing = new Set(templates[body.template]?.sealed)
    const values = Object.entries(body.variables ?? {})
    const secret = Object.fromEntries(values.filter(([name]) => sealing.has(name)))
    const plain = Object.fromEntries(values.filter(([name]) => !sealing.has(name)))
    // Before it is accepted: whoever writes to somebody who was erased is told so.
    const sealed = sealing.size === 0 ? null : await encryptPersonal(services.keys, customerKeyId(userId), 'secret', secret)
    const acceptance = await acceptCommand(services, request, {
      route,
      key,
      body,
      known: async () => dedupeKey === undefined ? (await services.notifications.queries.find(notificationId))?.bodyHash ?? undefined : undefined,
      command: (meta): NotificationRequested => ({
        type: 'NotificationRequested',
        meta: {
          eventId: uuidOfCommand(meta.commandId),
          occurredAt: meta.issuedAt,
          correlationId: meta.correlationId,
          causationId: meta.commandId,
          aggregateVersion: 0,
          tenant: meta.tenant
        },
        notificationId,
        userId,
        channel: body.channel ?? 'email',
        template: body.template,
        orderId: null,
        variables: plain,
        recipient: null,
        sealed,
        urgent: body.urgent ?? false,
        notBefore: body.notBefore === undefined ? null : Date.parse(body.notBefore),
        locale: body.locale ?? null,
        bodyHash: hash
      })
    })
    const location = tellAcceptance(reply, `/v1/notifications/${notificationId}`, { ...acceptance, position: undefined })
    return await reply.code(202).send({ notificationId, status: 'accepted', location })
  })

  app.delete('/:id', {
    config: { permission: 'notifications:send' },
    schema: {
      tags: ['notifications'],
      operationId: 'cancelNotification',
      summary: 'Take a notification back',
      description: 'As long as it waits for its time, the morning or a digest. What is on its way arrives.',
      params: NotificationParams,
      response: { 202: AcceptedChange, ...problems(400, 401, 403, 404, 409, 429, 503) }
    }
  }, async (request, reply) => {
    const { id: notificationId } = request.params
    const row = await app.services.notifications.queries.find(notificationId)
    if (row === undefined) throw new ApiError('API_NOT_FOUND')
    if (!row.deliveries.some(({ status }) => cancellable.has(status))) throw new ApiError('API_STATE_FORBIDS', 'nothing of it waits any more')
    const command = { type: 'CancelNotification', meta: readerMeta(app.services, request), userId: row.userId, notificationId } as const
    await app.services.commandLog.append(command, { traceparent: traceparentOf(request.headers) })
    return await reply.code(202).send({ status: 'accepted' })
  })
}

/** @throws {ApiError} API_REQUEST_INVALID for what the processor would fail. */
function check ({ template, variables = {}, notBefore }: SendBody, nowMs: number): void {
  const refuse = (field: string, message: string): never => { throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field, message }] }) }
  const declared = templates[template]
  const names = [...declared?.variables ?? [], ...declared?.sealed ?? []]
  for (const name of names) if (variables[name] === undefined) refuse(`/variables/${name}`, 'is needed by the template')
  for (const name of Object.keys(variables)) if (!names.includes(name)) refuse(`/variables/${name}`, 'is not known to the template')
  if (notBefore !== undefined && Date.parse(notBefore) > nowMs + maxAheadMs) refuse('/notBefore', 'is more than 14 days from now')
}
