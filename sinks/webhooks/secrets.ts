import { hkdfSync } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** Bytes of the key that all secrets are derived from, and of a secret. */
export const webhookKeyBytes = 32

/**
 * The secret of a subscription, as its owner writes it: `whsec_` and base64. It is derived from the key of the platform and the name of the secret, so
 * that it lies nowhere: not in the log, not in a store, not in a dead letter. Who makes a subscription and who signs need the same key.
 */
export function webhookSecret (masterKey: Buffer, webhookId: string, secretId: string): string {
  const secret = Buffer.from(hkdfSync('sha256', masterKey, 'commerce.webhooks', `${webhookId}/${secretId}`, webhookKeyBytes))
  return `whsec_${secret.toString('base64')}`
}

/** What is signed: the bytes of the body, under an id and a time. */
export interface Signable { readonly messageId: string, readonly body: string, readonly atMs: number }

/**
 * The headers of a message, signed by each secret, the newest first: a receiver that knows any of them believes it.
 *
 * @source Standard Webhooks, "Signature scheme": HMAC-SHA256 over id, time and body, `v1,` and base64, separated by spaces.
 */
export function signatureHeaders ({ messageId, body, atMs }: Signable, secrets: readonly string[]): Record<string, string> {
  const at = new Date(atMs)
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(Math.floor(atMs / 1000)),
    'webhook-signature': secrets.map(secret => new Webhook(secret).sign(messageId, at, body)).join(' ')
  }
}
