import { test } from 'tap'
import { createClosers } from '../../../ops/start/closers.ts'
import { duties, nodesOf } from '../../../ops/start/roles.ts'
import { roles } from '../../../ops/start/options.ts'
import { type Topology } from '#streams'

test('closers end everything once, in reverse order, even when one fails', async t => {
  const ended: string[] = []
  const closers = createClosers()
  closers.add('stack', async () => { ended.push('stack') })
  closers.add('api', async () => { throw new Error('stuck') })
  closers.add('processors', async () => { ended.push('processors') })
  const failures = await closers.closeAll()
  await closers.closeAll()
  t.same(ended, ['processors', 'stack'])
  t.match(failures, [{ name: 'api', error: /stuck/ }])
})

const topology = { applicationId: 'a', version: '1', nodes: [{ kind: 'processor', name: 'orders' }, { kind: 'sink', name: 'clickhouse-8' }] } as unknown as Topology

test('every role has its duties, and runs the nodes of its kind', async t => {
  t.same(Object.keys(duties).sort(), [...roles].sort())
  t.same(nodesOf(topology, duties.all.streams, undefined), ['orders', 'clickhouse-8'])
  t.same(nodesOf(topology, duties.processor.streams, undefined), ['orders'])
  t.same(nodesOf(topology, duties.sink.streams, undefined), ['clickhouse-8'])
  t.same(nodesOf(topology, duties.api.streams, undefined), [])
  t.same(nodesOf(topology, duties.all.streams, ['orders']), ['orders'])
})

test('a service runs its own sub-topologies, and the sinks are analytics', async t => {
  t.same(nodesOf(topology, duties.order.streams, undefined), ['orders'])
  t.same(nodesOf(topology, duties.analytics.streams, undefined), ['clickhouse-8'])
  t.same(nodesOf(topology, duties.payment.streams, undefined), [])
})

test('a role refuses a sub-topology that it does not have, and names those it has', async t => {
  t.throws(() => nodesOf(topology, duties.processor.streams, ['clickhouse-8']), { code: 'OPS_OPTION_INVALID', message: /clickhouse-8.*orders/ })
})
