import { resolve } from 'node:path'
import { writeFileSync } from 'node:fs'
import { test } from 'tap'
import { childEnvironment, loadConfig, settings, strangeSettings } from '../../ops/config.ts'

test('the configuration has every default when nothing is set', async t => {
  const config = loadConfig({ env: {}, file: false })
  t.equal(config.provider, 'auto')
  t.equal(config.dataDir, resolve('.data'))
  t.equal(config.host, '127.0.0.1')
  t.equal(config.ports.kafka, 19092)
  t.same(config.external, {})
  t.equal(config.token.keyFile, resolve('.data/keys/token.jwk'))
  t.equal(new Set(Object.values(config.ports)).size, Object.keys(config.ports).length, 'no two ports are the same')
})

test('the configuration takes overrides before the environment and the environment before the file when all name a setting', async t => {
  const file = resolve(t.testdir({ '.env': 'COMMERCE_REDIS_PORT=1\nCOMMERCE_KAFKA_PORT=2\nCOMMERCE_API_PORT=3\n' }), '.env')
  const env = { COMMERCE_KAFKA_PORT: '20', COMMERCE_API_PORT: '30' }
  const { ports } = loadConfig({ env, file, overrides: { COMMERCE_API_PORT: 300 } })
  t.same([ports.redis, ports.kafka, ports.api], [1, 20, 300])
})

test('an empty variable counts as not set, and an undefined override too', async t => {
  const config = loadConfig({ env: { COMMERCE_LOG_LEVEL: '', COMMERCE_PROVIDER: 'memory' }, file: false, overrides: { COMMERCE_PROVIDER: undefined } })
  t.equal(config.logLevel, 'info')
  t.equal(config.provider, 'memory')
})

test('services of one\'s own are listed when their addresses are set', async t => {
  const { external } = loadConfig({ env: { COMMERCE_BROKERS: 'a:1, b:2,', COMMERCE_REDIS_URL: 'redis://c:3' }, file: false })
  t.same(external, { brokers: ['a:1', 'b:2'], redisUrl: 'redis://c:3' })
})

test('what lets the platform into Redis is taken from its own settings when they are set', async t => {
  const env = { COMMERCE_REDIS_URL: 'rediss://a:1, rediss://b:2', COMMERCE_REDIS_USER: 'shop', COMMERCE_REDIS_PASSWORD: 'p', COMMERCE_REDIS_CA_FILE: 'ca.pem' }
  const { external, redis } = loadConfig({ env, file: false })
  t.equal(external.redisUrl, env.COMMERCE_REDIS_URL)
  t.same(redis, { user: 'shop', password: 'p', caFile: resolve('ca.pem') })
  t.same(loadConfig({ env: {}, file: false }).redis, { user: '', password: '', caFile: '' })
})

test('an address of Redis that is none, or an authority for a connection without TLS, is refused when the configuration is read', async t => {
  for (const url of ['localhost:6379', 'http://a:1', 'redis://a:1,b:2', 'redis://a:1 redis://b:2']) {
    t.throws(() => loadConfig({ env: { COMMERCE_REDIS_URL: url }, file: false }), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_REDIS_URL/ }, url)
  }
})

test('what would be without effect on the way into Redis is refused when the configuration is read', async t => {
  const url = 'redis://a:1'
  for (const [env, message] of [
    [{ COMMERCE_REDIS_URL: url, COMMERCE_REDIS_CA_FILE: 'ca.pem' }, /COMMERCE_REDIS_CA_FILE is for a rediss/],
    [{ COMMERCE_REDIS_URL: 'rediss://a:1,redis://b:1' }, /COMMERCE_REDIS_URL names nodes with and without TLS/],
    [{ COMMERCE_REDIS_URL: 'redis://:p#w@a:1' }, /COMMERCE_REDIS_URL holds something that is no URL/],
    [{ COMMERCE_REDIS_URL: url, COMMERCE_REDIS_USER: 'shop' }, /COMMERCE_REDIS_USER has no password/],
    [{ COMMERCE_REDIS_PASSWORD: 'p' }, /COMMERCE_REDIS_URL is not set/],
    [{ COMMERCE_REDIS_CA_FILE: 'ca.pem' }, /COMMERCE_REDIS_URL is not set/]
  ] as const) t.throws(() => loadConfig({ env, file: false }), { code: 'OPS_CONFIG_INVALID', message }, String(message))
  t.equal(loadConfig({ env: { COMMERCE_REDIS_URL: 'redis://:p@a:1', COMMERCE_REDIS_USER: 'shop' }, file: false }).redis.user, 'shop')
})

