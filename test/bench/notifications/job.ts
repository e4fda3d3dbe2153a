import { type NotificationRequested } from '#schemas'
import { type OutgoingRecord, NO_HEADERS, partitionOf } from '#streams'
import { encryptPersonal } from '../../../topology/personal.ts'
import { asUsual } from '../../../topology/notifications/request-notifications.ts'
import { topics } from '../../../topology/topics.ts'
import { derivedKeys } from '../../support/derived-keys.ts'

/** What the dispatcher is started with. */
export interface DispatcherJob {
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly smtpUrl: string
  /** Connections to the mail server; undefined = as many as the channel has by itself. */
  readonly connections: number | undefined
}

/** What the dispatcher tells when it has begun. */
export interface Ready { readonly kind: 'ready' }

/** What the mail server tells: where it is; and when each of its letters came, and what is wrong with them. */
export type FromMailServer =
  | { readonly kind: 'listening', readonly url: string }
  | { readonly kind: 'verdict', readonly arrivals: ReadonlyArray<readonly [no: number, atMs: number]>, readonly problems: readonly string[], readonly connections: number }

export const sender = 'Shop <shop@example.com>'
/** Of both processes: addresses are sealed by the one and opened by the other. */
export const keys = derivedKeys(Buffer.alloc(32, 7))

export const idOf = (no: number): string => `00000000-0000-4000-8000-${String(no).padStart(12, '0')}`
export const addressOf = (no: number): string => `guest-${no}@example.com`
export const subjectOf = (no: number): string => `Your order ${idOf(no)}`
/** Number of the notification that a letter is about, by its Message-ID. */
export const numberOf = (messageId: string): number => Number(/^<00000000-0000-4000-8000-(\d{12})@example\.com>$/.exec(messageId)?.[1] ?? -1)

/** The request that a guest is told of his order: a reader of his own, so that none is told in a digest. */
export async function requestRecord (no: number): Promise<OutgoingRecord> {
  const orderId = idOf(no)
  const request: NotificationRequested = {
    type: 'NotificationRequested',
    meta: { eventId: orderId, occurredAt: 0, correlationId: orderId, causationId: orderId, aggregateVersion: 0, tenant: 'default' },
    notificationId: orderId,
    userId: orderId,
    channel: 'email',
    template: 'order-created',
    orderId,
    variables: { orderId, currency: 'GBP', total: '1234.5000', lines: '5' },
    recipient: await encryptPersonal(keys, `order/${orderId}`, 'contact', { email: addressOf(no) }),
    sealed: null,
    ...asUsual
  }
  const { name: topic, partitions, value } = topics.notifications.requests
  return { topic, partition: partitionOf(orderId, partitions), key: Buffer.from(orderId), value: value.encode(request), headers: NO_HEADERS }
}
