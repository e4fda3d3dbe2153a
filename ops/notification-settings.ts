import { Type } from 'typebox'
import { pushServices } from '../sinks/index.ts'
import { secretsOf } from './payment-settings.ts'

/** How readers are reached outside of the platform; undefined = not that way. */
export interface NotificationSettings {
  /** Undefined = letters stay in the mailbox of development: `npm run mailbox`. */
  readonly email: { readonly url: string, readonly from: string, readonly policy: 'atLeastOnce' | 'atMostOnce' } | undefined
  readonly sms: { readonly url: string, readonly accountId: string, readonly token: string, readonly from: string, readonly statusUrl?: string } | undefined
  readonly push: { readonly subject: string, readonly publicKey: string, readonly privateKey: string, readonly hosts: readonly string[] } | undefined
  /** Secrets that sign the receipts of providers. */
  readonly receiptSecrets: readonly string[]
}

const text = (value: string, description: string, unit = 'text') => Type.String({ description, default: value, unit })

/** The settings of notifications, as part of all settings. */
export const notificationSettings = {
  COMMERCE_SMTP_URL: text('', 'Mail server: smtp://user:password@host:port, or smtps://. Empty: no mail is sent, and `npm run mailbox` shows the letters.', 'URL'),
  COMMERCE_MAIL_FROM: text('Commerce Streams <no-reply@commerce.local>', 'Sender of letters.'),
  COMMERCE_MAIL_POLICY: Type.Enum(['atLeastOnce', 'atMostOnce'], {
    description: 'What to do when the answer of the mail server is lost: send the letter again (the reader may have it twice), or not (he may have none, and it is called failed in doubt).',
    default: 'atLeastOnce',
    unit: 'name'
  }),
  COMMERCE_SMS_URL: text('', 'Origin of a provider of text messages that speaks Twilio\'s API, e.g. https://api.twilio.com. Empty: none are sent.', 'URL'),
  COMMERCE_SMS_ACCOUNT: text('', 'Account at that provider.'),
  COMMERCE_SMS_TOKEN: text('', 'Its token.', 'secret'),
  COMMERCE_SMS_FROM: text('', 'Number or name that text messages come from.'),
  COMMERCE_SMS_STATUS_URL: text('', 'Where that provider is to send receipts. Empty: nowhere.', 'URL'),
  COMMERCE_PUSH_SUBJECT: text('', 'Who sends pushes to browsers (VAPID): mailto:… or https://…. Empty: none are sent.', 'URL'),
  COMMERCE_PUSH_PUBLIC_KEY: text('', 'Public VAPID key, base64url.'),
  COMMERCE_PUSH_PRIVATE_KEY: text('', 'Private VAPID key, base64url.', 'secret'),
  COMMERCE_PUSH_HOSTS: text(pushServices.join(','), 'Hosts of push services that are sent to, separated by commas; one that begins with a dot stands for everything below it.', 'list'),
  COMMERCE_RECEIPT_SECRETS: text('', 'Secrets that sign receipts and bounces of notifications (whsec_…), separated by commas: two while one is changed. Empty: they are refused.', 'secrets')
}

type NotificationValues = { readonly [Name in keyof typeof notificationSettings]: string }

/** @throws {Error} naming the setting, what is wrong with it, and what it must be. */
export function groupNotifications (values: NotificationValues): NotificationSettings {
  const { COMMERCE_SMTP_URL: smtp, COMMERCE_MAIL_FROM: from, COMMERCE_SMS_URL: sms, COMMERCE_SMS_STATUS_URL: statusUrl } = values
  const { COMMERCE_PUSH_SUBJECT: subject } = values
  if (smtp !== '' && !/^smtps?:$/.test(URL.parse(smtp)?.protocol ?? '')) throw new Error('COMMERCE_SMTP_URL must be an smtp or smtps URL')
  if (!/^[^\r\n]*<[^@\s<>]+@[^@\s<>]+>$|^[^@\s<>]+@[^@\s<>]+$/.test(from)) throw new Error('COMMERCE_MAIL_FROM must be an address, or a name and an address in angle brackets')
  if (sms !== '' && !isSafe(sms)) throw new Error('COMMERCE_SMS_URL must be an https URL: the token would go over the network in the clear')
  needs('COMMERCE_SMS_URL', sms, values, ['COMMERCE_SMS_ACCOUNT', 'COMMERCE_SMS_TOKEN', 'COMMERCE_SMS_FROM'])
  needs('COMMERCE_PUSH_SUBJECT', subject, values, ['COMMERCE_PUSH_PUBLIC_KEY', 'COMMERCE_PUSH_PRIVATE_KEY'])
  return {
    email: smtp === '' ? undefined : { url: smtp, from, policy: values.COMMERCE_MAIL_POLICY as 'atLeastOnce' | 'atMostOnce' },
    sms: sms === ''
      ? undefined
      : {
          url: new URL(sms).origin,
          accountId: values.COMMERCE_SMS_ACCOUNT,
          token: values.COMMERCE_SMS_TOKEN,
          from: values.COMMERCE_SMS_FROM,
          ...statusUrl === '' ? {} : { statusUrl }
        },
    push: subject === ''
      ? undefined
      : {
          subject,
          publicKey: values.COMMERCE_PUSH_PUBLIC_KEY,
          privateKey: values.COMMERCE_PUSH_PRIVATE_KEY,
          hosts: values.COMMERCE_PUSH_HOSTS.split(',').map(host => host.trim()).filter(host => host !== '')
        },
    receiptSecrets: secretsOf('COMMERCE_RECEIPT_SECRETS', values.COMMERCE_RECEIPT_SECRETS)
  }
}

/** Plain http only where nobody else listens. */
function isSafe (text: string): boolean {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname))
}

function needs (setting: string, value: string, values: NotificationValues, others: ReadonlyArray<keyof NotificationValues>): void {
  const missing = value === '' ? undefined : others.find(other => values[other] === '')
  if (missing !== undefined) throw new Error(`${missing} must be set when ${setting} is`)
}
