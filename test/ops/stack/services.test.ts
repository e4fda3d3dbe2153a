import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { fingerprint, type ServiceSpec } from '../../../ops/stack/service.ts'
import { clickhouseSpec } from '../../../ops/stack/services/clickhouse.ts'
import { gatewaySpec } from '../../../ops/stack/services/gateway.ts'
import { kafkaSpec } from '../../../ops/stack/services/kafka.ts'
import { redisSpec } from '../../../ops/stack/services/redis.ts'
import { registrySpec } from '../../../ops/stack/services/registry.ts'

const config = loadConfig({ env: {}, file: false, overrides: { COMMERCE_DATA_DIR: '/data', COMMERCE_KAFKA_HEAP_MB: 300 } })

function specs (registryFolder: string): ServiceSpec[] {
  return [
    kafkaSpec(config, '/cache/kafka'), registrySpec(config, registryFolder), redisSpec(config, { command: 'redis-server', version: '7.0.15' }), clickhouseSpec(config), gatewaySpec(config)
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
  const properties = Object.values(kafkaSpec(config, '/cache/kafka').files)[0] ?? ''
  for (const line of [
    'auto.create.topics.enable=false', 'log.message.timestamp.type=LogAppendTime', 'transaction.state.log.replication.factor=1', 'transaction.state.log.min.isr=1',
    'offsets.topic.replication.factor=1', 'offsets.topic.num.partitions=8', 'transaction.state.log.num.partitions=8', 'group.initial.rebalance.delay.ms=0'
  ]) t.match(properties, line)
  t.ok(Number(/message\.max\.bytes=(\d+)/.exec(properties)?.[1]) > 1_048_576 + 65_536, 'a record of 1 MiB fits with its envelope')
  t.match(kafkaSpec(config, '/cache/kafka').args, ['-Xms128m', '-Xmx300m'])
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
