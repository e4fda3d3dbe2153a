import { test } from 'tap'
import { duties, needsMasterKey, nodesOf } from '../../../ops/start/roles.ts'
import { roleOf, serviceNames, serviceOf, services, streamServices } from '../../../ops/start/services.ts'
import { type Role, roles } from '../../../ops/start/options.ts'
import { createPlatformTopology } from '../../../ops/platform/topology.ts'
import { type ClickHouseClient } from '../../../sinks/index.ts'

const topology = createPlatformTopology({ clickhouse: {} as ClickHouseClient, gatewayUrl: 'http://127.0.0.1:1' })

test('every sub-topology belongs to exactly one service, so that all services together run the whole platform once', async t => {
  t.same(topology.nodes.filter(node => serviceOf(node) === undefined).map(({ name }) => name), [], 'a sub-topology that no service names is run by nobody: add it in ops/start/services.ts')
  const run = streamServices.flatMap(service => nodesOf(topology, duties[service].streams, undefined))
  t.same([...run].sort(), topology.nodes.map(({ name }) => name).sort())
})

test('every service is a role of its own, and the gateway is the API', async t => {
  t.equal(serviceNames.length, 9)
  t.match(duties[roleOf('gateway')], { api: true, streams: 'none', provision: false, play: false })
  for (const service of streamServices) t.match(duties[roleOf(service)], { api: false, streams: service, provision: false, play: false })
})

test('no sub-topology is named by two services', async t => {
  const named = Object.values<readonly string[]>(services).flat()
  t.equal(new Set(named).size, named.length)
})

test('the master key of personal data is needed by who takes, shows, sends or erases it, and by nobody else', async t => {
  const needs = (role: Role, only?: readonly string[]) => needsMasterKey(duties[role], nodesOf(topology, duties[role].streams, only))
  t.same(roles.filter(role => needs(role)), ['all', 'processor', 'api', 'provision', 'player', 'notification', 'identity'])
  t.notOk(needs('processor', ['orders', 'identity']))
  t.ok(needs('processor', ['privacy']))
})
