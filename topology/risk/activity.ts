import { type ActivityBucket } from '#schemas'

const minuteMs = 60_000
/** The hour that activity is counted over, in minutes. */
const windowMinutes = 60

/** The minute of a time. Unit: minutes since 1970; `timeMs` is epoch ms. */
export function minuteOf (timeMs: number): number {
  return Math.floor(timeMs / minuteMs)
}

/**
 * Activity of one customer as sums by minute and currency: the window slides by whole minutes. It holds the minute of an order and the 60
 * before it, which is an hour at least and a minute more at most. What is older than the newest minute's window is forgotten, so a row
 * has 61 minutes at most, however much is ordered.
 */
export function addActivity (buckets: readonly ActivityBucket[], minute: number, currency: string, amount: bigint): readonly ActivityBucket[] {
  const newest = Math.max(minute, buckets.at(-1)?.minute ?? minute)
  const kept = buckets.filter(bucket => bucket.minute >= newest - windowMinutes)
  if (minute < newest - windowMinutes) return kept
  const at = kept.findIndex(bucket => bucket.minute === minute && bucket.currency === currency)
  const known = kept[at]
  if (known !== undefined) return kept.with(at, { ...known, amount: known.amount + amount })
  return [...kept, { minute, currency, amount }].sort((a, b) => a.minute - b.minute || (a.currency < b.currency ? -1 : 1))
}

/** What was ordered in that currency in the hour that ends with the minute, in 1/10,000 of the unit. */
export function activityIn (buckets: readonly ActivityBucket[], minute: number, currency: string): bigint {
  let sum = 0n
  for (const bucket of buckets) {
    if (bucket.currency === currency && bucket.minute <= minute && bucket.minute >= minute - windowMinutes) sum += bucket.amount
  }
  return sum
}
