import { test } from 'tap'
import { type Overrides, loadConfig } from '../../ops/config.ts'
import { kafkaOptions } from '../../ops/platform/kafka.ts'
import { kafkaSpecs } from '../../ops/stack/services/kafka.ts'
import { secureProperties } from '../../ops/stack/services/kafka-security.ts'

const load = (overrides: Overrides) => loadConfig({ file: false, env: {}, overrides })
const brokers = ['broker.example:9093']
const own = { COMMERCE_BROKERS: brokers[0] } as const

test('a broker of one\'s own is reached in plain text unless the settings say otherwise, then by TLS and in a name', async t => {
  t.strictSame(await kafkaOptions(load(own), brokers, 'api'), { brokers, clientId: 'commerce' })
  const config = load({ ...own, COMMERCE_KAFKA_TLS: 'on', COMMERCE_KAFKA_USER: 'shop', COMMERCE_KAFKA_PASSWORD: 'secret', COMMERCE_KAFKA_MECHANISM: 'plain' })
  t.strictSame(await kafkaOptions(config, brokers, 'api'), { brokers, clientId: 'commerce', ssl: {}, sasl: { mechanism: 'plain', username: 'shop', password: 'secret' } })
})

test('a setting for the way to the broker that would be without effect is refused', async t => {
  const wrong: readonly Overrides[] = [
    { COMMERCE_KAFKA_TLS: 'on' }, { COMMERCE_KAFKA_USER: 'shop', COMMERCE_KAFKA_PASSWORD: 'x' }, { ...own, COMMERCE_KAFKA_CA_FILE: 'ca.pem' },
    { ...own, COMMERCE_KAFKA_USER: 'shop' }, { ...own, COMMERCE_KAFKA_PASSWORD: 'x' }
  ]
  for (const overrides of wrong) t.throws(() => load(overrides), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_KAFKA_/ })
})

test('an authority that cannot be read is named', async t => {
  const config = load({ ...own, COMMERCE_KAFKA_TLS: 'on', COMMERCE_KAFKA_CA_FILE: '/nowhere/ca.pem' })
  await t.rejects(kafkaOptions(config, brokers, 'api'), { code: 'OPS_CONFIG_INVALID', message: /COMMERCE_KAFKA_CA_FILE cannot be read: \/nowhere/ })
})

const security = { keyStore: '/k/keystore.p12', keyStorePassword: 'kp', authority: '/k/ca.pem', admin: { user: 'admin', password: 'ap' } }

test('a secure broker listens to nobody without TLS and a name, its controller to brokers only, and grants nothing by default', async t => {
  const dataDir = t.testdir({})
  const [spec] = kafkaSpecs(load({ COMMERCE_DATA_DIR: dataDir, COMMERCE_KAFKA_SECURE: 'on' }), '/libs', security)
  const properties = Object.entries(spec?.files ?? {}).find(([path]) => path.endsWith('server.properties'))?.[1] ?? ''
  t.match(properties, /^listeners=SASL_SSL:\/\/127\.0\.0\.1:\d+,CONTROLLER:/m)
  t.notMatch(properties, /:PLAINTEXT|PLAINTEXT:\/\//)
  t.match(secureProperties(security), { 'authorizer.class.name': /StandardAuthorizer/, 'super.users': 'User:admin', 'allow.everyone.if.no.acl.found': 'false' })
  t.match(spec?.format?.args.join(' '), /--add-scram SCRAM-SHA-512=\[name=admin,password=ap\]/)
  t.equal(spec?.health.kind, 'kafka-tls')
})

test('a data folder keeps the security that it was made with', async t => {
  const made = (listener: string) => t.testdir({ kafka: { 'server.properties': `listeners=${listener}://127.0.0.1:1\ncontroller.quorum.voters=1@h:1\n`, log: { 'meta.properties': '' } } })
  const secure = made('SASL_SSL')
  t.throws(() => kafkaSpecs(load({ COMMERCE_DATA_DIR: secure }), '/libs'), { code: 'OPS_BROKER_SECURITY_FIXED', message: /made with security/ })
  t.equal(kafkaSpecs(load({ COMMERCE_DATA_DIR: secure, COMMERCE_KAFKA_SECURE: 'on' }), '/libs', security).length, 1)
  const open = made('PLAINTEXT')
  t.throws(() => kafkaSpecs(load({ COMMERCE_DATA_DIR: open, COMMERCE_KAFKA_SECURE: 'on' }), '/libs', security), { code: 'OPS_BROKER_SECURITY_FIXED', message: /made without security/ })
})
