import { resolve } from 'node:path'
import { test } from 'tap'
import { StreamsError } from '#streams'
import { createMemoryBackend } from '#streams/testing'
import { loadConfig } from '../../../ops/config.ts'
import { checkState, openRedis } from '../../../ops/platform/redis.ts'

test('a certificate authority that cannot be read, or is none, is refused by the name of its setting', async t => {
  const folder = t.testdir({ 'not-one.pem': 'hello' })
  for (const [file, message] of [['missing.pem', /COMMERCE_REDIS_CA_FILE cannot be read/], ['not-one.pem', /COMMERCE_REDIS_CA_FILE holds no certificate/]] as const) {
    const env = { COMMERCE_REDIS_URL: 'rediss://127.0.0.1:1', COMMERCE_REDIS_CA_FILE: resolve(folder, file) }
    t.throws(() => openRedis(loadConfig({ env, file: false }), env.COMMERCE_REDIS_URL), { code: 'OPS_CONFIG_INVALID', message })
  }
})

test('a Redis that cannot be used names the settings to look at, whatever is wrong with it', async t => {
  const config = loadConfig({ env: {}, file: false })
  t.throws(() => openRedis(config, 'redis://127.0.0.1:1/x'), { code: 'OPS_REDIS_UNUSABLE', message: /number of a database.*COMMERCE_REDIS_URL/s })
  const backend = createMemoryBackend().connect()
  const check = async (): Promise<void> => { throw new StreamsError('STR_STATE_EVICTING', { policy: 'allkeys-lru' }) }
  await t.rejects(checkState({ ...backend, check }), { code: 'OPS_REDIS_UNUSABLE', message: /allkeys-lru.*COMMERCE_REDIS_PASSWORD/s })
})
