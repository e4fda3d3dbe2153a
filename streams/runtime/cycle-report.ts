import { publish } from '../diagnostics.ts'
import { type CommitResult } from '../kafka/port.ts'
import { type OutgoingRecord } from '../record.ts'
import { type CycleResult } from './cycle.ts'
import { isInput, type Item } from './item.ts'

export interface CommittedCycle {
  readonly processor: string
  readonly partition: number
  readonly items: readonly Item[]
  readonly result: CycleResult
  readonly outputs: readonly OutgoingRecord[]
  readonly changes: readonly OutgoingRecord[]
  /** Moments of the process, ms: when it began, and when its transaction was sent. */
  readonly startedMs: number
  readonly sentMs: number
  readonly committed: CommitResult
}

/** Tells who listens what a committed cycle was. Costs nothing when nobody does. */
export function reportCycle (cycle: CommittedCycle): void {
  publish('streams:cycle:committed', () => {
    const { processor, partition, result, outputs, changes, startedMs, sentMs } = cycle
    const handled = cycle.items.slice(0, result.handled)
    return {
      processor,
      partition,
      records: handled.reduce((count, item) => count + Number(isInput(item)), 0),
      outputs: outputs.length,
      changes: changes.length,
      timers: result.timers,
      effects: result.effects,
      processMs: sentMs - startedMs,
      commitMs: performance.now() - sentMs,
      e2eMs: e2eMs(handled, cycle.committed.brokerTimeMs)
    }
  })
}

/**
 * Age of the oldest input at its commit, by the broker's clock; −1 without input. What waited was counted when it came, and its age says
 * nothing of the task.
 */
function e2eMs (items: readonly Item[], brokerTimeMs: number): number {
  let oldest = Infinity
  for (const item of items) if (isInput(item) && item.record.timestampMs < oldest) oldest = item.record.timestampMs
  return oldest === Infinity ? -1 : Math.max(0, brokerTimeMs - oldest)
}
