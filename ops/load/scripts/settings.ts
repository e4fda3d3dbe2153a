import { SharedArray } from 'k6/data'
import { type Options, type Scenario } from 'k6/options'

/** What the runner prepared: where the API is, who asks, and what there is to ask for. */
export interface Prepared {
  readonly url: string
  /** One token a customer. */
  readonly tokens: readonly string[]
  /** Products with stock for every order. */
  readonly skus: readonly string[]
  /** Orders whose payment was declined, by the index of their customer. */
  readonly declined: ReadonlyArray<{ readonly orderId: string, readonly customer: number }>
}

/** One copy for all virtual users. */
export const prepared: Prepared = new SharedArray('prepared', () => [JSON.parse(open(__ENV['LOAD_PREPARED'] ?? '')) as Prepared])[0] as Prepared

/** Seconds that each part of a run takes. */
export const seconds = Number(__ENV['LOAD_SECONDS'] ?? 30)

/** A number the runner may have been given, else the script's own. */
export const rateOf = (name: 'FLOOR' | 'GOAL', value: number): number => Number(__ENV[`LOAD_${name}`] ?? value)

/** So many a second, come what may: whoever is slow makes others wait, and is seen. */
export function steady (exec: string, rate: number, startS = 0, forS = seconds): Scenario {
  const users = Math.min(400, Math.max(10, Math.ceil(rate / 4)))
  return {
    executor: 'constant-arrival-rate',
    exec,
    rate,
    timeUnit: '1s',
    duration: `${forS}s`,
    startTime: `${startS}s`,
    preAllocatedVUs: users,
    maxVUs: Math.min(800, users * 4),
    gracefulStop: '30s'
  }
}

/** From one rate to others: rate and seconds of each stage. */
export function ramp (exec: string, startRate: number, stages: ReadonlyArray<readonly [rate: number, forS: number]>): Scenario {
  const most = Math.max(startRate, ...stages.map(([rate]) => rate))
  return {
    executor: 'ramping-arrival-rate',
    exec,
    startRate,
    timeUnit: '1s',
    stages: stages.map(([target, forS]) => ({ target, duration: `${forS}s` })),
    preAllocatedVUs: Math.min(400, Math.max(10, Math.ceil(most / 4))),
    maxVUs: Math.min(800, Math.max(40, most)),
    gracefulStop: '30s'
  }
}

/** Statuses that the API answers with; 0 = no answer. */
const statuses = ['200', '201', '202', '400', '401', '403', '404', '409', '422', '429', '500', '503', '504', '0']

/** What has to hold however much is asked for: nothing breaks, and everybody is answered in time, be it with 429 or 503. */
export const atOverload = (scenario: string): NonNullable<Options['thresholds']> => ({
  'http_reqs{status:500}': ['count==0'],
  'http_reqs{status:0}': ['count==0'],
  [`http_req_duration{scenario:${scenario}}`]: ['p(99)<3000']
})

/** Options of a script: its scenarios, what has to hold, and a count of every answer by route and status, for the comparison with the API's own. */
export function optionsOf (scenarios: Readonly<Record<string, Scenario>>, routes: readonly string[], thresholds: Options['thresholds'] = {}): Options {
  const counts = routes.flatMap(route => statuses.map(status => [`http_reqs{name:${route},status:${status}}`, ['count>=0']] as const))
  const figures = Object.keys(scenarios).flatMap(name => [
    [`http_req_duration{scenario:${name}}`, ['max>=0']], [`http_reqs{scenario:${name}}`, ['count>=0']], [`http_req_failed{scenario:${name}}`, ['rate>=0']]
  ] as const)
  return {
    scenarios: { ...scenarios },
    // A later threshold of the same name wins: what has to hold over what is only counted.
    thresholds: { ...Object.fromEntries([...counts, ...figures]), ...thresholds },
    summaryTrendStats: ['med', 'p(95)', 'p(99)', 'max'],
    discardResponseBodies: true,
    noConnectionReuse: false
  } as Options
}

/** Ends a run: everything k6 measured goes to the runner. */
export function handleSummary (data: unknown): Record<string, string> {
  return { [__ENV['LOAD_SUMMARY'] ?? 'summary.json']: JSON.stringify(data) }
}
