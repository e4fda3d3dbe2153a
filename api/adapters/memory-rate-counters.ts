import { type Clock } from '../../streams/time/clock.ts'
import { type Tally, countRequest } from '../limits/rules.ts'
import { type RateCounters } from '../ports.ts'

export interface MemoryRateCountersOptions {
  readonly clock: Pick<Clock, 'now'>
  /** Senders remembered at most; those that were counted longest ago are forgotten first. @default 50000 */
  readonly maxSenders?: number
}

/** Counts the requests that this process sees. */
export function createMemoryRateCounters ({ clock, maxSenders = 50_000 }: MemoryRateCountersOptions): RateCounters {
  const tallies = new Map<string, Tally>()
  return {
    count: async (sender, rule) => {
      const { tally, count } = countRequest(tallies.get(sender), rule, clock.now())
      tallies.delete(sender)
      tallies.set(sender, tally)
      for (const oldest of tallies.keys()) {
        if (tallies.size <= maxSenders) break
        tallies.delete(oldest)
      }
      return count
    }
  }
}
