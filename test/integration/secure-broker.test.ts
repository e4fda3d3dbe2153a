import { randomUUID } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type KafkaJs, createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { openAccessAdmin } from '../../streams/kafka/kafkajs/access-admin.ts'
import { localEndpoints } from '../../ops/stack/local.ts'
import { loadConfig } from '../../ops/config.ts'
import { provisionAccess } from '../../ops/platform/access.ts'
import { kafkaOptions, passwordOf } from '../../ops/platform/kafka.ts'
import { wantedGrants } from '../../ops/provision/access.ts'
import { authorityFile, passwordFile } from '../../ops/stack/services/kafka-security.ts'
import { type PaymentGateway, createTopology, topics } from '../../topology/index.ts'
import { ownService } from '../support/stack.ts'

const topology = createTopology({ payments: { gateway: {} as PaymentGateway } })

const broker = await ownService(t, 'kafka', [], { COMMERCE_KAFKA_SECURE: 'on' })
if (broker !== undefined) {
  const { config } = broker
  const { brokers } = localEndpoints(config)
  const connect = async (t: Test, options: Parameters<typeof createKafkaJs>[0]): Promise<KafkaJs> => {
    const client = createKafkaJs(options)
    t.teardown(async () => { await client.close() })
    await client.start()
    return client
  }
  const record = (topic: string) => ({ topic, partition: 0, key: Buffer.from(randomUUID()), value: Buffer.from('x'), headers: [] })

  const admin = await connect(t, await kafkaOptions(config, brokers, 'admin'))
  const used = [topics.orders.commands, topics.orders.commandsTrusted, topics.orders.events, topics.identity.commands]
  await admin.admin.createTopics(used.map(({ name }) => ({ name, partitions: 1, replicas: 1, config: {} })))
  const endOf = async (client: KafkaJs, topic: string) => [...(await client.endOffsets([{ topic, partition: 0 }])).values()]
  const lines: string[] = []
  await provisionAccess(config, brokers, topology, line => { lines.push(line) })

  t.test('provisioning gives every user its rights once, and takes back what was granted beside them', async t => {
    t.match(lines, [/^~ rights of 12 users: \d+ entries$/])
    await provisionAccess(config, brokers, topology, line => { lines.push(line) })
    t.equal(lines.at(-1), '= rights of 12 users')
    const access = openAccessAdmin(await kafkaOptions(config, brokers, 'admin'))
    t.teardown(async () => { await access.close() })
    const stray = { principal: 'producer', resource: 'topic', name: topics.identity.commands.name, isPrefix: false, operations: ['read'] } as const
    t.equal(await access.setGrants(['producer'], [...wantedGrants(topology).filter(({ principal }) => principal === 'producer'), stray]), 1)
    await provisionAccess(config, brokers, topology, line => { lines.push(line) })
    t.equal(lines.at(-1), '~ rights of 12 users: 1 entries')
  })

  t.test('a foreign producer writes order commands and reads what became of them, over TLS in its own name, and nothing else', async t => {
    const client = await connect(t, await kafkaOptions(config, brokers, 'producer'))
    t.match(await client.producer().send([record(topics.orders.commands.name)]), [{ topic: topics.orders.commands.name, offset: 0n }])
    await admin.producer().send([record(topics.orders.events.name)])
    t.match(await endOf(client, topics.orders.events.name), [1n])
    for (const { name } of [topics.orders.commandsTrusted, topics.orders.events, topics.identity.commands]) {
      await t.rejects(client.producer().send([record(name)]), { code: /STR_BROKER_REFUSED|STR_TOPIC_MISSING/ }, `writes ${name}`)
    }
    await t.rejects(endOf(client, topics.identity.commands.name), { code: /STR_BROKER_REFUSED|STR_TOPIC_MISSING/ })
    await t.rejects(client.admin.createTopics([{ name: 'mine', partitions: 1, replicas: 1, config: {} }]), { code: 'STR_BROKER_REFUSED' })
    for (const { name } of [topics.orders.commandsTrusted, topics.identity.commands]) t.match(await endOf(admin, name), [0n])
  })

  t.test('nobody comes in without TLS, without a name, with a wrong password, or with the word of another authority', async t => {
    const good = await kafkaOptions(config, brokers, 'producer')
    const { ssl, sasl, ...open } = good
    const wrong = { mechanism: 'scram-sha-512', username: 'producer', password: 'guessed' } as const
    await t.rejects(connect(t, { ...good, sasl: wrong }), { code: 'STR_BROKER_REFUSED' })
    await t.rejects(connect(t, { ...open, requestTimeoutMs: 1_500 }), { code: 'STR_BROKER_UNAVAILABLE' }, 'plain text is no TLS')
    await t.rejects(connect(t, { ...open, ...ssl === undefined ? {} : { ssl }, requestTimeoutMs: 1_500 }), { code: 'STR_BROKER_UNAVAILABLE' }, 'no name')
    await t.rejects(connect(t, { ...good, ssl: {}, requestTimeoutMs: 1_500 }), { code: 'STR_BROKER_UNAVAILABLE' }, 'an authority that is not the broker\'s')
  })

  t.test('settings for brokers of one\'s own lead to the same broker', async t => {
    const own = loadConfig({
      file: false,
      env: {},
      overrides: {
        COMMERCE_BROKERS: brokers.join(','),
        COMMERCE_KAFKA_TLS: 'on',
        COMMERCE_KAFKA_CA_FILE: authorityFile(config.dataDir),
        COMMERCE_KAFKA_USER: 'producer',
        COMMERCE_KAFKA_PASSWORD: await passwordOf(config.kafka.accessDir, 'producer')
      }
    })
    const client = await connect(t, await kafkaOptions(own, brokers, 'admin'))
    t.equal((await client.producer().send([record(topics.orders.commands.name)])).length, 1)
  })

  t.test('a password is changed by another file and provisioning: the old one is worth nothing then', async t => {
    const before = await kafkaOptions(config, brokers, 'producer')
    rmSync(passwordFile(config.kafka.accessDir, 'producer'))
    await provisionAccess(config, brokers, topology, () => {})
    await connect(t, await kafkaOptions(config, brokers, 'producer'))
    await t.rejects(connect(t, before), { code: 'STR_BROKER_REFUSED' })
  })

  t.test('what holds a password can be read by its owner only', async t => {
    for (const file of ['kafka/server.properties', 'keys/kafka/admin.password', 'keys/kafka/keystore.password']) {
      t.equal(statSync(join(config.dataDir, file)).mode & 0o077, 0, file)
    }
  })
}
