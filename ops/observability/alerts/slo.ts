import { type Alert, type AlertGroup, type Scene } from './alert.ts'

/** A promise about 30 days: `good` of all that happens. */
interface Objective {
  readonly name: string
  readonly group: string
  readonly target: number
  readonly what: string
  /** Share of what went wrong over a window. */
  readonly errors: (window: string) => string
  /** How often it happened a second, over a window. */
  readonly traffic: (window: string) => string
  /** Series in which things go wrong all the time, or did for ten minutes, long ago. */
  readonly scene: (course: Course) => Scene['series']
}

/**
 * How fast the budget of 30 days burns: 14.4 times for an hour is 2 % of it, 6 times for six hours 5 %. A rule needs both windows: the long
 * one tells that it matters, the short one that it still goes on.
 *
 * @source Google SRE workbook, "Alerting on SLOs", multiwindow, multi-burn-rate
 */
const paces = [
  { factor: 14.4, long: '1h', short: '5m', severity: 'page' },
  { factor: 6, long: '6h', short: '30m', severity: 'page' },
  { factor: 3, long: '1d', short: '2h', severity: 'ticket' },
  { factor: 1, long: '3d', short: '6h', severity: 'ticket' }
] as const

/** Below it a single mishap would be a large share, events a second. */
const LEAST_TRAFFIC = 0.02

/** Share of the observations of a histogram that are above a bound which is one of its buckets, seconds. */
function slower (metric: string, bound: string): Pick<Objective, 'errors' | 'traffic'> {
  return {
    errors: window => `1 - sum(rate(${metric}_bucket{le="${bound}"}[${window}])) / sum(rate(${metric}_count[${window}]))`,
    traffic: window => `sum(rate(${metric}_count[${window}]))`
  }
}

const requests = 'http_server_request_duration_seconds_count'
type Course = 'bad' | 'burst'

/** A counter that grows by `good` a minute, and by `bad` while things go wrong; for longer than the longest window. */
function counter (course: Course, good: number, bad: number): string {
  if (course === 'bad') return `0+${bad}x5000`
  return `0+${good}x1000 ${1000 * good + bad}+${bad}x9 ${1001 * good + 10 * bad}+${good}x4000`
}

const objectives: readonly Objective[] = [
  {
    name: 'ApiErrorBudgetBurns',
    group: 'slo-api',
    target: 0.999,
    what: 'requests are answered, and not with 5xx',
    errors: window => `sum(rate(${requests}{http_response_status_code=~"5.."}[${window}])) / sum(rate(${requests}[${window}]))`,
    traffic: window => `sum(rate(${requests}[${window}]))`,
    scene: course => ({
      [`${requests}{http_route="/v1/orders", http_response_status_code="201"}`]: counter(course, 600, 600),
      [`${requests}{http_route="/v1/orders", http_response_status_code="503"}`]: counter(course, 0, 60)
    })
  },
  {
    name: 'PipelineLatencyBudgetBurns',
    group: 'slo-pipeline',
    target: 0.99,
    what: 'cycles are committed within 1 s of the append of their oldest record',
    ...slower('pipeline_record_e2e_seconds', '1'),
    scene: course => ({
      'pipeline_record_e2e_seconds_bucket{node="orders", le="1"}': counter(course, 600, 300),
      'pipeline_record_e2e_seconds_count{node="orders"}': counter(course, 600, 600)
    })
  },
  {
    name: 'AnalyticsFreshnessBudgetBurns',
    group: 'slo-analytics',
    target: 0.99,
    what: 'plans can be queried within 5 s of the append of their oldest record',
    ...slower('sink_freshness_seconds', '5'),
    scene: course => ({
      'sink_freshness_seconds_bucket{processor="analytics", le="5"}': counter(course, 60, 30),
      'sink_freshness_seconds_count{processor="analytics"}': counter(course, 60, 60)
    })
  }
]

function alertsOf ({ name, target, what, errors, traffic, scene }: Objective): Alert[] {
  const budget = Number((1 - target).toPrecision(3))
  return paces.map(({ factor, long, short, severity }) => {
    const limit = Number((factor * budget).toPrecision(4))
    const summary = `${Number((target * 100).toPrecision(6))} % of ${what}: the error budget of 30 days burns ${factor} times too fast over ${long}`
    return {
      name,
      severity,
      summary,
      labels: { window: long },
      expr: `(${errors(long)}) > ${limit} and (${errors(short)}) > ${limit} and ${traffic(long)} > ${LEAST_TRAFFIC}`,
      fires: { series: scene('bad'), at: '4000m', labels: { window: long }, summary },
      staysSilent: { series: scene('burst'), at: '4000m' }
    }
  })
}

/** The rules about what was promised. */
export const sloGroups: readonly AlertGroup[] = objectives.map(objective => ({ name: objective.group, alerts: alertsOf(objective) }))
