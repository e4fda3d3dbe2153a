import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { partitionOf } from '../../../../streams/kafka/murmur2.ts'
import { topics } from '../../../../topology/topics.ts'
import { parsePlace } from '../../../events/frames.ts'
import { type StreamLimits, StreamHeaders, checkPlace, createStreamServer, defaultStreamLimits, streamOf } from '../../../events/serve-stream.ts'
import { inboxTelling } from '../../../notifications/inbox-telling.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { problems } from '../../../schemas/problem.ts'

/** GET /v1/notifications/stream: what is in my inbox, and what comes into it, as server-sent events. */
export const streamInboxRoute: FastifyPluginAsyncTypebox<{ readonly limits?: StreamLimits }> = async (app, { limits = defaultStreamLimits }) => {
  const serve = createStreamServer(app, limits)

  app.get('/stream', {
    exposeHeadRoute: false,
    config: { permission: 'self', isLongLived: true },
    schema: {
      tags: ['notifications'],
      operationId: 'streamMyNotifications',
      summary: 'Follow my inbox',
      description: 'Server-sent events: what came into my inbox in the last 30 days first, the oldest first, then everything as it comes. The id of an event is its place in the log ' +
        '(partition-offset), its name `notification`, its data the notification as the inbox has it. With Last-Event-ID the stream goes on after that event: nothing is lost, nothing ' +
        'comes twice. A last event named `end` says why the stream ended: `token-expired`, `shutdown` or `slow-reader` (come back with Last-Event-ID).',
      headers: StreamHeaders,
      response: {
        200: streamOf('What comes into my inbox.', 'The notification as GET /v1/notifications has it'),
        ...problems(400, 401, 429, 503)
      }
    }
  }, async (request, reply) => {
    const { subject: userId } = principalOfRequest(request)
    const { keys, clock, notifications: { queries, letters, feed, history } } = app.services
    const last = request.headers['last-event-id']
    const place = last === undefined ? undefined : parsePlace(last)
    if (place !== undefined) await checkPlace(feed, userId, place, partitionOf(userId, topics.notifications.events.partitions))
    return await serve(request, reply, {
      key: userId,
      telling: inboxTelling({ userId, queries, letters, keys, clock }),
      from: place === undefined ? 0n : place.offset + 1n,
      feed,
      history,
      onFailure: error => { request.log.warn({ err: error }, 'an inbox cannot be read now') }
    })
  })
}
