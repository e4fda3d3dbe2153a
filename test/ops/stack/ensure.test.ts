import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { decideProvider, ensureStack, isExternal } from '../../../ops/stack/ensure.ts'
import { table } from '../../../ops/stack/table.ts'

const addresses = {
  COMMERCE_BROKERS: 'b:9092',
  COMMERCE_REGISTRY_URL: 'http://r',
  COMMERCE_REDIS_URL: 'redis://s',
  COMMERCE_CLICKHOUSE_URL: 'http://c',
  COMMERCE_GATEWAY_URL: 'http://g'
}

test('a stack whose every address is configured is taken as it is', async t => {
  const lines: string[] = []
  const stack = await ensureStack({ config: loadConfig({ env: addresses, file: false }), report: line => lines.push(line) })
  t.equal(stack.provider, 'external')
  t.same(stack.endpoints, { brokers: ['b:9092'], registryUrl: 'http://r', redisUrl: 'redis://s', clickhouseUrl: 'http://c', gatewayUrl: 'http://g' })
  t.same(stack.versions, { kafka: 'external', registry: 'external', redis: 'external', clickhouse: 'external', gateway: 'external' })
  t.same([stack.started, lines], [[], ['provider: external (every service is configured by its address)']])
  await t.resolves(stack.stop())
})

test('an address of the log is refused together with the memory provider, which would ignore it', async t => {
  const config = loadConfig({ env: { COMMERCE_PROVIDER: 'memory', COMMERCE_BROKERS: 'b:9092' }, file: false })
  await t.rejects(ensureStack({ config, report: () => {} }), { code: 'OPS_CONFIG_INVALID', message: /kafka cannot be combined with the memory provider/ })
})

test('a provider that was asked for by name is decided or refused without starting anything', async t => {
  t.match(await decideProvider(loadConfig({ env: { COMMERCE_PROVIDER: 'memory' }, file: false })), { provider: 'memory' })
  t.same(['kafka', 'registry', 'redis', 'clickhouse', 'gateway'].map(name => isExternal(loadConfig({ env: addresses, file: false }), name as 'kafka')), [true, true, true, true, true])
})

test('a table has aligned columns and no trailing spaces', async t => {
  t.equal(table([['a', 'bb'], ['ccc', ''], ['d', 'long']]), 'a    bb\nccc\nd    long\n')
  t.equal(table([]), '')
})
