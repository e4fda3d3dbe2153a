import { test } from 'tap'
import { createRegistry, prometheusMetrics } from '../../../ops/platform/metrics.ts'
import { runtimeMetrics } from '../../../streams/metrics.ts'

test('a metric takes no further series when it has as many as it may have, and says how much it loses', async t => {
  const registry = createRegistry()
  const metrics = prometheusMetrics(registry, 3)
  const counter = metrics.counter({ name: 'orders_total', help: 'x', labels: ['order'] })
  for (const order of ['a', 'b', 'c', 'd', 'e', 'a']) counter.inc({ order })
  const text = await registry.metrics()
  t.match(text, /^orders_total\{order="a"\} 2$/m, 'the ones it has go on')
  t.notMatch(text, /order="d"|order="e"/)
  t.match(text, /^metrics_series_refused_total\{metric="orders_total"\} 2$/m)
})

test('the cap holds for every kind of metric', async t => {
  const registry = createRegistry()
  const metrics = prometheusMetrics(registry, 1)
  const gauge = metrics.gauge({ name: 'g', help: 'x', labels: ['id'] })
  const histogram = metrics.histogram({ name: 'h_seconds', help: 'x', labels: ['id'], buckets: [1] })
  for (const id of ['first', 'second']) {
    gauge.set({ id }, 1)
    histogram.observe({ id }, 1)
  }
  t.notMatch(await registry.metrics(), /second"/)
})

test('no metric of the runtime has a label that takes ids', t => {
  const bounded = new Set(['processor', 'partition', 'state', 'result', 'node', 'reason', 'op', 'how', 'effect', 'outcome', 'topic', 'table'])
  for (const { name, labels } of Object.values(runtimeMetrics)) for (const label of labels) t.ok(bounded.has(label), `${name}: ${label}`)
  t.end()
})
