import { createWebhookSender } from '../../sinks/webhooks/post-webhook.ts'
import { webhookKeyBytes } from '../../sinks/webhooks/secrets.ts'
import { type WebhookSender } from '../../topology/webhooks/sender.ts'
import { type Config } from '../config.ts'
import { loadOrCreateSecret } from './secret-file.ts'

/** The key that secrets of webhooks are derived from. */
export async function loadWebhookKey ({ webhooks }: Pick<Config, 'webhooks'>): Promise<Buffer> {
  return await loadOrCreateSecret(webhooks.keyFile, webhookKeyBytes)
}

/** What posts webhooks, by the rules of this configuration. */
export async function openWebhookSender (config: Pick<Config, 'webhooks'>): Promise<WebhookSender> {
  return createWebhookSender({ masterKey: await loadWebhookKey(config), allowLoopback: config.webhooks.allowLoopback })
}
