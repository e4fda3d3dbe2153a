import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { test } from 'tap'
import { parse } from 'yaml'
import { loadConfig } from '../../../ops/config.ts'
import { composeEnvironment, composeError, dockerEndpoints } from '../../../ops/stack/docker.ts'
import { versions } from '../../../ops/stack/versions.ts'

interface Container { readonly image: string, readonly ports?: readonly string[], readonly command?: readonly string[], readonly healthcheck?: object }

interface ComposeFile {
  readonly services: Readonly<Record<string, Container>>
  readonly configs: Readonly<Record<string, { readonly content: string }>>
}

const text = readFileSync(join(import.meta.dirname, '../../../ops/stack/compose.yml'), 'utf8')
const compose = parse(text) as ComposeFile
const config = loadConfig({ env: {}, file: false })

function validator () {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../support/compose-spec/compose-spec.json'), 'utf8')) as object
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  return ajv.compile(schema)
}

test('the compose file keeps to the Compose Specification', async t => {
  const validate = validator()
  t.ok(validate(compose), JSON.stringify(validate.errors))
})

test('the check of the compose file fails when a field is wrong', async t => {
  const validate = validator()
  t.notOk(validate({ ...compose, services: { ...compose.services, redis: { ...compose.services['redis'], healthchek: {} } } }))
  t.notOk(validate({ ...compose, services: { redis: { image: 7 } } }))
})

test('every container publishes its ports on the configured address only', async t => {
  const ports = Object.values(compose.services).flatMap(service => service.ports ?? [])
  t.equal(ports.length, 5)
  for (const port of ports) t.match(port, /^\$\{COMMERCE_HOST:-127\.0\.0\.1\}:\$\{COMMERCE_[A-Z]+_PORT:-\d+\}:\d+$/)
})

test('every variable of the compose file is given its value by the configuration', async t => {
  const given = composeEnvironment(config)
  const used = new Map([...text.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name = '', fallback = '']) => [name, fallback]))
  t.same([...used.keys()].sort(), Object.keys(given).sort())
  for (const [name, fallback] of used) t.equal(given[name], fallback, `${name} has the same default in both places`)
})

test('the broker acknowledges only what is on disk and creates no topic by itself', async t => {
  t.notMatch(compose.services['redpanda']?.command?.join(' '), /dev-container|unsafe/)
  const bootstrap = parse(compose.configs['redpanda-bootstrap']?.content ?? '') as Record<string, unknown>
  t.match(bootstrap, { auto_create_topics_enabled: false, log_message_timestamp_type: 'LogAppendTime' })
  t.match(compose.services['redpanda']?.image, versions.redpanda)
})

test('Redis never evicts and appends every write', async t => {
  t.match(compose.services['redis']?.command?.join(' '), /--appendonly yes.*--maxmemory-policy noeviction/)
})

test('every service that others wait for has a health check', async t => {
  for (const name of ['redpanda', 'redis', 'clickhouse']) t.ok(compose.services[name]?.healthcheck, name)
})

test('a password for ClickHouse is set up by the container, and its absence leaves the default user open', async t => {
  t.equal(composeEnvironment(config)['CLICKHOUSE_SKIP_USER_SETUP'], '1')
  const secured = loadConfig({ env: { COMMERCE_CLICKHOUSE_PASSWORD: 'p' }, file: false })
  t.match(composeEnvironment(secured), { CLICKHOUSE_SKIP_USER_SETUP: '0', COMMERCE_CLICKHOUSE_PASSWORD: 'p' })
})

test('a failed compose run is told as a taken port when that is the cause', async t => {
  const answer = { found: true, ok: false, text: 'Error response from daemon: Bind for 127.0.0.1:16379 failed: port is already allocated' }
  t.match(composeError(answer, config), { code: 'OPS_PORT_IN_USE', context: { port: 16379, setting: 'COMMERCE_REDIS_PORT' } })
  t.match(composeError({ ...answer, text: 'pulling\nno such image\n\n' }, config), { code: 'OPS_DOCKER_FAILED', context: { problem: 'no such image' } })
})

test('the containers answer where they are published', async t => {
  t.same(dockerEndpoints(config), {
    brokers: ['127.0.0.1:19092'],
    registryUrl: 'http://127.0.0.1:18081',
    redisUrl: 'redis://127.0.0.1:16379',
    clickhouseUrl: 'http://127.0.0.1:18123',
    gatewayUrl: 'http://127.0.0.1:18090'
  })
})
