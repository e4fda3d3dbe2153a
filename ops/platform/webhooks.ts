import { type WebhookRules } from '../../api/index.ts'
import { checkEndpoint } from '../../sinks/webhooks/endpoint-policy.ts'
import { createWebhookSender } from '../../sinks/webhooks/post-webhook.ts'
import { webhookKeyBytes, webhookSecret } from '../../sinks/webhooks/secrets.ts'
import { type WebhookSender } from '../../topology/webhooks/sender.ts'
import { type Config } from '../config.ts'
import { loadOrCreateSecret } from './secret-file.ts'

/** What posts webhooks, by the rules of this configuration. The key is read for the first message: a process that sends none needs none. */
export function openWebhookSender (config: Pick<Config, 'webhooks'>): WebhookSender {
  let opened: WebhookSender | undefined
  const open = async (): Promise<WebhookSender> => {
    const masterKey = await loadKey(config)
    opened ??= createWebhookSender({ masterKey, allowLoopback: config.webhooks.allowLoopback })
    return opened
  }
  return {
    send: async (call, signal) => await (opened ?? await open()).send(call, signal),
    close: async () => { await opened?.close() }
  }
}

/** How the API tells subscribers their secrets, and which endpoints it takes: as what posts them does. */
export async function openWebhookRules (config: Pick<Config, 'webhooks'>): Promise<WebhookRules> {
  const masterKey = await loadKey(config)
  return {
    secretOf: (webhookId, secretId) => webhookSecret(masterKey, webhookId, secretId),
    whyRefused: url => {
      const verdict = checkEndpoint(url, config.webhooks)
      return 'refused' in verdict ? verdict.refused : undefined
    }
  }
}

/** The key that secrets of webhooks are derived from. */
async function loadKey ({ webhooks }: Pick<Config, 'webhooks'>): Promise<Buffer> {
  return await loadOrCreateSecret(webhooks.keyFile, webhookKeyBytes)
}
