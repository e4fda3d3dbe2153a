import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { fingerprint, type ServiceSpec } from '../../../ops/stack/service.ts'
import { clickhouseSpec } from '../../../ops/stack/services/clickhouse.ts'
import { gatewaySpec } from '../../../ops/stack/services/gateway.ts'
import { kafkaAddresses, kafkaNodeCount, kafkaSpecs } from '../../../ops/stack/services/kafka.ts'
import { redisSpec } from '../../../ops/stack/services/redis.ts'
import { registrySpec } from '../../../ops/stack/services/registry.ts'

const config = loadConfig({ env: {}, file: false, overrides: { COMMERCE_DATA_DIR: '/data', COMMERCE_KAFKA_HEAP_MB: 300 } })

function specs (registryFolder: string): ServiceSpec[] {
  return [
    ...kafkaSpecs(config, '/cache/kafka'), registrySpec(config, registryFolder), redisSpec(config, { command: 'redis-server', version: '7.0.15' }), clickhouseSpec(config), gatewaySpec(config)
  ]
}

test('every service binds to the configured host only, on its own ports and in its own folder', async t => {
  const all = specs(t.testdir({ 'app-runner.jar': '' }))
  const ports = all.flatMap(spec => spec.ports.map(({ port }) => port))
  t.equal(new Set(ports).size, ports.length)
  t.equal(new Set(all.map(spec => spec.dataDir)).size, all.length)
  for (const spec of all) {
    const start = [...spec.args, ...Object.values(spec.files)].join(' ')
    t.notMatch(start, /0\.0\.0\.0/)
    if (spec.name !== 'gateway') t.match(start, /127\.0\.0\.1/, spec.name)
    t.ok(spec.graceMs >= 1000 && spec.stopSignal === 'SIGTERM')
  }
})

test('the broker never creates topics by itself and stamps every record', async t => {
  const [spec] = kafkaSpecs(config, '/cache/kafka')
  const properties = Object.values(spec?.files ?? {})[0] ?? ''
  for (const line of [
    'auto.create.topics.enable=false', 'log.message.timestamp.type=LogAppendTime', 'transaction.state.log.replication.factor=1', 'transaction.state.log.min.isr=1',
    'offsets.topic.replication.factor=1', 'offsets.topic.num.partitions=8', 'transaction.state.log.num.partitions=8', 'group.initial.rebalance.delay.ms=0'
  ]) t.match(properties, line)
  t.ok(Number(/message\.max\.bytes=(\d+)/.exec(properties)?.[1]) > 1_048_576 + 65_536, 'a record of 1 MiB fits with its envelope')
  t.match(spec?.args, ['-Xms128m', '-Xmx300m'])
})

test('three brokers are one cluster that holds three copies and acknowledges with two', async t => {
  const overrides = { COMMERCE_DATA_DIR: t.testdir({}), COMMERCE_KAFKA_NODES: '3', COMMERCE_KAFKA_PEER_PORTS: '1,2,3,4' }
  const cluster = loadConfig({ env: {}, file: false, overrides })
  const nodes = kafkaSpecs(cluster, '/cache/kafka')
  t.same(nodes.map(({ name, ports }) => [name, ...ports.map(({ port, setting }) => `${setting}=${port}`)]), [
    ['kafka', 'COMMERCE_KAFKA_PORT=19092', 'COMMERCE_KAFKA_CONTROLLER_PORT=19093'],
    ['kafka-2', 'COMMERCE_KAFKA_PEER_PORTS=1', 'COMMERCE_KAFKA_PEER_PORTS=2'],
    ['kafka-3', 'COMMERCE_KAFKA_PEER_PORTS=3', 'COMMERCE_KAFKA_PEER_PORTS=4']
  ])
  t.equal(new Set(nodes.map(({ dataDir }) => dataDir)).size, 3)
  for (const [index, { files, health }] of nodes.entries()) {
    const properties = Object.values(files)[0] ?? ''
    for (const line of [
      `node.id=${index + 1}`, 'controller.quorum.voters=1@127.0.0.1:19093,2@127.0.0.1:2,3@127.0.0.1:4', 'default.replication.factor=3', 'min.insync.replicas=2',
      'offsets.topic.replication.factor=3', 'transaction.state.log.replication.factor=3', 'transaction.state.log.min.isr=2'
    ]) t.match(properties, line)
    t.match(health, { kind: 'kafka', nodeId: index + 1 })
  }
  t.same(kafkaAddresses(cluster), ['127.0.0.1:19092', '127.0.0.1:1', '127.0.0.1:3'])
  t.same(localEndpoints(cluster).brokers, kafkaAddresses(cluster))
})

test('a data folder keeps the number of brokers that it was made with', async t => {
  const dataDir = t.testdir({})
  const at = (nodes: 'auto' | '1' | '3') => loadConfig({ env: {}, file: false, overrides: { COMMERCE_DATA_DIR: dataDir, COMMERCE_KAFKA_NODES: nodes } })
  t.equal(kafkaNodeCount(at('auto')), 1, 'one in a new folder')
  for (const spec of kafkaSpecs(at('3'), '/cache/kafka')) {
    mkdirSync(join(spec.dataDir, 'log'), { recursive: true })
    for (const [path, text] of Object.entries(spec.files)) writeFileSync(path, text)
    writeFileSync(spec.format?.done ?? '', '')
  }
  t.equal(kafkaNodeCount(at('auto')), 3)
  t.equal(kafkaSpecs(at('auto'), '/cache/kafka').length, 3)
  t.throws(() => kafkaSpecs(at('1'), '/cache/kafka'), { code: 'OPS_BROKERS_FIXED', message: /was made with 3 broker\(s\), and 1 are asked for/ })
})

test('Redis never evicts and appends every write', async t => {
  const args = redisSpec(config, { command: 'valkey-server', version: '8.0.1' }).args.join(' ')
  t.match(args, '--maxmemory-policy noeviction')
  t.match(args, '--appendonly yes')
})

test('the registry writes its ids before it answers', async t => {
  const folder = t.testdir({ 'apicurio-runner.jar': '', lib: {} })
  const { args } = registrySpec(config, folder)
  t.match(args.join(' '), 'jdbc:h2:file:/data/registry/db;WRITE_DELAY=0')
  t.equal(args.at(-1), join(folder, 'apicurio-runner.jar'))
})

test('the fingerprint changes when a service would be started in another way, and only then', async t => {
  const spec = redisSpec(config, { command: 'redis-server', version: '7.0.15' })
  t.equal(fingerprint(spec), fingerprint(redisSpec(config, { command: 'redis-server', version: '7.0.15' })))
  t.not(fingerprint(spec), fingerprint({ ...spec, args: [...spec.args, '--port', '1'] }))
  t.not(fingerprint(spec), fingerprint({ ...spec, version: '8.0.0' }))
  t.equal(fingerprint(spec), fingerprint({ ...spec, graceMs: 1 }))
})

test('the endpoints are where the services listen', async t => {
  const folder = t.testdir({})
  mkdirSync(join(folder, 'x'))
  writeFileSync(join(folder, 'a-runner.jar'), '')
  const endpoints = localEndpoints(config)
  t.same(endpoints.brokers, ['127.0.0.1:19092'])
  const registry = registrySpec(config, folder).health
  t.equal(registry.kind === 'http' && registry.url.startsWith(endpoints.registryUrl), true)
  t.equal(new URL(endpoints.redisUrl).port, '16379')
})
