import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from '@prometheus-io/client'
import { type Labels, type MetricDefinition, type Metrics } from '../../streams/metrics.ts'

/** A Prometheus registry with the process's own metrics. */
export function createRegistry (): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** Series of one metric at most: beyond it a label must have taken ids, and Prometheus would suffer with us. */
const MAX_SERIES = 5000

/**
 * Gives the runtime its metrics: each becomes one of Prometheus. A metric that has as many series as it may have takes no further ones:
 * `metrics_series_refused_total` counts what is lost.
 */
export function prometheusMetrics (registry: Registry, maxSeries = MAX_SERIES): Metrics {
  const refused = new Counter({ name: 'metrics_series_refused_total', help: 'Values that are lost because their metric has too many series.', labelNames: ['metric'], registers: [registry] })
  const bounded = (metric: string): (labels: Labels) => boolean => {
    const known = new Set<string>()
    return labels => {
      const key = Object.values(labels).join('\0')
      if (known.has(key)) return true
      if (known.size >= maxSeries) {
        refused.inc({ metric })
        return false
      }
      known.add(key)
      return true
    }
  }
  const options = ({ name, help, labels }: MetricDefinition) => ({ name, help, labelNames: [...labels], registers: [registry] })
  return {
    counter: definition => {
      const counter = new Counter(options(definition))
      const has = bounded(definition.name)
      return { inc: (labels, by = 1) => { if (has(labels)) counter.inc(labels, by) } }
    },
    gauge: definition => {
      const gauge = new Gauge(options(definition))
      const has = bounded(definition.name)
      return { set: (labels, value) => { if (has(labels)) gauge.set(labels, value) } }
    },
    histogram: definition => {
      const histogram = new Histogram({ ...options(definition), ...(definition.buckets === undefined ? {} : { buckets: [...definition.buckets] }) })
      const has = bounded(definition.name)
      return { observe: (labels, value) => { if (has(labels)) histogram.observe(labels, value) } }
    }
  }
}
