import { publish } from '../diagnostics.ts'
import { type CycleResult } from './cycle.ts'
import { type Item, type RecordItem } from './item.ts'

export interface CommittedCycle {
  readonly processor: string
  readonly partition: number
  readonly items: readonly Item[]
  readonly result: CycleResult
  readonly outputs: number
  readonly changes: number
  /** Moments of the process, ms: when it began, and when its transaction was sent. */
  readonly startedMs: number
  readonly sentMs: number
  readonly brokerTimeMs: number
}

/** Tells who listens what a committed cycle was. Costs nothing when nobody does. */
export function reportCycle (cycle: CommittedCycle): void {
  publish('streams:cycle:committed', () => {
    const { processor, partition, items, result, outputs, changes, startedMs, sentMs } = cycle
    return {
      processor,
      partition,
      records: items.reduce((count, item) => count + Number(isInput(item)), 0),
      outputs,
      changes,
      timers: result.timers,
      effects: result.effects,
      processMs: sentMs - startedMs,
      commitMs: performance.now() - sentMs,
      e2eMs: e2eMs(items, cycle.brokerTimeMs)
    }
  })
}

/** Age of the oldest input at its commit, by the broker's clock; −1 without input. */
function e2eMs (items: readonly Item[], brokerTimeMs: number): number {
  let oldest = Infinity
  for (const item of items) if (isInput(item) && item.record.timestampMs < oldest) oldest = item.record.timestampMs
  return oldest === Infinity ? -1 : Math.max(0, brokerTimeMs - oldest)
}

/** What waited was counted when it came, and its age says nothing of the task. */
function isInput (item: Item): item is RecordItem {
  return item.kind === 'record' && item.waited === undefined
}
