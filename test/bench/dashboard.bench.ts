import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createClickHouseAnalytics } from '../../api/adapters/clickhouse-analytics.ts'
import { openClickHouse } from '../../sinks/index.ts'
import { Child } from '../fault/child.ts'

/**
 * How long the questions of the analytics API take: `node test/bench/dashboard.bench.ts [--data DIR | --url http://127.0.0.1:18123] [--times 20]`.
 *
 * Asks the ClickHouse of a platform that was played or imported before, one question after the other, each so many times after one that is not
 * counted, over all of its days; `dashboard` is its five questions at once, as the route asks them. Nothing else should run meanwhile.
 *
 * `--data DIR`: the data folder of a platform that is at rest. Its ClickHouse is started for the questions, alone. So to ask over a real year:
 * `npm start -- --input FILE --exit --data-dir DIR && node test/bench/dashboard.bench.ts --data DIR`.
 */
const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:18123' }, data: { type: 'string' }, database: { type: 'string', default: 'commerce' }, times: { type: 'string', default: '20' }
  }
})
const opened = values.data === undefined ? undefined : await openFolder(resolve(values.data))
const client = openClickHouse({ url: opened?.url ?? values.url, database: values.database })
const { ask } = createClickHouseAnalytics(client, { timeoutMs: 60_000 })
const days = { from: '1900-01-01', to: '2299-12-31' }
const sales = { ...days, currency: '', limit: 400 }
const answer = await client.query({ query: 'SELECT customer_id FROM customers ORDER BY lifetime_value DESC LIMIT 1', format: 'JSONEachRow' })
const [{ customer_id: customerId } = { customer_id: '' }] = await answer.json<{ readonly customer_id: string }>()

const questions: Readonly<Record<string, () => Promise<unknown>>> = {
  asOf: async () => await ask('asOf', {}),
  orders: async () => await ask('orders', days),
  'revenue by day': async () => await ask('revenue', { ...sales, by: 'day' }),
  'revenue by month': async () => await ask('revenue', { ...sales, by: 'month' }),
  topProducts: async () => await ask('topProducts', { ...sales, limit: 10 }),
  lifetimeValue: async () => await ask('lifetimeValue', { customerId }),
  funnel: async () => await ask('funnel', days),
  sagaLatency: async () => await ask('sagaLatency', days),
  paymentFailures: async () => await ask('paymentFailures', days),
  dashboard: async () => await Promise.all([
    ask('orders', days), ask('revenue', { ...sales, by: 'day', limit: 30 }), ask('topProducts', { ...sales, limit: 5 }), ask('sagaLatency', days), ask('paymentFailures', days)
  ])
}

const found: Array<{ readonly question: string, readonly p50Ms: number, readonly p95Ms: number, readonly maxMs: number }> = []
try {
  for (const [name, question] of Object.entries(questions)) {
    await question()
    const tookMs: number[] = []
    for (let time = 0; time < Number(values.times); time++) {
      const started = performance.now()
      await question()
      tookMs.push(performance.now() - started)
    }
    tookMs.sort((a, b) => a - b)
    const at = (share: number): number => Math.round(tookMs[Math.ceil(share * tookMs.length) - 1] ?? 0)
    found.push({ question: name, p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) })
    process.stderr.write(`${JSON.stringify(found.at(-1))}\n`)
  }
  const rows = await (await client.query({ query: 'SELECT toUInt32(count()) AS rows FROM raw_events', format: 'JSONEachRow' })).json<{ readonly rows: number }>()
  process.stdout.write(`${JSON.stringify({ rows: rows[0]?.rows, times: Number(values.times), questions: found })}\n`)
} finally {
  await client.close()
  await opened?.stop()
}

/** Starts the ClickHouse of a data folder, which must not run; it ends with this process at the latest. */
async function openFolder (folder: string): Promise<{ readonly url: string, stop (): Promise<void> }> {
  const path = join(folder, 'clickhouse/db')
  if (!existsSync(path)) throw new Error(`${folder} is no data folder: it has no ClickHouse`)
  const front = resolve(import.meta.dirname, '../../ops/stack/clickhouse-front/main.ts')
  const child = new Child([process.execPath, front, '--port', '0', '--path', path], {}, join(folder, 'logs/dashboard-bench'))
  await child.says(/^ready on \S+/m)
  return { url: /^ready on (\S+)/m.exec(child.text)?.[1] ?? '', stop: async () => { await child.end() } }
}
