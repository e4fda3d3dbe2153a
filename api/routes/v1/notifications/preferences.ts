import { type FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { type ReaderProfile } from '#schemas'
import { isPushEndpoint, pushServices } from '../../../../sinks/index.ts'
import { whyNoPreferences } from '../../../../topology/notifications/reader.ts'
import { encryptPersonal } from '../../../../topology/personal.ts'
import { customerKeyId } from '../../../../topology/privacy/subject.ts'
import { ApiError } from '../../../errors.ts'
import { principalOfRequest } from '../../../plugins/app/auth.ts'
import { AcceptedChange, PreferencesBodySchema, PreferencesSchema } from '../../../schemas/notification.ts'
import { problems } from '../../../schemas/problem.ts'
import { traceparentOf } from '../../../trace.ts'
import { readerMeta } from './reader-meta.ts'

/** How long an answer waits until it is known whether a change of certain preferences counted, ms. */
const waitMs = 5000

/** GET and PUT /v1/notifications/preferences: how I want to be told things. */
export const preferenceRoutes: FastifyPluginAsyncTypebox = async app => {
  app.get('/preferences', {
    config: { permission: 'self' },
    schema: {
      tags: ['notifications'],
      operationId: 'getMyPreferences',
      summary: 'How I want to be told things',
      description: 'The ETag is what a change has to name in If-Match to be one of these preferences and no others.',
      response: { 200: PreferencesSchema, ...problems(401, 429, 503) }
    }
  }, async (request, reply) => {
    const { profile } = await app.services.notifications.queries.reader(principalOfRequest(request).subject)
    const { locale, timeZone, quietFrom, quietUntil, choices, phone, pushSubscriptions, refused } = profile
    reply.header('etag', etagOf(profile))
    return {
      locale,
      timeZone,
      quietHours: quietFrom === null || quietUntil === null ? null : { from: quietFrom, until: quietUntil },
      choices: choices.map(({ kind, channels }) => ({ kind, channels: [...channels] })),
      hasPhone: phone !== null,
      browsers: pushSubscriptions.length,
      refused: [...refused]
    }
  })

  app.put('/preferences', {
    config: { permission: 'self' },
    schema: {
      tags: ['notifications'],
      operationId: 'setMyPreferences',
      summary: 'Say how I want to be told things',
      description: 'Counts for what I am told from then on. Addresses that are left out stay as they are. With If-Match a change of other preferences than those ' +
        'that were read is refused, also of two at the same moment the second one; the answer then comes when the change counts. Without it the last one counts.',
      headers: Type.Object({
        'if-match': Type.Optional(Type.String({ pattern: '^"\\d{1,15}"$', description: 'ETag of the preferences that the change is about.' }))
      }),
      body: PreferencesBodySchema,
      response: { 202: AcceptedChange, ...problems(400, 401, 409, 412, 413, 415, 422, 429, 503) }
    }
  }, async (request, reply) => {
    const { subject: userId } = principalOfRequest(request)
    const { keys, commandLog, notifications: { queries } } = app.services
    const { locale, timeZone, quietHours, choices, phone, pushSubscriptions } = request.body
    for (const [index, { endpoint }] of (pushSubscriptions ?? []).entries()) {
      if (!isPushEndpoint(endpoint, pushServices)) refuse(`/pushSubscriptions/${index}/endpoint`, 'is not one of a known push service')
    }
    const said = { type: 'SetNotificationPreferences', userId, locale, timeZone, quietFrom: quietHours?.from ?? null, quietUntil: quietHours?.until ?? null, choices } as const
    const problem = whyNoPreferences({ ...said, phone: null, pushSubscriptions: [], expectedVersion: null })
    if (problem !== undefined) refuse('', problem)
    const { profile: before } = await queries.reader(userId)
    const match = request.headers['if-match']
    if (match !== undefined && match !== etagOf(before)) throw new ApiError('API_VERSION_MISMATCH', `the preferences are at version ${before.version}`)
    const seal = async (contact: Readonly<Record<string, string>>) => await encryptPersonal(keys, customerKeyId(userId), 'contact', contact)
    const meta = readerMeta(app.services, request)
    const command = {
      ...said,
      expectedVersion: match === undefined ? null : before.version,
      meta,
      phone: phone === undefined ? before.phone : phone === null ? null : await seal({ phone }),
      pushSubscriptions: pushSubscriptions === undefined
        ? before.pushSubscriptions
        : await Promise.all(pushSubscriptions.map(async subscription => await seal({ subscription: JSON.stringify(subscription) })))
    }
    const position = await commandLog.append(command, { traceparent: traceparentOf(request.headers) })
    if (match !== undefined) {
      const { version, changedBy } = await queries.profileAfter({ position, clock: app.services.clock, timeoutMs: waitMs }, userId)
      if (!changedBy.includes(meta.commandId ?? '')) throw new ApiError('API_VERSION_MISMATCH', `the preferences are at version ${version}`)
    }
    return await reply.code(202).send({ status: 'accepted' })
  })
}

function etagOf ({ version }: Pick<ReaderProfile, 'version'>): string {
  return `"${version}"`
}

function refuse (field: string, message: string): never {
  throw new ApiError('API_REQUEST_INVALID', undefined, { errors: [{ field, message }] })
}
