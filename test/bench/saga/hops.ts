import { runtimeMetrics } from '#streams'

/** What the cycles of one processor came to between two looks at its metrics. */
export interface HopFigures {
  readonly cycles: number
  readonly recordsPerCycle: number
  /** Means, ms: from the records of a cycle to its transaction, and from its first request to the known commit. */
  readonly processMs: number
  readonly commitMs: number
  /** Mean from the append of the oldest input of a cycle to its commit, ms. */
  readonly oldestInputMs: number
  /** Means of a call to Redis and, where there is one, to the outside, ms. */
  readonly readMs: number
  readonly applyMs: number
  readonly effectMs?: number
}

/** What the plans of one sink came to between two looks. */
export interface SinkFigures {
  readonly plans: number
  readonly rowsPerPlan: number
  /** Means, ms: of a plan's inserts, and from the append of its oldest record to the moment it can be queried. */
  readonly insertMs: number
  readonly freshnessMs: number
}

/** Samples of the platform's metrics by name and labels, as Prometheus would read them. */
export type Samples = ReadonlyMap<string, number>

const SAMPLE = /^([a-z0-9_]+)(?:\{(.*)\})? ([-+0-9.eE]+)$/

/** Reads the text that a metrics endpoint answers. Labels count in the order of their names. */
export function parseSamples (text: string): Samples {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? []
    if (name !== undefined) samples.set(`${name}{${labels.split(',').sort().join()}}`, Number(value))
  }
  return samples
}

/** What was gained between two looks. */
class Gains {
  readonly #before: Samples
  readonly #after: Samples

  constructor (before: Samples, after: Samples) {
    this.#before = before
    this.#after = after
  }

  of (name: string, labels: Readonly<Record<string, string>>): number {
    const key = `${name}{${Object.entries(labels).map(([label, value]) => `${label}="${value}"`).sort().join()}}`
    return (this.#after.get(key) ?? 0) - (this.#before.get(key) ?? 0)
  }

  /** How often a histogram of seconds was fed, and the mean of that in ms. */
  count ({ name }: { readonly name: string }, labels: Readonly<Record<string, string>>): number {
    return this.of(`${name}_count`, labels)
  }

  meanMs (histogram: { readonly name: string }, labels: Readonly<Record<string, string>>): number {
    return round(this.of(`${histogram.name}_sum`, labels) / Math.max(1, this.count(histogram, labels)) * 1000)
  }
}

/** The figures of every processor that committed a cycle between two looks. */
export function hopsBetween (before: Samples, after: Samples): Readonly<Record<string, HopFigures>> {
  const gains = new Gains(before, after)
  const hops: Record<string, HopFigures> = {}
  for (const processor of labelsOf(after, runtimeMetrics.processSeconds.name, 'processor')) {
    const cycles = gains.count(runtimeMetrics.processSeconds, { processor })
    if (cycles === 0) continue
    const effect = labelsOf(after, runtimeMetrics.effectSeconds.name, 'effect').find(name => gains.count(runtimeMetrics.effectSeconds, { processor, effect: name }) > 0)
    hops[processor] = {
      cycles,
      recordsPerCycle: round(gains.of(runtimeMetrics.records.name, { processor }) / cycles),
      processMs: gains.meanMs(runtimeMetrics.processSeconds, { processor }),
      commitMs: gains.meanMs(runtimeMetrics.commitSeconds, { processor }),
      oldestInputMs: gains.meanMs(runtimeMetrics.recordE2e, { node: processor }),
      readMs: gains.meanMs(runtimeMetrics.storeSeconds, { processor, op: 'read' }),
      applyMs: gains.meanMs(runtimeMetrics.storeSeconds, { processor, op: 'apply' }),
      ...(effect === undefined ? {} : { effectMs: gains.meanMs(runtimeMetrics.effectSeconds, { processor, effect }) })
    }
  }
  return hops
}

/** The figures of every sink whose rows landed between two looks. */
export function sinksBetween (before: Samples, after: Samples): Readonly<Record<string, SinkFigures>> {
  const gains = new Gains(before, after)
  return Object.fromEntries(labelsOf(after, runtimeMetrics.sinkInsertSeconds.name, 'processor').flatMap(processor => {
    const plans = gains.count(runtimeMetrics.sinkInsertSeconds, { processor })
    return plans === 0
      ? []
      : [[processor, {
          plans,
          rowsPerPlan: round(gains.of(runtimeMetrics.sinkRows.name, { processor }) / plans),
          insertMs: gains.meanMs(runtimeMetrics.sinkInsertSeconds, { processor }),
          freshnessMs: gains.meanMs(runtimeMetrics.sinkFreshness, { processor })
        }]]
  }))
}

/** Every value of a label of a histogram, in order. */
function labelsOf (samples: Samples, histogram: string, label: string): readonly string[] {
  const pattern = new RegExp(`^${histogram}_count\\{.*\\b${label}="([^"]*)"`)
  return [...new Set([...samples.keys()].flatMap(key => pattern.exec(key)?.[1] ?? []))].sort()
}

function round (value: number): number {
  return Number(value.toFixed(2))
}
