import { type Static, type TSchema, Type } from 'typebox'
import { webhookDeliveryStatusSymbols, webhookStopSymbols } from '#schemas'
import { eventGroups, eventNames } from '../../topology/webhooks/public-events.ts'

const strict = { additionalProperties: false } as const
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const messageId = '^msg_[0-9a-z]{9}[0-9a-f]{24}$'

const exampleId = '3f1c8a52-7a6e-8c1d-9d3b-2f6a1f0c9e11'
const exampleMessage = 'msg_0mjuohs0199decaa43747b1f2d301467a'

/** Paths of one subscription, and of one of its messages. */
export const WebhookParams = Type.Object({ id: Type.String({ pattern: uuid, description: 'Id of the subscription: a UUID in lower case.' }) })
export const DeliveryParams = Type.Object({
  ...WebhookParams.properties, messageId: Type.String({ pattern: messageId, description: 'Id of the message, as the header webhook-id has it.' })
})

const Url = Type.String({ format: 'uri', maxLength: 2000, description: 'Where messages are posted to: https, a public name or address, port 443 or 8443.' })
const EventTypes = Type.Array(Type.Enum([...eventNames, ...eventGroups]), {
  minItems: 1, maxItems: 50, uniqueItems: true, description: 'Names of events, or groups such as orders.*; GET /v1/webhooks/event-types lists them.'
})
const Description = Type.String({ maxLength: 200, description: 'What it is for, in words for people; no personal data.' })

/** What a client sends to subscribe. */
export const SubscribeBodySchema = Type.Object({ url: Url, eventTypes: EventTypes, description: Type.Optional(Description) }, {
  ...strict,
  description: 'A subscription.',
  examples: [{ url: 'https://hooks.example.com/commerce', eventTypes: ['orders.*', 'payments.failed'], description: 'accounting' }]
})

/** What is to be another at a subscription. */
export const ChangeWebhookBodySchema = Type.Object({
  url: Type.Optional(Url),
  eventTypes: Type.Optional(EventTypes),
  description: Type.Optional(Description),
  status: Type.Optional(Type.Enum(['active', 'disabled'], { description: 'active: messages are sent again, those that waited included. disabled: none is sent.' }))
}, { ...strict, minProperties: 1, description: 'What is named is replaced, the rest stays.', examples: [{ status: 'active' }] })

/** What a client sends to change a secret. */
export const RotateBodySchema = Type.Object({
  overlapS: Type.Optional(Type.Integer({
    minimum: 0, maximum: 604_800, default: 86_400, description: 'How long the secrets before still sign, seconds. 0 where one was lost to somebody.'
  }))
}, { ...strict, description: 'How the secret is changed.', examples: [{ overlapS: 86_400 }] })

/** What a client sends to have messages sent again. */
export const ResendBodySchema = Type.Object({
  from: instant('Events from then on.'),
  until: Type.Optional(instant('Events before. Left out: up to now.')),
  onlyFailed: Type.Optional(Type.Boolean({ default: true, description: 'False: those that arrived, too.' }))
}, { ...strict, description: 'Which messages.', examples: [{ from: '2026-03-02T09:00:00Z', until: '2026-03-02T10:00:00Z' }] })

/** A subscription as its owner sees it. */
export const WebhookBodySchema = Type.Object({
  webhookId: Type.String(),
  url: Type.String(),
  eventTypes: Type.Array(Type.String()),
  description: Type.String(),
  status: Type.Enum(['active', 'disabled'], { description: 'Whether messages are sent.' }),
  disabledReason: nullable(Type.Enum([...webhookStopSymbols], {
    description: 'exhausted: a message failed six times. gone: the endpoint answered 410. owner: you wanted it so. access: your rights were changed.'
  })),
  isFailing: Type.Boolean({ description: 'True: the last tries failed, and nothing new is sent until one of them arrives.' }),
  failuresInRow: Type.Integer({ description: 'Tries that failed since the last one that did not.' }),
  lastSuccessAt: nullable(instant('When a message arrived last.')),
  secrets: Type.Array(Type.Object({
    secretId: Type.String({ description: 'Names the secret. The secret itself is shown once.' }),
    signsUntil: nullable(instant('When it signs no more; null = it is the newest.'))
  }), { description: 'Secrets that sign now, the newest first.' }),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it was changed last.')
}, { description: 'A subscription.' })
export type WebhookBody = Static<typeof WebhookBodySchema>

