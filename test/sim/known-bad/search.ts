import type { Report } from '../messages.ts'
import { Simulator } from '../simulator.ts'

/** Where a known-bad build was caught. */
export interface Caught {
  readonly seed: number
  /** Worlds that it took, this one included, and their steps. */
  readonly seeds: number
  readonly steps: number
  readonly check: string
  readonly found: string
}

/** Runs a build from one seed on, at most so many, until a check says that it is bad; undefined = none did. */
export async function search (build: string, from: number, limit: number): Promise<Caught | undefined> {
  const simulator = new Simulator(build)
  try {
    let steps = 0
    for (let seed = from; seed < from + limit; seed++) {
      const report: Report = await simulator.run({ seed })
      steps += report.steps
      const [problem] = report.problems
      if (problem !== undefined) return { seed, seeds: seed - from + 1, steps, ...problem }
    }
    return undefined
  } finally {
    await simulator.close()
  }
}
