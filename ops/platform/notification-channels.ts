import { type NotificationReceipts } from '../../api/index.ts'
import { type Channel, TemplateSet, createMailbox, dispatchTo, guardChannel } from '../../sinks/index.ts'
import { type Channels, type OutsideChannel, templates } from '../../topology/index.ts'
import { checkSignature } from '../../topology/callbacks/signature.ts'
import { type KeyProvider, decryptPersonal } from '../../topology/personal.ts'
import { type Config } from '../config.ts'

/** The channels of a process, and what ends them. */
export interface NotificationChannels {
  readonly channels: Channels
  close (): Promise<void>
}

/**
 * The channels of this configuration, each behind a guard of its own. Libraries of providers are loaded only where they are used. Without a mail server
 * letters stay in the mailbox of development; channels that are not configured are not there.
 */
export async function openNotificationChannels ({ notifications }: Pick<Config, 'notifications'>, keys: KeyProvider): Promise<NotificationChannels> {
  const { email, sms, push } = notifications
  const opened = new Map<OutsideChannel, Channel>([
    ['email', email === undefined ? createMailbox('email') : (await import('../../sinks/notifications/email.ts')).createEmail(email)]
  ])
  if (sms !== undefined) opened.set('sms', (await import('../../sinks/notifications/sms.ts')).createSms(sms))
  if (push !== undefined) opened.set('push', (await import('../../sinks/notifications/push.ts')).createPush(push))
  const written = new TemplateSet(templates)
  const channels = Object.fromEntries([...opened].map(([name, channel]) => [
    name, dispatchTo(guardChannel(channel), { templates: written, open: async (kind, personal) => await decryptPersonal(keys, kind, personal) })
  ])) as Channels
  return { channels, close: async () => { for (const channel of opened.values()) await channel.close() } }
}

/** How receipts of providers are believed; without a secret nobody is. A signature lasts as long as that of any callback. */
export function openReceipts ({ notifications, carriers: { toleranceS } }: Pick<Config, 'notifications' | 'carriers'>): NotificationReceipts {
  const { receiptSecrets: secrets } = notifications
  return {
    check: (signature, body, nowMs) => secrets.length === 0 ? 'off' : checkSignature(signature, body, Math.floor(nowMs / 1000), { secrets, toleranceS })
  }
}
