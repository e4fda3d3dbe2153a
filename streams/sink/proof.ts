import { type SinkBounds } from './port.ts'

/** What the target's answer to "how many rows of this range are there" means. Pure. */
export type RangeVerdict =
  /** Every row is there, once. */
  | 'landed'
  /** Some or all are not there, and none is twice: the same bytes under the same token may be sent again. */
  | 'missing'
  /** A row is there more than once, or there are rows that were not planned: nothing that is sent can make it right. */
  | 'excess'

export function judgeRange (rows: number, found: { readonly rows: number, readonly distinct: number }): RangeVerdict {
  if (found.rows === rows && found.distinct === rows) return 'landed'
  return found.rows > found.distinct || found.rows > rows ? 'excess' : 'missing'
}

/** Whether the target agrees with what was acknowledged and planned of one topic-partition. Pure. */
export type BoundsVerdict = 'agrees' | 'behind' | 'ahead'

/**
 * `behind`: rows that were acknowledged are gone (restored from a backup, folder deleted, lost at power-off). `ahead`: rows beyond
 * everything planned, or more below it than acknowledged (the log or the plan went back, or rows came from elsewhere).
 */
export function judgeBounds (acknowledged: { readonly rows: bigint, readonly lastOffset: bigint }, found: SinkBounds): BoundsVerdict {
  if (found.beyond > 0n || found.below > acknowledged.rows) return 'ahead'
  return found.below < acknowledged.rows || found.last < acknowledged.lastOffset ? 'behind' : 'agrees'
}
