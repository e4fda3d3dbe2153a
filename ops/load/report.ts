import { type CpuUse } from './cpu-watch.ts'
import { type OrderFlow } from './order-flow.ts'
import { type Counts, countKey, disagreements } from './server-counts.ts'

/** What k6 says of one run, as far as it is used here. */
export interface K6Summary {
  readonly state: { readonly testRunDurationMs: number }
  readonly metrics: Readonly<Record<string, { readonly values: Readonly<Record<string, number>> }>>
}

/** One scenario: what was asked for, and how it was answered. */
export interface ScenarioFigures {
  readonly scenario: string
  readonly requests: number
  /** Over the time that the scenario took. */
  readonly perSecond: number
  /** Of these, answered with 2xx or 3xx. */
  readonly goodPerSecond: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
}

/** A load test, as it is written to the JSON file. */
export interface LoadResult {
  readonly name: string
  readonly startedAt: string
  readonly scenarios: readonly ScenarioFigures[]
  /** Answers by `METHOD /route status`, as they were received. */
  readonly answers: Readonly<Record<string, number>>
  /** Iterations that began too late to count: no virtual user was free. */
  readonly dropped: number
  /** How the platform went on with the orders of the test while they came; absent where the log cannot be read. */
  readonly orders?: OrderFlow & { readonly seconds: number }
  /** Who used the machine when it was busiest; absent where that is not told. */
  readonly cpu?: CpuUse
  /** Where the API counts something else; empty = they agree. */
  readonly disagreements: readonly string[]
  readonly passed: boolean
}

/** Answers by route and status, out of the submetrics that the scripts ask for. */
export function answersOf ({ metrics }: K6Summary): { readonly answers: Counts, readonly unanswered: number } {
  const answers = new Map<string, number>()
  let unanswered = 0
  for (const [name, { values: { count = 0 } }] of Object.entries(metrics)) {
    const [, route, status] = /^http_reqs\{name:(.+),status:(\d+)\}$/.exec(name) ?? []
    if (route === undefined || status === undefined || count === 0) continue
    if (status === '0') unanswered += count
    else answers.set(countKey(route, status), count)
  }
  return { answers, unanswered }
}

/** What is seen of the platform while a test runs. */
export type Seen = Pick<LoadResult, 'orders' | 'cpu'>

/** Everything a run came to; each of its scenarios sent for that many seconds. */
export function resultOf (
  name: string, startedAt: string, summary: K6Summary, served: Counts, isPassed: boolean, seconds: number, seen: Seen = {}
): LoadResult {
  const { metrics } = summary
  const { answers, unanswered } = answersOf(summary)
  const names = Object.keys(metrics).flatMap(key => /^http_req_duration\{scenario:(\w+)\}$/.exec(key)?.[1] ?? [])
  const scenarios = names.sort().map(scenario => {
    const { med = 0, 'p(95)': p95 = 0, 'p(99)': p99 = 0, max = 0 } = metrics[`http_req_duration{scenario:${scenario}}`]?.values ?? {}
    const requests = metrics[`http_reqs{scenario:${scenario}}`]?.values['count'] ?? 0
    const good = requests * (1 - (metrics[`http_req_failed{scenario:${scenario}}`]?.values['rate'] ?? 0))
    const rates = { perSecond: round(requests / seconds), goodPerSecond: round(good / seconds) }
    return { scenario, requests, ...rates, p50Ms: round(med), p95Ms: round(p95), p99Ms: round(p99), maxMs: round(max) }
  })
  const ofOurs = new Map([...served].filter(([key]) => [...answers.keys()].some(mine => routeOf(mine) === routeOf(key))))
  const differing = disagreements(answers, ofOurs, unanswered)
  return {
    name,
    startedAt,
    scenarios,
    answers: { ...Object.fromEntries(answers), ...unanswered === 0 ? {} : { 'no answer': unanswered } },
    dropped: metrics['dropped_iterations']?.values['count'] ?? 0,
    ...seen,
    disagreements: differing,
    passed: isPassed && differing.length === 0 && scenarios.some(({ requests }) => requests > 0)
  }
}

/** The same for people. */
export function formatResult (result: LoadResult): string {
  const rows = [
    ['scenario', 'requests', 'per second', 'good a second', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'],
    ...result.scenarios.map(({ scenario, requests, perSecond, goodPerSecond, p50Ms, p95Ms, p99Ms, maxMs }) =>
      [scenario, ...[requests, perSecond, goodPerSecond, p50Ms, p95Ms, p99Ms, maxMs].map(String)])
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map(cells => cells[column]?.length ?? 0))) ?? []
  return [
    ...rows.map(cells => `  ${cells.map((cell, column) => column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)).join('  ')}`),
    '',
    ...Object.entries(result.answers).map(([key, count]) => `  ${key}: ${count}`),
    ...result.dropped === 0 ? [] : [`  not sent, because all virtual users waited: ${result.dropped}`],
    ...result.orders === undefined || result.orders.taken === 0 ? [] : [formatFlow(result.orders)],
    ...result.cpu === undefined ? [] : [formatCpu(result.cpu)],
    result.disagreements.length === 0 ? '  the API counts the same' : `  the API counts otherwise:\n${result.disagreements.map(line => `    ${line}`).join('\n')}`,
    `  ${result.passed ? 'passed' : 'FAILED'}`
  ].join('\n')
}

function formatFlow ({ taken, confirmed, otherwise, waiting, seconds }: OrderFlow & { readonly seconds: number }): string {
  const rate = `${round(confirmed / seconds)} a second`
  return `  of ${taken} orders taken, ${confirmed} were confirmed meanwhile (${rate}), ${otherwise} ended otherwise or wait for their customer, ${waiting} were still on their way`
}

function formatCpu ({ cores, used, by }: CpuUse): string {
  return `  at the busiest ${used} of ${cores} cores were in use: ${Object.entries(by).map(([name, share]) => `${name} ${share}`).join(', ')}`
}

function routeOf (key: string): string {
  return key.slice(0, key.lastIndexOf(' '))
}

function round (value: number): number {
  return Math.round(value * 10) / 10
}
