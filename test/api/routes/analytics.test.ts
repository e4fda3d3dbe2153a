import { Readable } from 'node:stream'
import { type Test, test } from 'tap'
import { type Analytics } from '../../../api/analytics/ports.ts'
import { type Role } from '../../../api/permissions.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const atMs = Date.UTC(2026, 1, 28, 12)
const revenue = { start: '2026-02-01', currency: 'GBP', sales: 3, lines: 4, units: 9, gross: 123_456n, refunds: 23_456n, net: 100_000n }
const counts = { currency: 'GBP', orders: 6, pending: 1, confirmed: 1, fulfilled: 1, cancelled: 1, failed: 1, timedOut: 1, sales: 3 }
const product = { sku: 'MUG', currency: 'GBP', orders: 2, units: 5, gross: 50_000n, returnedUnits: 1, refunds: 10_000n }
const latency = { step: 'reserve', orders: 3, p50Ms: 1, p95Ms: 2, p99Ms: 3, maxMs: 4 }
const rows: Readonly<Record<string, readonly object[]>> = {
  asOf: [{ partition: 0, offset: 41n, atMs: atMs - 1 }, { partition: 3, offset: 7n, atMs }],
  orders: [counts],
  revenue: [revenue],
  topProducts: [product],
  lifetimeValue: [{ currency: 'GBP', orders: 2, units: 3, gross: 100_000_000n, refunds: 0n, lifetimeValue: 100_000_000n, firstOrderAtMs: 0, lastOrderAtMs: atMs, segment: 'VIP' }],
  sagaLatency: [latency],
  funnel: [{ viewed: 8, addedToCart: 4, checkout: 0, ordered: 0 }],
  paymentFailures: [{ method: 'card', attempts: 4, declined: 1, failed: 0 }]
}
const asOf = { time: '2026-02-28T12:00:00.000Z', positions: ['0-41', '3-7'] }
const shownRevenue = { ...revenue, gross: '12.3456', refunds: '2.3456', net: '10.0000' }
const shownProduct = { ...product, gross: '5.0000', refunds: '1.0000' }

async function analysts (t: Test, change: Partial<Analytics> = {}) {
  const asked: Array<readonly [string, object]> = []
  const api = await buildApi(t, {
    analytics: {
      ask: async (name, params) => {
        asked.push([name, params])
        return rows[name] as never
      },
      export: async ({ name, format, from, to, limit }) => Readable.from([`${name},${format},${from},${to},`, String(limit)]),
      ...change
    }
  })
  return { api, asked, get: async (path: string, role: Role = 'Analyst') => await ask(api, path, role) }
}

async function ask (api: ApiUnderTest, path: string, role: Role) {
  return await api.app.inject({ url: `/v1/analytics/${path}`, headers: { authorization: `Bearer ${await api.token(role, 'ann')}` } })
}

const paths = ['orders/summary', 'revenue', 'products/top', 'customers/c-1/lifetime-value', 'funnel', 'saga-latency', 'dashboard']

test('orders are summed up by what became of them, and the answer tells how far it has come', async t => {
  const { asked, get } = await analysts(t)
  t.same((await get('orders/summary?from=2026-02-01&to=2026-02-28')).json(), { asOf, items: [counts] })
  t.same(asked, [['asOf', {}], ['orders', { from: '2026-02-01', to: '2026-02-28' }]], 'how far it has come is asked first')
})

test('revenue comes by the period, days and currency that are asked for, with exact amounts', async t => {
  const { asked, get } = await analysts(t)
  t.same((await get('revenue?by=month&from=2026-01-01&to=2026-12-31&currency=GBP&limit=12')).json(), { asOf, items: [shownRevenue] })
  t.same(asked.at(-1), ['revenue', { by: 'month', from: '2026-01-01', to: '2026-12-31', currency: 'GBP', limit: 12 }])
})

test('revenue comes by day, of all times and in every currency when nothing is asked for', async t => {
  const { asked, get } = await analysts(t)
  await get('revenue')
  t.same(asked.at(-1), ['revenue', { by: 'day', from: '1900-01-01', to: '2299-12-31', currency: '', limit: 400 }])
})

test('the products that sell best are ten unless asked otherwise', async t => {
  const { asked, get } = await analysts(t)
  t.same((await get('products/top')).json(), { asOf, items: [shownProduct] })
  t.match(asked.at(-1), ['topProducts', { limit: 10 }])
})

