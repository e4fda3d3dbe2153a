import { resolve } from 'node:path'
import { Type } from 'typebox'
import { type Settings } from './config.ts'

/** Settings of outgoing webhooks, by environment variable. */
export const webhookSettings = {
  COMMERCE_WEBHOOK_KEY_FILE: Type.String({
    description: 'File of the key (32 bytes, base64) that the secrets of webhooks are derived from: the same for everything that serves the API or runs processors. Another key is other secrets, which no receiver knows. Empty: a key is made in the data folder at first use.',
    default: '',
    unit: 'path'
  }),
  COMMERCE_WEBHOOK_LOCALHOST: Type.Enum(['off', 'on'], {
    description: 'For development only: `on` lets webhooks go to this machine (localhost and loopback addresses), over http and at any port. Off, as it must be where others subscribe, they go over https to public addresses at port 443 or 8443, and nowhere else.',
    default: 'off',
    unit: 'switch'
  })
} as const

/** How webhooks are signed, and where they may go. */
export interface WebhookSettings {
  readonly keyFile: string
  readonly allowLoopback: boolean
}

export function groupWebhooks (values: Settings, dataDir: string): WebhookSettings {
  const { COMMERCE_WEBHOOK_KEY_FILE: file, COMMERCE_WEBHOOK_LOCALHOST: localhost } = values
  return { keyFile: file === '' ? resolve(dataDir, 'keys/webhook.key') : resolve(file), allowLoopback: localhost === 'on' }
}
