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

/** The figures of every processor that committed a cycle between two looks. */
export function hopsBetween (before: Samples, after: Samples): Readonly<Record<string, HopFigures>> {
  const gain = (name: string, labels: Readonly<Record<string, string>>): number => {
    const key = `${name}{${Object.entries(labels).map(([label, value]) => `${label}="${value}"`).sort().join()}}`
    return (after.get(key) ?? 0) - (before.get(key) ?? 0)
  }
  const meanMs = (histogram: { readonly name: string }, labels: Readonly<Record<string, string>>): number =>
    round(gain(`${histogram.name}_sum`, labels) / Math.max(1, gain(`${histogram.name}_count`, labels)) * 1000)
  const hops: Record<string, HopFigures> = {}
  for (const processor of processorsOf(after)) {
    const cycles = gain(`${runtimeMetrics.processSeconds.name}_count`, { processor })
    if (cycles === 0) continue
    const effect = effectOf(after, processor)
    hops[processor] = {
      cycles,
      recordsPerCycle: round(gain(runtimeMetrics.records.name, { processor }) / cycles),
      processMs: meanMs(runtimeMetrics.processSeconds, { processor }),
      commitMs: meanMs(runtimeMetrics.commitSeconds, { processor }),
      oldestInputMs: meanMs(runtimeMetrics.recordE2e, { node: processor }),
      readMs: meanMs(runtimeMetrics.storeSeconds, { processor, op: 'read' }),
      applyMs: meanMs(runtimeMetrics.storeSeconds, { processor, op: 'apply' }),
      ...(effect === undefined ? {} : { effectMs: meanMs(runtimeMetrics.effectSeconds, { processor, effect }) })
    }
  }
  return hops
}

function processorsOf (samples: Samples): readonly string[] {
  const found = [...samples.keys()].flatMap(key => new RegExp(`^${runtimeMetrics.processSeconds.name}_count\\{processor="(.*)"\\}$`).exec(key)?.[1] ?? [])
  return found.sort()
}

function effectOf (samples: Samples, processor: string): string | undefined {
  const pattern = new RegExp(`^${runtimeMetrics.effectSeconds.name}_count\\{effect="(.*)",processor="${processor}"\\}$`)
  return [...samples.keys()].flatMap(key => pattern.exec(key)?.[1] ?? [])[0]
}

function round (value: number): number {
  return Number(value.toFixed(2))
}
