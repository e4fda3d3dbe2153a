export interface Percentiles { readonly p50: number, readonly p99: number, readonly max: number }

/** Percentiles (nearest rank), rounded to hundredths; zeros of nothing. */
export function percentiles (values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number): number => Number((sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0).toFixed(2))
  return { p50: at(0.5), p99: at(0.99), max: at(1) }
}

/** The middle value; the mean of the two middle ones; 0 of nothing. */
export function median (values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** The medians of each field of objects of one shape, down to the numbers. */
export function medians<T> (samples: readonly T[]): T {
  const [first] = samples
  if (typeof first === 'number') return Number(median(samples as readonly number[]).toFixed(2)) as T
  return Object.fromEntries(Object.keys(first as object).map(key => [key, medians(samples.map(sample => (sample as Record<string, unknown>)[key]))])) as T
}