const Secret = Type.String({ description: 'The secret, whsec_ and base64. It is shown here and never again: keep it.' })

/** A subscription with a secret that is new. */
export const WebhookWithSecretSchema = Type.Object({ ...WebhookBodySchema.properties, secret: Secret }, {
  description: 'A subscription, and its new secret.',
  examples: [{
    webhookId: exampleId,
    url: 'https://hooks.example.com/commerce',
    eventTypes: ['orders.*', 'payments.failed'],
    description: 'accounting',
    status: 'active',
    disabledReason: null,
    isFailing: false,
    failuresInRow: 0,
    lastSuccessAt: null,
    secrets: [{ secretId: '5c1b2e0f9a7d4c38', signsUntil: null }],
    createdAt: '2026-03-02T09:00:00.000Z',
    updatedAt: '2026-03-02T09:00:00.000Z',
    secret: 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
  }]
})

/** Every subscription of an account. */
export const WebhookListSchema = Type.Object({ items: Type.Array(WebhookBodySchema) }, { description: 'Your subscriptions.' })

/** What can be subscribed to. */
export const EventTypesSchema = Type.Object({
  version: Type.String({ description: 'Version of the payload.' }),
  items: Type.Array(Type.Object({
    name: Type.String({ description: 'Name of the event, the type of its message.' }),
    group: Type.String({ description: 'Asks for all events of its group.' }),
    description: Type.String({ description: 'When it happens.' })
  }))
}, { description: 'Every event that can be subscribed to.' })

const Attempt = Type.Object({
  at: instant('When the try ended.'),
  code: Type.String({ description: 'delivered, or why not: refused, redirected, gone, timeout, unreachable, unresolved, url-refused, address-refused, no-place.' }),
  status: nullable(Type.Integer({ description: 'HTTP status of your answer.' })),
  tookMs: Type.Integer({ description: 'How long it took, ms.' }),
  excerpt: Type.String({ description: 'Beginning of your answer, at most 512 characters.' }),
  mayBeTwice: Type.Boolean({ description: 'True: a process was lost over it, and it was sent again: you may have had it once more.' })
}, { description: 'One try.' })

const summary = {
  messageId: Type.String({ description: 'Id of the message: the header webhook-id, the same over every try.' }),
  eventType: Type.String({ description: 'Name of the event.' }),
  subject: Type.String({ description: 'What it is about, such as the order id.' }),
  createdAt: instant('When the message was made.'),
  status: Type.Enum([...webhookDeliveryStatusSymbols], { description: 'waiting for its turn, sending, retrying, delivered, or failed: given up.' }),
  tries: Type.Integer({ description: 'Tries of this round; a resend begins a new one.' }),
  nextTryAt: nullable(instant('When it is tried again.'))
}

/** A message in the log of a subscription. */
export const DeliverySummarySchema = Type.Object({ ...summary, lastAttempt: nullable(Attempt) }, { description: 'A message.' })
export type DeliverySummary = Static<typeof DeliverySummarySchema>

/** A message whole. */
export const DeliveryBodySchema = Type.Object({
  ...summary,
  lastAttempt: nullable(Attempt),
  attempts: Type.Array(Attempt, { description: 'The newest tries, oldest first.' }),
  body: Type.String({ description: 'What is posted, byte by byte.' })
}, { description: 'A message, what is posted, and its tries.' })
export type DeliveryBody = Static<typeof DeliveryBodySchema>

/** A page of the log of a subscription. */
export const DeliveryPageSchema = Type.Object({
  items: Type.Array(DeliverySummarySchema),
  next: nullable(Type.String({ description: 'Give it as `after` to go on; null = there are no more.' }))
}, { description: 'Messages, the newest first; kept for seven days.' })

export const DeliveryQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20, description: 'How many at most.' })),
  after: Type.Optional(Type.String({ pattern: messageId, description: `\`next\` of the page before, such as ${exampleMessage}.` }))
}, strict)

/** The answer to what is done in its turn. */
export const AcceptedSchema = Type.Object({
  status: Type.Literal('accepted'),
  location: Type.String({ description: 'Where it can be seen.' })
}, { description: 'It is in the log and will not be lost.' })
