import { type BucketRange } from '#schemas'
import { commandId } from '../envelope.ts'

/** Subjects are hashed into so many buckets: a weight is told in 1/10,000 of them. */
export const buckets = 10_000

/**
 * The bucket of a subject, 0 to 9,999: the first 48 bits of SHA-256 over salt and subject, each behind its length (4 bytes, big-endian),
 * modulo 10,000. The same for ever and on every machine; subjects are dealt anew by another salt.
 */
export function bucketOf (salt: string, subject: string): number {
  return Number.parseInt(commandId(salt, subject).slice(0, 12), 16) % buckets
}

export function isIn (ranges: readonly BucketRange[], bucket: number): boolean {
  return ranges.some(({ from, to }) => from <= bucket && bucket < to)
}

export function widthOf (ranges: readonly BucketRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from, 0)
}

/** What a variant has and what it is to have, in buckets. */
export interface Share { readonly name: string, readonly weight: number }

/**
 * Deals the buckets out to variants whose weights come to 10,000. Who had some keeps the first of them, as many as it may; what is given up, or
 * was nobody's, goes to those that grow, in their order. So no more subjects change their variant than the weights demand: half of the sum of
 * what the weights differ by, and those of a variant that is gone.
 */
export function dealBuckets (before: ReadonlyMap<string, readonly BucketRange[]>, shares: readonly Share[]): ReadonlyMap<string, readonly BucketRange[]> {
  const owners = new Array<string | undefined>(buckets).fill(undefined)
  const left = new Map(shares.map(({ name, weight }) => [name, weight]))
  for (const [name, ranges] of before) {
    for (const { from, to } of ranges) {
      for (let bucket = from; bucket < to; bucket++) take(bucket, name)
    }
  }
  let free = 0
  for (const { name } of shares) {
    while ((left.get(name) ?? 0) > 0) {
      while (owners[free] !== undefined) free++
      take(free, name)
    }
  }
  return new Map(shares.map(({ name }) => [name, rangesOf(owners, name)]))

  function take (bucket: number, name: string): void {
    const more = left.get(name) ?? 0
    if (more === 0) return
    owners[bucket] = name
    left.set(name, more - 1)
  }
}

function rangesOf (owners: ReadonlyArray<string | undefined>, name: string): readonly BucketRange[] {
  const ranges: BucketRange[] = []
  for (let from = 0; from < buckets;) {
    if (owners[from] !== name) {
      from++
      continue
    }
    let to = from + 1
    while (to < buckets && owners[to] === name) to++
    ranges.push({ from, to })
    from = to
  }
  return ranges
}
