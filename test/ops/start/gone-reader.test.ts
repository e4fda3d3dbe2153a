import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { test } from 'tap'
import { childEnvironment } from '../../../ops/config.ts'

test('a start ends by itself, in order, when nobody reads any more what it tells', async t => {
  const env = { ...childEnvironment(), COMMERCE_DATA_DIR: t.testdir(), COMMERCE_BROKERS: '127.0.0.1:9', COMMERCE_REGISTRY_URL: 'http://127.0.0.1:9' }
  const services = { COMMERCE_REDIS_URL: 'redis://127.0.0.1:9', COMMERCE_CLICKHOUSE_URL: 'http://127.0.0.1:9', COMMERCE_GATEWAY_URL: 'http://127.0.0.1:9' }
  const child = spawn(process.execPath, [resolve('ops/start.ts'), '--exit'], { env: { ...env, ...services }, stdio: ['ignore', 'pipe', 'pipe'] })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => { errors += text })
  child.stdout.destroy()
  const [code] = await once(child, 'exit') as [number]
  t.equal(code, 130, 'as when it is asked to end')
  t.notMatch(errors, /EPIPE/)
})
