import { test } from 'tap'
import { loadConfig } from '../../ops/config.ts'

const load = (env: Readonly<Record<string, string>>) => loadConfig({ env: { COMMERCE_DATA_DIR: '/data', ...env }, file: false }).webhooks

test('webhooks stay away from this machine unless the development switch is on, and their key lies in the data folder unless it is named', t => {
  t.same(load({}), { keyFile: '/data/keys/webhook.key', allowLoopback: false })
  t.same(load({ COMMERCE_WEBHOOK_LOCALHOST: 'on', COMMERCE_WEBHOOK_KEY_FILE: '/keys/webhook.key' }), { keyFile: '/keys/webhook.key', allowLoopback: true })
  t.throws(() => load({ COMMERCE_WEBHOOK_LOCALHOST: 'yes' }), { code: 'OPS_CONFIG_INVALID' })
  t.end()
})
