import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { childEnvironment } from '../../ops/config.ts'
import { startPlatform } from '../../ops/load/platform.ts'
import { prepareShop } from '../../ops/load/shop.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { ensureWatchdog, newOwnFolder, remove } from '../support/shared-stack.ts'

/** `npm run test:secure`: the whole platform on a broker with TLS, users and rights, each of its processes in its own name. */
t.test('processors, sink and API do their work with the rights that provisioning gave each of them, and no others', async t => {
  const folder = newOwnFolder()
  ensureWatchdog()
  t.teardown(async () => { await remove(folder, () => {}) })
  const platform = await startPlatform(folder, { COMMERCE_PROVIDER: 'local', COMMERCE_KAFKA_SECURE: 'on' }, line => { t.comment(line) })
  t.teardown(async () => { await platform.close() })
  const { config, settings } = platform
  const summaryFile = join(folder, 'summary.json')
  const player = spawn(process.execPath, [
    resolve('ops/start.ts'), '--role', 'player', '--exit', '--orders', '60', '--seed', 'secure', '--summary', summaryFile
  ], { env: { ...childEnvironment(), ...settings }, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = await once(player, 'exit') as [number | null]
  t.equal(code, 0, 'every order is accounted for')
  const { orders, invariants, analytics } = JSON.parse(readFileSync(summaryFile, 'utf8')) as Summary
  t.match({ placed: orders.placed, open: orders.open, violations: invariants.violations }, { placed: 60, open: 0, violations: [] })
  t.equal(analytics.topicRecords, analytics.clickhouseRows)

  const shop = await prepareShop(config, `http://${config.host}:${config.ports.api}`, 4, line => { t.comment(line) })
  t.equal(shop.declined.length, 4, 'orders through the API reach the processors, and their answers the API')
  for (const role of ['processor', 'sink', 'api']) {
    t.notMatch(readFileSync(join(folder, 'logs', `${role}.log`), 'utf8'), /AUTHORIZATION_FAILED|STR_BROKER_REFUSED/, `${role} was refused nothing`)
  }
})
