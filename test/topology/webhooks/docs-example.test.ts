import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { test } from 'tap'
import { createWebhookSender } from '../../../sinks/webhooks/post-webhook.ts'
import { webhookSecret } from '../../../sinks/webhooks/secrets.ts'
import { type ToldEvent, messageOf } from '../../../topology/webhooks/public-events.ts'
import { orderConfirmed, orderOf, webhookId } from './webhook-world.ts'

const root = join(import.meta.dirname, '../../..')

test('the receiver of docs/webhooks.md believes what the platform posts, and nothing else', async t => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/webhooks.md'), 'utf8')) ?? []
  const folder = mkdtempSync(join(tmpdir(), 'webhook-docs-'))
  t.teardown(() => { rmSync(folder, { recursive: true }) })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'receiver.mts'), code)
  const masterKey = Buffer.alloc(32, 1)
  process.env['WEBHOOK_SECRET'] = webhookSecret(masterKey, webhookId, 's1')
  t.teardown(() => { delete process.env['WEBHOOK_SECRET'] })
  const { server } = await import(pathToFileURL(join(folder, 'receiver.mts')).href) as { readonly server: Server }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.closeAllConnections(); server.close() })

  const sender = createWebhookSender({ masterKey, allowLoopback: true })
  t.teardown(async () => { await sender.close() })
  const told = t.capture(console, 'log', () => {})
  const post = async (messageId: string, secretId: string) => await sender.send({
    type: 'WebhookCall',
    webhookId,
    ownerId: 'o',
    messageId,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    body: messageOf(orderConfirmed(1, 0) as ToldEvent)?.body ?? '',
    secrets: [{ secretId, until: null }]
  }, new AbortController().signal)
  t.match(await post('msg_1', 's1'), { code: 'delivered', status: 204 })
  t.match(await post('msg_1', 's1'), { code: 'delivered', status: 204 })
  t.match(await post('msg_2', 'other'), { code: 'refused', status: 400 })
  t.same(told.args(), [['orders.confirmed', orderOf(1)]], 'and acts once on a message that comes twice')
})
