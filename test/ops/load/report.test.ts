import { test } from 'tap'
import { type K6Summary, formatResult, resultOf } from '../../../ops/load/report.ts'
import { loadTests } from '../../../ops/load/tests.ts'
import { parseLoadOptions } from '../../../ops/load.ts'

const summary: K6Summary = {
  state: { testRunDurationMs: 65_000 },
  metrics: {
    'http_req_duration{scenario:floor}': { values: { med: 4.04, 'p(95)': 9, 'p(99)': 20, max: 31 } },
    'http_reqs{scenario:floor}': { values: { count: 1500 } },
    'http_req_failed{scenario:floor}': { values: { rate: 1 / 1500 } },
    'http_reqs{name:POST /v1/orders,status:202}': { values: { count: 1499 } },
    'http_reqs{name:POST /v1/orders,status:503}': { values: { count: 1 } },
    'http_reqs{name:POST /v1/orders,status:500}': { values: { count: 0 } },
    dropped_iterations: { values: { count: 3 } }
  }
}
const served = new Map([['POST /v1/orders 202', 1499], ['POST /v1/orders 503', 1], ['GET /health/ready 200', 12]])

test('a load test passes when thresholds hold and the API counts what was received, other routes aside', async t => {
  const result = resultOf('orders', '2026-11-26T12:00:00Z', summary, served, true, 30)
  t.match(result, { passed: true, dropped: 3, disagreements: [], answers: { 'POST /v1/orders 202': 1499, 'POST /v1/orders 503': 1 } })
  t.match(result.scenarios, [{ scenario: 'floor', requests: 1500, perSecond: 50, goodPerSecond: 50, p50Ms: 4, p99Ms: 20 }])
  t.match(formatResult(result), /floor +1500 +50 +50 +4 +9 +20 +31[\s\S]*the API counts the same[\s\S]*passed/)
})

test('a load test fails when a threshold was crossed, the counts differ, or nothing was sent', async t => {
  t.equal(resultOf('orders', '', summary, served, false, 30).passed, false)
  const other = resultOf('orders', '', summary, new Map([['POST /v1/orders 202', 1498]]), true, 30)
  t.match(other, { passed: false, disagreements: [/1499 answers were received, the API counts 1498/, /503: 1 answers/] })
  t.match(formatResult(other), /counts otherwise[\s\S]*FAILED/)
  t.equal(resultOf('orders', '', { ...summary, metrics: {} }, new Map(), true, 30).passed, false)
})

test('the command line names a test that there is, and whole numbers', async t => {
  t.match(parseLoadOptions(['orders', '--seconds', '5', '--goal', '200']), { names: ['orders'], seconds: 5, goal: 200, isRunning: false })
  t.match(parseLoadOptions(['orders', 'payments']), { names: ['orders', 'payments'], seconds: 30, json: undefined })
  t.throws(() => parseLoadOptions(['orders', 'payments', '--json', 'x']), { code: 'OPS_OPTION_INVALID' })
  t.throws(() => parseLoadOptions(['orders', 'other']), { code: 'OPS_OPTION_INVALID' })
  t.equal(parseLoadOptions(['--help']), undefined)
  t.throws(() => parseLoadOptions(['nothing']), { code: 'OPS_OPTION_INVALID' })
  t.throws(() => parseLoadOptions(['constructor']), { code: 'OPS_OPTION_INVALID' })
  t.throws(() => parseLoadOptions(['orders', '--seconds', 'soon']), { code: 'OPS_OPTION_INVALID' })
})

test('the table tells how far the platform came with the orders, and who used the machine, when both were seen', async t => {
  const seen = {
    orders: { taken: 1000, confirmed: 600, otherwise: 10, waiting: 390, seconds: 8 },
    cpu: { cores: 2, used: 1.98, by: { processor: 0.9, api: 0.4, others: 0.68 } }
  }
  const text = formatResult(resultOf('orders', '', summary, served, true, 30, seen))
  t.match(text, /of 1000 orders taken, 600 were confirmed meanwhile \(75 a second\), 10 ended otherwise .* 390 were still on their way/)
  t.match(text, /at the busiest 1\.98 of 2 cores were in use: processor 0\.9, api 0\.4, others 0\.68/)
  const { confirmed, ...others } = seen.orders
  t.notMatch(formatResult(resultOf('catalog', '', summary, served, true, 30, { orders: { ...others, confirmed, taken: 0 } })), /orders taken/)
})

test('there are so many declined orders that none is asked for more payments than it may have', async t => {
  const orders = loadTests.payments.declined?.(30, { floor: undefined, goal: undefined }) ?? 0
  const most = Math.ceil(25 * 30 / orders) + Math.ceil(250 * 30 / orders)
  t.equal(most, 4, 'the first part from the first order on, the second one as well')
  t.ok((loadTests.payments.declined?.(5, { floor: 1000, goal: 10 }) ?? 0) >= 5000, 'a first part with the most')
  t.equal(loadTests.orders.declined, undefined)
})
