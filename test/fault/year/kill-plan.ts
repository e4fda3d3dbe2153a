import { createRandom } from '../../../ops/play/random.ts'

/** Least share of all orders that is settled between a start and the next disturbance. */
const least = 0.1
/** Share of the orders by which the last disturbance has come, at most, when every start loses nothing. */
const last = 0.9

/**
 * How much more of the orders is settled, as a share of all, after each start before something is done to it: at random, by the seed
 * alone, at least a tenth each time.
 */
export function killSteps (times: number, seed: string): number[] {
  const random = createRandom(`${seed}/kills/${times}`)
  return Array.from({ length: times }, () => least + random.unit() * (last / times - least))
}

/** Shares of all orders at which something is done to an import that goes on meanwhile, by the seed alone: each at least a tenth behind the one before. */
export function killPoints (times: number, seed: string): number[] {
  const steps = killSteps(times, seed)
  return steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0))
}

/** Share of the orders from which on nothing is killed any more in an import that goes on meanwhile: it is about to ask the engine what it came to. */
export const tooLate = 0.95