test('a wrong value is refused by its name when the configuration is read', async t => {
  t.throws(() => loadConfig({ env: { COMMERCE_KAFKA_PORT: 'ninety' }, file: false }), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_KAFKA_PORT must be integer/ })
  t.throws(() => loadConfig({ env: { COMMERCE_KAFKA_PORT: '70000' }, file: false }), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_KAFKA_PORT must be <= 65535/ })
  t.throws(() => loadConfig({ env: { COMMERCE_PROVIDER: 'podman' }, file: false }), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_PROVIDER .*\(auto, docker, local, memory\)/ })
})

test('the configuration cannot be changed after it is read', async t => {
  const config = loadConfig({ env: {}, file: false })
  t.throws(() => { (config as { host: string }).host = '0.0.0.0' }, TypeError)
  t.throws(() => { (config.ports as { kafka: number }).kafka = 1 }, TypeError)
})

test('reading the configuration twice gives the same answer when a value was wrong in between', async t => {
  const before = loadConfig({ env: {}, file: false })
  t.throws(() => loadConfig({ env: { COMMERCE_IN_FLIGHT: '0' }, file: false }))
  t.same(loadConfig({ env: {}, file: false }), before)
})

test('every setting has a meaning and a unit', async t => {
  for (const [name, property] of Object.entries(settings.properties)) {
    const { description, unit } = property as { description?: string, unit?: string }
    t.match(name, /^(COMMERCE|OTEL)_[A-Z_]+$/)
    t.ok(description !== undefined && description.length >= 10, `${name} is described`)
    t.ok(unit !== undefined && unit !== '', `${name} has a unit`)
  }
})

test('a child process gets PATH but nothing of the platform when its environment is made', async t => {
  process.env['COMMERCE_TEST_ONLY'] = 'secret'
  t.teardown(() => { delete process.env['COMMERCE_TEST_ONLY'] })
  const env = childEnvironment()
  t.ok(env['PATH']?.startsWith(process.env['PATH'] ?? 'none'))
  t.notOk(Object.keys(env).some(name => name.startsWith('COMMERCE_') || name.startsWith('TAP') || name.startsWith('npm_')))
})

test('a child process finds Java in JAVA_HOME, after PATH, when it is set', async t => {
  const { PATH, JAVA_HOME } = process.env
  t.teardown(() => {
    process.env['PATH'] = PATH
    if (JAVA_HOME === undefined) delete process.env['JAVA_HOME']
    else process.env['JAVA_HOME'] = JAVA_HOME
  })
  process.env['PATH'] = '/bin'
  process.env['JAVA_HOME'] = '/opt/jdk'
  t.equal(childEnvironment()['PATH'], '/bin:/opt/jdk/bin')
  delete process.env['JAVA_HOME']
  t.equal(childEnvironment()['PATH'], '/bin')
})

test('a file that cannot be read as settings changes nothing when it names no setting', async t => {
  const file = resolve(t.testdir({}), '.env')
  writeFileSync(file, 'SOMETHING_ELSE=1\n')
  t.same(loadConfig({ env: {}, file }), loadConfig({ env: {}, file: false }))
})

