import { test } from 'tap'
import { alerts } from '../../ops/observability/alerts/index.ts'
import { boards } from '../../ops/observability/dashboards/index.ts'
import { foreignMetrics } from '../../ops/observability/foreign-metrics.ts'
import { familyOf, metricNames } from '../../ops/observability/metric-names.ts'
import { createToken } from '../../ops/token.ts'
import { topics } from '../../topology/topics.ts'
import { answerOf, createApiClient, goodOrder, newKey } from '../client/client.ts'
import { attributeOf, type CollectedSpan, startCollector } from '../support/collector.ts'
import { whatIsMissing } from '../support/stack.ts'
import { Machine } from '../support/start.ts'
import { until } from '../support/until.ts'

test('a platform that is observed', async t => {
  const missing = await whatIsMissing(['clickhouse', 'gateway'])
  if (missing !== undefined) return t.plan(0, missing)
  const collector = await startCollector(t)
  const machine = await Machine.create(t)
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, OTEL_TRACES_SAMPLER_ARG: '0', COMMERCE_RECONCILE_MS: '500' }
  const child = machine.start(['--provider', 'memory', '--orders', '5'], { npm: false, settings })
  await child.says(/The platform is running/)
  const { config } = machine
  const api = createApiClient(`http://${config.host}:${config.ports.api}`, await createToken({ role: 'Customer', subject: 'customer-1', grants: [], ttlS: undefined }, config))

  await t.test('shows one order as one trace from the request to ClickHouse, with its compensation linked to the step that failed', async t => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    const order = goodOrder('DEMO-MUG', { payment: { method: 'card', token: 'tok_declined' }, onDecline: 'cancel' })
    const placed = await answerOf(api.POST('/v1/orders', {
      params: { header: { ...newKey(), prefer: 'wait=30' } }, headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }, body: order
    }))
    t.match(placed, { status: 201, body: { state: 'Cancelled', outcomeCause: 'paymentDeclined' } })
    const spans = (): readonly CollectedSpan[] => collector.spans().filter(span => span.traceId === traceId)
    const named = (name: string): CollectedSpan | undefined => spans().find(span => span.name === name)
    const ends = [`insert ${topics.orders.events.name}`, `process ${topics.compensations.inventory.name}`, `insert ${topics.payments.events.name}`]
    await until(async () => ends.every(name => named(name) !== undefined))

    t.equal(collector.spans().filter(span => span.traceId !== traceId).length, 0, 'nothing else is traced: none of the other orders was sampled')
    const request = named('POST /v1/orders')
    t.equal(request?.parentSpanId, '00f067aa0ba902b7')
    t.equal(named(`send ${topics.orders.commands.name}`)?.parentSpanId, request?.spanId)
    t.equal(named(`process ${topics.orders.commands.name}`)?.parentSpanId, named(`send ${topics.orders.commands.name}`)?.spanId)
    const known = new Map(spans().map(span => [span.spanId, span]))
    const pathTo = (span: CollectedSpan | undefined): string[] => span === undefined ? [] : [...pathTo(known.get(span.parentSpanId ?? '')), span.name]
    t.match(pathTo(named(`process ${topics.compensations.inventory.name}`)), [
      'POST /v1/orders', `send ${topics.orders.commands.name}`, `process ${topics.orders.commands.name}`
    ])
    for (const span of spans()) t.equal(pathTo(span)[0], 'POST /v1/orders', `${span.name} follows from the request`)
    for (const name of ['commit orders', 'commit inventory', 'commit payments']) t.ok(named(name), name)

    const [link] = named(`process ${topics.compensations.inventory.name}`)?.links ?? []
    const failed = known.get(link?.spanId ?? '')
    t.match(failed?.name, /^finish /, 'the step that failed is the end of the call to the payment provider')
    t.match(pathTo(failed).at(-2), /^call /)
    t.ok(spans().some(span => attributeOf(span, 'order.id') === placed.data.orderId), 'the order can be found by its id')
    t.notMatch(JSON.stringify(collector.spans()), /tok_declined|Lovelace|St James/, 'and nothing of what it says')
  })

  await t.test('tells every metric that a panel or a rule asks for, with labels that do not grow with what is sold', async t => {
    const scrape = async (): Promise<string> => await (await fetch(`http://${config.host}:${config.ports.metrics}/metrics`)).text()
    await until(async () => /^business_orders\{what="cancelled"\} [1-9]/m.test(await scrape()))
    const text = await scrape()
    const families = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name))
    const asked = new Map<string, string>()
    for (const { title, rows } of boards) {
      const queries = rows.flatMap(({ charts }) => charts).flatMap(({ queries }) => queries)
      for (const [expr] of queries) for (const name of metricNames(expr)) asked.set(name, title)
    }
    for (const { name: alert, expr } of alerts) for (const name of metricNames(expr)) asked.set(name, alert)
    t.ok(asked.size > 50)
    for (const [name, by] of asked) t.ok(familyOf(name, families) !== undefined || Object.hasOwn(foreignMetrics, name), `${name}, of ${by}, is told`)
    t.same(Object.keys(foreignMetrics).filter(name => !asked.has(name) || families.has(name)), [], 'a metric of others is asked for, and is not ours')

    t.match(text, /^saga_open\{state="Compensating"\} \d+$/m)
    t.match(text, /^business_revenue\{currency="GBP"\} [1-9]/m)
    const labels = [...text.matchAll(/[{,](\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, name = '', value = '']) => ({ name, value }))
    const ids = labels.filter(({ value }) => /[0-9a-f]{8}-[0-9a-f]{4}-|DEMO-|customer-|@|tok_|[0-9a-f]{32}/.test(value))
    t.same(ids, [], 'no label holds an id')
    const values = Map.groupBy(labels, ({ name }) => name)
    for (const [name, of] of values) t.ok(new Set(of.map(({ value }) => value)).size <= 100, `${name} has few values`)
  })

  child.signal('SIGINT')
  t.equal(await child.ended, 0)
})
