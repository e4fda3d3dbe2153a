import { type AuthorizePayment, type NotificationRequested, type OrderConfirmed } from '#schemas'
import { type OutgoingRecord, type ProcessorDef, NO_HEADERS, type TopicDef, type TypedValue, partitionOf } from '#streams'
import { type Channel, TemplateSet, dispatchTo } from '../../../sinks/index.ts'
import { createEmail } from '../../../sinks/notifications/email.ts'
import { createSms } from '../../../sinks/notifications/sms.ts'
import { createWebhookSender } from '../../../sinks/webhooks/post-webhook.ts'
import { asUsual } from '../../../topology/notifications/request-notifications.ts'
import { decryptPersonal, encryptPersonal } from '../../../topology/personal.ts'
import {
  type ChannelPort, createHttpGateway, createNotificationsProcessor, createPaymentsProcessor, createWebhooksProcessor, templates, topics
} from '../../../topology/index.ts'
import { derivedKeys } from '../../support/derived-keys.ts'
import { type Application, type ProviderUrls } from './messages.ts'
import { type Promised } from './moments.ts'
import { type Trap } from './trap.ts'

/** An effect whose process is killed. */
export interface EffectCase {
  readonly name: string
  readonly application: Application
  readonly promised: Promised
  /** The record that leads to the effect, in the task that carries it out. */
  readonly recordType: string
  /** Asks for effect `no`. */
  readonly ask: (no: number) => Promise<OutgoingRecord>
  /** How the ledger of its provider names effect `no`. */
  readonly entry: (no: number) => string
}

export const idOf = (no: number): string => `00000000-0000-4000-8000-${String(no).padStart(12, '0')}`
export const ownerId = 'owner-1'
export const webhookId = '00000000-0000-4000-8000-0000000000a1'
const keys = derivedKeys(Buffer.alloc(32, 7))
const meta = (no: number) => ({ eventId: idOf(no), occurredAt: no, correlationId: 'c', causationId: 'c', aggregateVersion: 5, tenant: 'default' })

export function recordOf<V extends TypedValue> (topic: TopicDef<V>, key: string, value: V): OutgoingRecord {
  return { topic: topic.name, partition: partitionOf(key, topic.partitions), key: Buffer.from(key), value: topic.value.encode(value), headers: NO_HEADERS }
}

/** A guest is told something short on that channel. */
async function notification (no: number, channel: 'email' | 'sms'): Promise<OutgoingRecord> {
  const contact: Readonly<Record<string, string>> = channel === 'email' ? { email: 'guest@example.com' } : { phone: '+441' }
  const request: NotificationRequested = {
    type: 'NotificationRequested',
    meta: meta(no),
    notificationId: idOf(no),
    userId: idOf(no),
    channel,
    template: 'low-stock',
    orderId: null,
    variables: { sku: String(no), available: '1', reorderLevel: '2' },
    recipient: await encryptPersonal(keys, `order/${idOf(no)}`, 'contact', contact),
    sealed: null,
    ...asUsual
  }
  return recordOf(topics.notifications.requests, request.userId, request)
}

async function confirmation (no: number): Promise<OutgoingRecord> {
  const event: OrderConfirmed = {
    type: 'OrderConfirmed', meta: meta(no), orderId: idOf(no), total: 10_000n, currency: 'GBP', lines: [], customerId: 'customer-1', placedAt: no
  }
  return recordOf(topics.orders.events, event.orderId, event)
}

async function authorisation (no: number): Promise<OutgoingRecord> {
  const commandMeta = { commandId: `authorise-${no}`, bodyHash: null, issuedAt: no, correlationId: 'c', principal: null, tenant: 'default' }
  const command: AuthorizePayment = { type: 'AuthorizePayment', meta: commandMeta, orderId: idOf(no), attempt: 1, amount: 10_000n, currency: 'GBP', method: 'card', token: 'tok_ok' }
  return recordOf(topics.payments.commands, command.orderId, command)
}

const words = new TemplateSet(templates)
/** What a text message about effect `no` says. */
const shortOf = (no: number): string => words.render('low-stock', { sku: String(no), available: '1', reorderLevel: '2' }, { locale: 'en', timeZone: null }).short
const email = {
  application: 'notifications',
  recordType: 'NotificationRequested',
  ask: async (no: number) => await notification(no, 'email'),
  entry: (no: number) => `email ${idOf(no)}`
} as const

export const effectCases: readonly EffectCase[] = [
  { name: 'e-mail', promised: 'atLeastOnce', ...email },
  { name: 'e-mail, at most once', promised: 'atMostOnce', ...email },
  { name: 'text message', promised: 'once', ...email, ask: async no => await notification(no, 'sms'), entry: no => `sms ${shortOf(no)}` },
  { name: 'webhook', application: 'webhooks', promised: 'atLeastOnce', recordType: 'WebhookDue', ask: confirmation, entry: no => `webhook ${idOf(no)}` },
  { name: 'payment', application: 'payments', promised: 'once', recordType: 'AuthorizePayment', ask: authorisation, entry: no => `payment ${idOf(no)}` }
]

/** The processor of a case, as the platform puts it together, with the trap around its calls. */
export function processorOf ({ application, promised }: Pick<EffectCase, 'application' | 'promised'>, urls: ProviderUrls, trap: Trap): ProcessorDef {
  switch (application) {
    case 'notifications': {
      const policy = promised === 'atMostOnce' ? promised : 'atLeastOnce'
      const channels = {
        email: createEmail({ url: urls.smtp, from: 'Shop <shop@example.com>', policy }),
        sms: createSms({ url: urls.sms, accountId: 'AC1', token: 'secret', from: '+440' })
      }
      return createNotificationsProcessor({ channels: { email: portOf(channels.email, trap), sms: portOf(channels.sms, trap) } })
    }
    case 'webhooks': {
      const sender = createWebhookSender({ masterKey: Buffer.alloc(32, 3), allowLoopback: true })
      return createWebhooksProcessor({ sender: { ...sender, send: trap.around(sender.send) } })
    }
    case 'payments': {
      const gateway = createHttpGateway({ url: urls.gateway })
      return createPaymentsProcessor({ gateway: { ...gateway, authorise: trap.around(gateway.authorise) } })
    }
  }
}

/** A repeat is made a second after a takeover: so long an earlier call may take here. */
function portOf (channel: Channel, trap: Trap): ChannelPort {
  const trapped = { ...channel, send: trap.around(channel.send) }
  return { ...dispatchTo(trapped, { templates: words, open: async (kind, personal) => await decryptPersonal(keys, kind, personal) }), timeoutMs: 1_000 }
}
