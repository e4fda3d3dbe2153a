import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'tap'
import { loadOrCreateSecret } from '../../../ops/platform/secret-file.ts'

test('a secret is made once, for its owner only, and read by everybody who starts at the same time', async t => {
  const file = join(t.testdir(), 'keys', 'personal.key')
  const secrets = await Promise.all(Array.from({ length: 5 }, async () => await loadOrCreateSecret(file, 32)))
  t.equal(new Set(secrets.map(secret => secret.toString('hex'))).size, 1)
  t.equal(secrets[0]?.length, 32)
  t.equal((await stat(file)).mode & 0o777, 0o600)
})

test('a secret of another length is refused, never replaced', async t => {
  const file = join(t.testdir(), 'short.key')
  await writeFile(file, Buffer.from('short').toString('base64'))
  await t.rejects(loadOrCreateSecret(file, 32), /holds 5 bytes, not 32/)
})