test('a name that begins as a setting and is none is told, wherever it stands, and hinders nothing', async t => {
  const file = resolve(t.testdir({ '.env': 'COMMERCE_REDIS_PROT=1\nCOMMERCE_API_PORT=3\nSOMETHING_ELSE=1\n' }), '.env')
  const env = { COMMERCE_KAFKA_PROT: '1', COMMERCE_KAFKA_PORT: '20', PATH: '/bin' }
  t.match(strangeSettings({ env, file }), [/^COMMERCE_KAFKA_PROT is no setting of this release/, /^COMMERCE_REDIS_PROT is no setting/])
  t.equal(strangeSettings({ env, file }).length, 2)
  t.same(strangeSettings({ env: {}, file: false }), [])
  t.equal(loadConfig({ env, file }).ports.kafka, 20)
})

test('ports of further brokers are four different ones, or the setting is named', async t => {
  const load = (list: string) => loadConfig({ env: { COMMERCE_KAFKA_PEER_PORTS: list }, file: false })
  t.same(load('5001,5002, 5003,5004').ports.kafkaPeers, [5001, 5002, 5003, 5004])
  for (const list of ['5001', '1,2,3,3', '1,2,3,70000', 'a,b,c,d']) t.throws(() => load(list), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_KAFKA_PEER_PORTS must be four different TCP ports/ })
  t.equal(loadConfig({ env: {}, file: false }).stack.kafkaNodes, undefined)
  t.equal(loadConfig({ env: { COMMERCE_KAFKA_NODES: '3' }, file: false }).stack.kafkaNodes, 3)
  t.throws(() => loadConfig({ env: { COMMERCE_KAFKA_NODES: '2' }, file: false }), { code: 'OPS_CONFIG_INVALID' })
})

test('the payment provider is the embedded one when nothing is set, and Stripe with a key', async t => {
  const { payments } = loadConfig({ env: {}, file: false })
  t.match(payments, { provider: 'embedded', callbackSecrets: [], callbackToleranceS: 300, gatewayCallbacks: 'late', callbackKeyFile: resolve('.data/keys/callback.key') })
  const env = { COMMERCE_PAYMENT_PROVIDER: 'stripe', COMMERCE_STRIPE_KEY: 'sk_test_1', COMMERCE_CALLBACK_SECRETS: 'whsec_0123456789abcdef, whsec_fedcba9876543210' }
  t.match(loadConfig({ env, file: false }).payments, {
    provider: 'stripe', stripe: { key: 'sk_test_1', url: 'https://api.stripe.com' }, callbackSecrets: ['whsec_0123456789abcdef', 'whsec_fedcba9876543210']
  })
})

const badPayments: ReadonlyArray<readonly [what: string, env: Record<string, string>, message: RegExp]> = [
  ['an unknown provider', { COMMERCE_PAYMENT_PROVIDER: 'paypal' }, /COMMERCE_PAYMENT_PROVIDER/],
  ['Stripe without a key', { COMMERCE_PAYMENT_PROVIDER: 'stripe' }, /COMMERCE_STRIPE_KEY must be set when/],
  ['the publishable key', { COMMERCE_STRIPE_KEY: 'pk_live_1' }, /COMMERCE_STRIPE_KEY .* not the publishable one/],
  ['something that is no key', { COMMERCE_STRIPE_KEY: 'secret' }, /COMMERCE_STRIPE_KEY must be a secret or restricted key/],
  ['no URL', { COMMERCE_STRIPE_URL: 'stripe' }, /COMMERCE_STRIPE_URL must be an http or https URL/],
  ['another protocol', { COMMERCE_STRIPE_URL: 'ftp://stripe' }, /COMMERCE_STRIPE_URL must be an http or https URL/],
  ['a path', { COMMERCE_STRIPE_URL: 'https://api.stripe.com/v1' }, /COMMERCE_STRIPE_URL must be an origin/],
  ['a key in the clear', { COMMERCE_STRIPE_URL: 'http://api.stripe.com' }, /COMMERCE_STRIPE_URL must be https/],
  ['a secret that is none', { COMMERCE_CALLBACK_SECRETS: 'whsec_0123456789abcdef,short' }, /COMMERCE_CALLBACK_SECRETS .* number 2 is not/],
  ['a secret twice', { COMMERCE_CALLBACK_SECRETS: 'whsec_0123456789abcdef,whsec_0123456789abcdef' }, /COMMERCE_CALLBACK_SECRETS must not name a secret twice/],
  ['a tolerance of nothing', { COMMERCE_CALLBACK_TOLERANCE_S: '0' }, /COMMERCE_CALLBACK_TOLERANCE_S must be >= 1/],
  ['an unknown kind of callbacks', { COMMERCE_GATEWAY_CALLBACKS: 'some' }, /COMMERCE_GATEWAY_CALLBACKS/],
  ['a negative pause', { COMMERCE_PAYMENTS_RECONCILE_MS: '-1' }, /COMMERCE_PAYMENTS_RECONCILE_MS must be >= 0/]
]
for (const [what, env, message] of badPayments) {
  test(`the configuration of payments is refused when it names ${what}`, async t => {
    t.throws(() => loadConfig({ env, file: false }), { code: 'OPS_CONFIG_INVALID', message })
    t.throws(() => loadConfig({ env, file: false }), { message: /^(?!.*0123456789abcdef)/ }, 'and no secret is told')
  })
}

