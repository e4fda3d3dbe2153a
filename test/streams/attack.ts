import fc from 'fast-check'

const USUAL_SEED = 20261122

/** How many cases of which seed, the same at every run; `ADVERSARIAL_RUNS` and `ADVERSARIAL_SEED` ask for others. */
export function attack (runs: number): { readonly numRuns: number, readonly seed: number } {
  return { numRuns: Number(process.env['ADVERSARIAL_RUNS'] ?? runs), seed: Number(process.env['ADVERSARIAL_SEED'] ?? USUAL_SEED) }
}

/** True when some case breaks the property: what a test asks of a variant that is known to be wrong, so that it is seen to be able to fail. */
export async function isCaught<T> (property: fc.IRawProperty<T>, runs = 1_000): Promise<boolean> {
  const { failed } = await fc.check(property as fc.IRawProperty<T, true>, { numRuns: runs, seed: USUAL_SEED, endOnFailure: true })
  return failed
}

/** Pseudo-random numbers of a seed, for what is drawn while a case runs. */
export class Dice {
  #state: number

  constructor (seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 … below − 1. */
  roll (below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ this.#state >>> 15, this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61)
    return ((mixed ^ mixed >>> 14) >>> 0) % below
  }

  /** True once in `odds` rolls. */
  isOneIn (odds: number): boolean {
    return this.roll(odds) === 0
  }

  pick<T> (items: readonly T[]): T {
    return items[this.roll(items.length)] as T
  }
}
