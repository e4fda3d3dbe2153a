import { type Static, type TSchema, Type } from 'typebox'
import { deliveryStatusSymbols, notificationChannelSymbols, notificationKindSymbols } from '#schemas'
import { locales } from '../../sinks/index.ts'
import { maxSubscriptions } from '../../topology/notifications/reader.ts'
import { digestTemplate, templates } from '../../topology/notifications/templates.ts'

const strict = { additionalProperties: false } as const
const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
const instant = (description: string) => Type.String({ format: 'date-time', description })
const uuid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const ChannelName = Type.Enum([...notificationChannelSymbols], { description: 'How a reader is reached.' })
const Kind = Type.Enum([...notificationKindSymbols], { description: 'What it is about.' })
/** Language, script, region and a variant: all that tells letters apart, and nothing that `Intl` does not know. */
export const languageTag = '^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-([A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))?$'
const LanguageTag = Type.String({ pattern: languageTag, description: 'Language, BCP 47: language, script, region and a variant.' })
const shown = Object.keys(templates).filter(name => name !== digestTemplate)
/** Letters about accounts are the platform's own: nobody else says that a password was changed. */
export const askable = shown.filter(name => templates[name]?.kind !== 'account')

export const NotificationParams = Type.Object({ id: Type.String({ pattern: uuid, description: 'Id of the notification: a UUID in lower case.' }) })
export const TemplateParams = Type.Object({ name: Type.Enum(shown, { description: 'Name of the template.' }) })

const ValueName = Type.String({ pattern: '^[A-Za-z]{1,40}$' })
const Values = Type.Record(ValueName, Type.String({ maxLength: 4000 }), {
  propertyNames: ValueName, maxProperties: 20, description: 'Values for the template, by name. What is written by hand is encrypted before it is written anywhere.'
})

export const SendBodySchema = Type.Object({
  userId: Type.String({ pattern: uuid, description: 'Account of the reader.' }),
  template: Type.Enum(askable, { description: 'Name of the template.' }),
  variables: Type.Optional(Values),
  channel: Type.Optional(ChannelName),
  urgent: Type.Optional(Type.Boolean({ description: 'Does not wait for the morning, nor for a digest.' })),
  notBefore: Type.Optional(instant('When it is to be delivered: within 14 days.')),
  locale: Type.Optional(LanguageTag),
  dedupeKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Tells the reader the same thing once, whoever sends it and however often.' }))
}, {
  ...strict,
  description: 'Something to tell a reader.',
  examples: [{ userId: '1b4e28ba-2fa1-41d2-883f-0016d3cca427', template: 'message', variables: { subject: 'Your parcel', body: 'It waits for you at the counter.' } }]
})
export type SendBody = Static<typeof SendBodySchema>

export const AcceptedNotification = Type.Object({
  notificationId: Type.String(), status: Type.Literal('accepted'), location: Type.String({ description: 'Where the notification can be read.' })
}, { description: 'It is in the log and will not be lost.' })

export const NotificationBodySchema = Type.Object({
  notificationId: Type.String(),
  kind: Kind,
  template: Type.String(),
  orderId: nullable(Type.String()),
  requestedAt: instant('When it was asked for.'),
  subject: nullable(Type.String({ description: 'Null = it carries a secret, or its reader was erased.' })),
  text: nullable(Type.String({ description: 'What it says, without mark-up.' })),
  isRead: Type.Boolean({ description: 'True when its reader has seen his inbox since.' }),
  deliveries: Type.Array(Type.Object({
    channel: ChannelName,
    status: Type.Enum([...deliveryStatusSymbols], { description: 'Where it stands.' }),
    tries: Type.Integer({ description: 'Calls that were made.' }),
    code: nullable(Type.String({ description: 'Why it ended, or is tried again.' })),
    mayBeTwice: Type.Boolean({ description: 'True when an answer was lost.' }),
    at: instant('When it came to where it stands.')
  }))
}, { description: 'A notification and what became of it.' })
export type NotificationBody = Static<typeof NotificationBodySchema>

export const InboxSchema = Type.Object({ items: Type.Array(NotificationBodySchema), unread: Type.Integer({ description: 'How many of them were not seen.' }) }, {
  description: 'The newest 50 of what I was told, newest first.'
})

const minutes = (description: string) => Type.Integer({ minimum: 0, maximum: 1_439, description: `${description} Minutes after midnight.` })
const PushSubscription = Type.Object({
  endpoint: Type.String({ maxLength: 1000, format: 'uri', description: 'Address at the push service of the browser.' }),
  keys: Type.Object({ p256dh: Type.String({ maxLength: 120 }), auth: Type.String({ maxLength: 60 }) }, strict)
}, strict)

const preferences = {
  locale: nullable(LanguageTag),
  timeZone: nullable(Type.String({ maxLength: 64, description: 'Time zone of the quiet hours, IANA.' })),
  quietHours: nullable(Type.Object({ from: minutes('When they begin.'), until: minutes('When they end.') }, strict)),
  choices: Type.Array(Type.Object({ kind: Kind, channels: Type.Array(ChannelName, { maxItems: 4, uniqueItems: true }) }, strict), {
    maxItems: 4, description: 'Channels by kind, none = silence. What concerns the safety of an account comes all the same.'
  })
}

export const PreferencesBodySchema = Type.Object({
  ...preferences,
  phone: Type.Optional(nullable(Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$', description: 'Phone number, E.164; encrypted before it is written anywhere.' }))),
  pushSubscriptions: Type.Optional(Type.Array(PushSubscription, { maxItems: maxSubscriptions, description: 'Subscriptions of my browsers; encrypted before they are written anywhere.' }))
}, {
  ...strict,
  description: 'How I want to be told things.',
  examples: [{
    locale: 'de', timeZone: 'Europe/Berlin', quietHours: { from: 1320, until: 420 }, choices: [{ kind: 'order', channels: ['email', 'inApp'] }]
  }]
})
export type PreferencesBody = Static<typeof PreferencesBodySchema>

export const PreferencesSchema = Type.Object({
  ...preferences,
  hasPhone: Type.Boolean(),
  browsers: Type.Integer({ description: 'Subscriptions that are kept.' }),
  refused: Type.Array(ChannelName, { description: 'Channels on which my address was refused: nothing is sent there until I change it.' })
})

export const ReadBodySchema = Type.Object({ upTo: Type.Optional(instant('Everything asked for until then. Left out: now.')) }, {
  ...strict, description: 'I have seen my inbox.', examples: [{ upTo: '2026-03-02T09:30:00Z' }]
})

export const AcceptedChange = Type.Object({ status: Type.Literal('accepted') }, { description: 'It is in the log and will not be lost.' })

export const TemplateListSchema = Type.Object({
  items: Type.Array(Type.Object({ name: Type.String(), kind: Kind, variables: Type.Array(Type.String()), locales: Type.Array(Type.Enum([...locales])) }))
})

export const PreviewBodySchema = Type.Object({
  variables: Values, locale: Type.Optional(LanguageTag), timeZone: Type.Optional(Type.String({ maxLength: 64 }))
}, {
  ...strict, description: 'Values to fill a template with.', examples: [{ variables: { subject: 'Your parcel', body: 'It waits for you at the counter.' }, locale: 'en' }]
})
export const PreviewSchema = Type.Object({ subject: Type.String(), short: Type.String(), text: Type.String(), html: Type.String() }, { description: 'The template in words.' })
