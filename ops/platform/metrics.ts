import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from '@prometheus-io/client'
import { type MetricDefinition, type Metrics } from '../../streams/metrics.ts'

/** A Prometheus registry with the process's own metrics. */
export function createRegistry (): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

/** Gives the runtime its metrics: each becomes one of Prometheus. */
export function prometheusMetrics (registry: Registry): Metrics {
  const options = ({ name, help, labels }: MetricDefinition) => ({ name, help, labelNames: [...labels], registers: [registry] })
  return {
    counter: definition => {
      const counter = new Counter(options(definition))
      return { inc: (labels, by = 1) => { counter.inc(labels, by) } }
    },
    gauge: definition => {
      const gauge = new Gauge(options(definition))
      return { set: (labels, value) => { gauge.set(labels, value) } }
    },
    histogram: definition => {
      const histogram = new Histogram({ ...options(definition), ...(definition.buckets === undefined ? {} : { buckets: [...definition.buckets] }) })
      return { observe: (labels, value) => { histogram.observe(labels, value) } }
    }
  }
}
