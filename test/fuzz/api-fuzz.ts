import { join } from 'node:path'
import { test } from 'tap'
import { toRecord } from '../../ops/play/commands.ts'
import { type Config } from '../../ops/config.ts'
import { type Role } from '../../api/index.ts'
import { topics } from '../../topology/topics.ts'
import { newProduct } from '../support/orders.ts'
import { usePlatform } from '../support/platform.ts'
import { type FuzzResult, runSchemathesis } from './run-schemathesis.ts'

/*
 * Every operation of the API against its own description, by schemathesis: its examples, the edges of its schemas, random cases and
 * sequences of calls, once without a token and once for each role: `npm run test:api-fuzz`. Some of these users, or fewer cases for
 * each operation: `npm run test:api-fuzz -- --test-arg=Admin --test-arg=Support --test-arg=cases=5`.
 */

const seed = 20_260_301
const callbackSecret = 'whsec_0123456789abcdef'
const folder = join(import.meta.dirname, '../../.cache/api-fuzz')

/** More than anybody sends in a run. */
const unlimited = { max: 1_000_000_000, windowMs: 1000 }

const everybody: ReadonlyArray<Role | 'nobody'> = ['nobody', 'Customer', 'Support', 'WarehouseManager', 'Analyst', 'ServiceAccount', 'Admin']

const { cases: [maxExamples = 25], users: named } = readArguments(process.argv.slice(2))
const users = named.length === 0 ? everybody : named

function readArguments (args: readonly string[]) {
  const cases = args.flatMap(argument => /^cases=([1-9]\d{0,4})$/.exec(argument)?.[1] ?? []).map(Number)
  const users = everybody.filter(user => args.includes(user))
  if (cases.length + users.length < args.length) throw new RangeError(`what may be named: cases=N, ${everybody.join(', ')}`)
  return { cases, users }
}

function configure (config: Config): Config {
  return {
    ...config,
    identity: { ...config.identity, limits: { account: unlimited, address: unlimited } },
    payments: { ...config.payments, callbackSecrets: [callbackSecret] },
    carriers: { ...config.carriers, secrets: [callbackSecret] },
    notifications: { ...config.notifications, receiptSecrets: [callbackSecret] }
  }
}

test('every operation keeps to its description', async t => {
  const platform = await usePlatform(t, { configure })
  if (platform === undefined) return
  const [product, stock] = newProduct('DEMO-MUG', 1_000_000)
  await platform.send(toRecord(topics.catalog.commands, product.sku, product), toRecord(topics.inventory.commands, stock.sku, stock))
  const started = performance.now()
  const results: FuzzResult[] = []
  for (const user of users) {
    await t.test(`as ${user}`, async t => {
      const token = user === 'nobody' ? undefined : await platform.token(user, `fuzz-${user}`)
      const result = await runSchemathesis({ url: platform.apiUrl, token, callbackSecret, seed, maxExamples, folder, name: user })
      results.push(result)
      t.equal(result.exitCode, 0, `${result.cases} cases, ${result.failures} failures`)
      for (const line of result.text.split('\n')) t.comment(line)
    })
  }
  t.same(platform.streams.health().reasons, [], 'nothing has failed')
  const sum = (count: (result: FuzzResult) => number) => results.reduce((total, result) => total + count(result), 0)
  t.comment(`${results[0]?.operations ?? 0} operations as ${results.length} users: ${sum(({ cases }) => cases)} cases, ` +
    `${sum(({ failures }) => failures)} failures, ${Math.round((performance.now() - started) / 1000)} s, seed ${seed}`)
})
