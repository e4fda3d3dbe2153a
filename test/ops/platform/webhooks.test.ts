import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { openWebhookRules, openWebhookSender } from '../../../ops/platform/webhooks.ts'
import { tempFolder } from '../../support/temp-folder.ts'

test('what shows a secret and what signs with it have one key, which is made for whoever needs it first', async t => {
  const keyFile = join(tempFolder(t), 'keys/webhook.key')
  const config = { webhooks: { keyFile, allowLoopback: false } }
  const sender = openWebhookSender(config)
  t.teardown(async () => { await sender.close() })
  t.notOk(existsSync(keyFile), 'a process that sends nothing needs no key')
  const call = { type: 'WebhookCall', webhookId: 'w', ownerId: 'o', messageId: 'm', url: 'https://127.0.0.1/', body: '{}', secrets: [] } as const
  t.match(await sender.send(call, new AbortController().signal), { code: 'url-refused' })
  t.ok(existsSync(keyFile))
  const [here, there] = [await openWebhookRules(config), await openWebhookRules(config)]
  t.equal(here.secretOf('w', 's'), there.secretOf('w', 's'))
  t.type(here.whyRefused('https://127.0.0.1/'), 'string')
  t.equal(here.whyRefused('https://hooks.example.com/'), undefined)
})
