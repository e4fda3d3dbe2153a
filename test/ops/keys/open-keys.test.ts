import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { openKeys, requireMasterKey } from '../../../ops/keys/open-keys.ts'

test('keys that nobody asks for need no master key, and make none', async t => {
  const dataDir = t.testdir()
  const keys = openKeys(loadConfig({ env: { COMMERCE_DATA_DIR: dataDir }, file: false }))
  keys.drop('customer/1')
  t.notOk(existsSync(join(dataDir, 'keys')))
  t.equal((await keys.dataKey('customer/1'))?.length, 32, 'one is made for the first that is asked for')
  t.ok(existsSync(join(dataDir, 'keys/personal.key')))
})

test('a master key that cannot be had ends the start with its place and the reason', async t => {
  const file = join(t.testdir(), 'personal.key')
  writeFileSync(file, 'no key\n')
  const config = loadConfig({ env: { COMMERCE_PERSONAL_KEY_FILE: file }, file: false })
  await t.rejects(requireMasterKey(config), { code: 'OPS_KEYS_UNAVAILABLE', message: /personal\.key: .*32 bytes in base64/ })
  const transit = { COMMERCE_KMS_URL: 'http://127.0.0.1:9/v1/transit', COMMERCE_KMS_TOKEN_FILE: join(t.testdir(), 'none') }
  await t.rejects(requireMasterKey(loadConfig({ env: transit, file: false })), { code: 'OPS_KEYS_UNAVAILABLE', message: /127\.0\.0\.1:9.*ENOENT/ })
})