test('the value of a customer is told with the segment', async t => {
  const { asked, get } = await analysts(t)
  t.match((await get('customers/c-1/lifetime-value')).json(), {
    asOf, customerId: 'c-1', items: [{ lifetimeValue: '10000.0000', firstOrderAt: '1970-01-01T00:00:00.000Z', lastOrderAt: asOf.time, segment: 'VIP' }]
  })
  t.same(asked.at(-1), ['lifetimeValue', { customerId: 'c-1' }])
})

test('the latency of the saga is told by step', async t => {
  const { get } = await analysts(t)
  t.same((await get('saga-latency')).json(), { asOf, items: [latency] })
})

test('the funnel is told step by step, with the shares of the first step and of the one before', async t => {
  const { asked, get } = await analysts(t)
  t.same((await get('funnel?from=2026-02-01&to=2026-02-28')).json(), {
    asOf,
    items: [
      { step: 'viewed', sessions: 8, ofFirst: 1, ofPrevious: 1 }, { step: 'addedToCart', sessions: 4, ofFirst: 0.5, ofPrevious: 0.5 },
      { step: 'checkout', sessions: 0, ofFirst: 0, ofPrevious: 0 }, { step: 'ordered', sessions: 0, ofFirst: 0, ofPrevious: 0 }
    ]
  })
  t.same(asked.at(-1), ['funnel', { from: '2026-02-01', to: '2026-02-28' }])
})

test('the dashboard brings the figures of an overview in one answer', async t => {
  const { get } = await analysts(t)
  t.same((await get('dashboard')).json(), {
    asOf, orders: [counts], revenue: [shownRevenue], products: [shownProduct], latency: [latency], payments: [{ method: 'card', attempts: 4, declined: 1, failed: 0, failureRate: 0.25 }]
  })
})

test('figures are told to have come nowhere when nothing was counted yet', async t => {
  const { get } = await analysts(t, { ask: async () => [] as never })
  t.same((await get('orders/summary')).json(), { asOf: { time: null, positions: [] }, items: [] })
})

test('figures are for those who may see them, and exports for those who may take them out', async t => {
  const { api, get } = await analysts(t)
  for (const path of [...paths, 'export?dataset=customers']) {
    for (const role of ['Customer', 'Support', 'WarehouseManager'] as const) t.equal((await get(path, role)).statusCode, 403, `${path} ${role}`)
    t.equal((await api.app.inject({ url: `/v1/analytics/${path}` })).statusCode, 401, path)
    t.equal((await get(path, 'Admin')).statusCode, 200, path)
  }
})

test('a question with a wrong parameter is answered 400, and never asked', async t => {
  const { asked, get } = await analysts(t)
  const wrong = [
    'revenue?by=minute', 'revenue?from=yesterday', 'revenue?from=2026-02-30', 'revenue?currency=pounds', 'revenue?limit=0', 'revenue?limit=1001', 'revenue?sql=1',
    'products/top?limit=101', 'orders/summary?to=3026', 'export', 'export?dataset=raw_events', 'export?dataset=customers&format=xml', 'export?dataset=customers&limit=1000001'
  ]
  for (const path of wrong) t.equal((await get(path)).statusCode, 400, path)
  t.same(asked, [])
})

test('every figure is answered 503 when analytics does not answer', async t => {
  const down = async (): Promise<never> => { throw new Error('Timeout exceeded') }
  const { get } = await analysts(t, { ask: down, export: down })
  for (const path of [...paths, 'export?dataset=customers']) {
    const answer = await get(path)
    t.match([answer.statusCode, answer.json().code, answer.headers['retry-after']], [503, 'analytics-unavailable', '5'], path)
  }
})

test('an export is streamed in the format asked for, as a file', async t => {
  const { get } = await analysts(t)
  const types = { csv: /^text\/csv/, ndjson: /^application\/x-ndjson/, parquet: /^application\/vnd\.apache\.parquet/ }
  for (const format of ['csv', 'ndjson', 'parquet'] as const) {
    const answer = await get(`export?dataset=sales-by-day&format=${format}&from=2026-01-01`)
    t.equal(answer.statusCode, 200)
    t.match(answer.headers['content-type'], types[format])
    t.equal(answer.headers['content-disposition'], `attachment; filename="sales-by-day.${format}"`)
    t.equal(answer.body, `sales-by-day,${format},2026-01-01,2299-12-31,1000000`)
  }
})
