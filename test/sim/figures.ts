import type { Report } from './messages.ts'

/** Gathers what many worlds were like, and says it in lines. */
export class Figures {
  readonly #reports: Array<Omit<Report, 'trace'>> = []

  add ({ trace, ...report }: Report): void {
    this.#reports.push(report)
  }

  get seeds (): number { return this.#reports.length }
  get failed (): number { return this.#reports.filter(({ problems }) => problems.length > 0).length }
  get steps (): number { return this.#reports.reduce((sum, { steps }) => sum + steps, 0) }

  median (of: 'processes' | 'tasks' | 'records' | 'steps' | 'virtualMs'): number {
    return medianOf(this.#reports.map(report => report[of]))
  }

  get medianFaults (): number {
    return medianOf(this.#reports.map(({ faults }) => faults.reduce((sum, [, times]) => sum + times, 0)))
  }

  /** Worlds in which nothing went wrong although it was planned: no fault met its moment. */
  get calm (): number {
    return this.#reports.filter(({ faults }) => faults.length === 0).length
  }

  /** How often each kind of fault happened in all worlds together, the most frequent first. */
  get faults (): ReadonlyArray<readonly [kind: string, times: number]> {
    const sums = new Map<string, number>()
    for (const { faults } of this.#reports) for (const [kind, times] of faults) sums.set(kind, (sums.get(kind) ?? 0) + times)
    return [...sums].sort((a, b) => b[1] - a[1])
  }

  /** One line with everything. */
  line (seconds: number): string {
    const medians = `medians: ${this.median('processes')} processes, ${this.median('tasks')} tasks, ${this.median('records')} records, ` +
      `${this.medianFaults} faults, ${this.median('steps')} steps, ${(this.median('virtualMs') / 1000).toFixed(1)} virtual s`
    return `${this.seeds} seeds, ${this.failed} failed; ${medians}; ${seconds.toFixed(1)} s`
  }
}

function medianOf (values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}