test('the limits of the API are those of the domain until somebody sets others, and the profile load lifts them', t => {
  const { api } = loadConfig({ env: {}, file: false })
  t.same(api.limits, { user: { max: 100, windowMs: 60_000 }, payments: { max: 1000, refill: 100, everyMs: 10_000 }, refused: { max: 300, windowMs: 60_000 } })
  t.same([api.areLimitsLifted, api.corsOrigins, api.trustedProxies, api.idempotencyMs], [false, [], [], 86_400_000])
  const set = loadConfig({ file: false, env: { COMMERCE_PROFILE: 'load', COMMERCE_REQUESTS_PER_MINUTE: '7', COMMERCE_CORS_ORIGINS: 'https://a.example, http://localhost:3000', COMMERCE_TRUSTED_PROXIES: '10.0.0.0/8, ::1' } }).api
  t.match(set, { areLimitsLifted: true, limits: { user: { max: 7 } }, corsOrigins: ['https://a.example', 'http://localhost:3000'], trustedProxies: ['10.0.0.0/8', '::1'] })
  t.end()
})

const badApi: ReadonlyArray<readonly [what: string, env: Record<string, string>, message: RegExp]> = [
  ['every origin', { COMMERCE_CORS_ORIGINS: '*' }, /COMMERCE_CORS_ORIGINS must be origins .*never \*: \*/],
  ['an origin with a path', { COMMERCE_CORS_ORIGINS: 'https://a.example/' }, /COMMERCE_CORS_ORIGINS/],
  ['no origin', { COMMERCE_CORS_ORIGINS: 'https://a.example,shop' }, /COMMERCE_CORS_ORIGINS .*: shop/],
  ['a proxy by name', { COMMERCE_TRUSTED_PROXIES: 'proxy.internal' }, /COMMERCE_TRUSTED_PROXIES/],
  ['every address as a proxy', { COMMERCE_TRUSTED_PROXIES: '0.0.0.0/0' }, /COMMERCE_TRUSTED_PROXIES/],
  ['a network that is none', { COMMERCE_TRUSTED_PROXIES: '10.0.0.0/33' }, /COMMERCE_TRUSTED_PROXIES/],
  ['no limit', { COMMERCE_REQUESTS_PER_MINUTE: '0' }, /COMMERCE_REQUESTS_PER_MINUTE must be >= 1/],
  ['an unknown profile', { COMMERCE_PROFILE: 'fast' }, /COMMERCE_PROFILE/]
]
for (const [what, env, message] of badApi) {
  test(`the configuration of the API is refused when it names ${what}`, async t => {
    t.throws(() => loadConfig({ env, file: false }), { code: 'OPS_CONFIG_INVALID', message })
  })
}
