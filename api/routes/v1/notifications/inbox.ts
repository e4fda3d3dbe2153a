import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { ApiError } from '../../../errors.ts'
import { isInInbox, notificationBody, readableBody } from '../../../notifications/view.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { AcceptedChange, InboxSchema, NotificationBodySchema, NotificationParams, ReadBodySchema } from '../../../schemas/notification.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'
import { readerMeta } from './reader-meta.ts'

/** GET /v1/notifications, /{id} and POST /read: what I was told. */
export const inboxRoutes: FastifyPluginAsyncTypebox = async app => {
  const { keys, notifications } = app.services

  app.get('', {
    config: { permission: 'self' },
    schema: {
      tags: ['notifications'],
      operationId: 'listMyNotifications',
      summary: 'My inbox',
      description: 'The newest 50 of what I was told, of the last 30 days, in my language.',
      response: { 200: InboxSchema, ...problems(401, 429, 503) }
    }
  }, async request => {
    const reader = await notifications.queries.reader(principalOfRequest(request).subject)
    const told = await notifications.queries.told(reader)
    const items = await Promise.all(told.filter(isInInbox).map(async row => await readableBody(row, reader, { letters: notifications.letters, keys })))
    return { items, unread: items.filter(({ isRead }) => !isRead).length }
  })

  app.get('/:id', {
    config: { permission: 'self' },
    schema: {
      tags: ['notifications'],
      operationId: 'getNotification',
      summary: 'Read a notification',
      description: 'Mine; with notifications:send anybody\'s, without its words.',
      params: NotificationParams,
      response: { 200: NotificationBodySchema, ...problems(400, 401, 404, 429, 503) }
    }
  }, async request => {
    const { subject, permissions } = principalOfRequest(request)
    const row = await notifications.queries.find(request.params.id)
    if (row === undefined || (row.userId !== subject && !permissions.has('notifications:send'))) throw new ApiError('API_NOT_FOUND')
    const reader = await notifications.queries.reader(row.userId)
    return row.userId === subject ? await readableBody(row, reader, { letters: notifications.letters, keys }) : notificationBody(row, reader)
  })

  app.post('/read', {
    config: { permission: 'self' },
    schema: {
      tags: ['notifications'],
      operationId: 'markNotificationsRead',
      summary: 'I have seen my inbox',
      body: ReadBodySchema,
      response: { 202: AcceptedChange, ...problems(400, 401, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { subject: userId } = principalOfRequest(request)
    const { clock, commandLog } = app.services
    const upTo = request.body.upTo === undefined ? clock.now() : Date.parse(request.body.upTo)
    await commandLog.append({ type: 'MarkNotificationsRead', meta: readerMeta(app.services, request), userId, upTo }, { traceparent: traceparentOf(request.headers) })
    return await reply.code(202).send({ status: 'accepted' })
  })
}
