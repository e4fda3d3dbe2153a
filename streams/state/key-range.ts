/**
 * Which keys of an ordered store are meant; every condition given must hold. Keys are ordered by their UTF-8 bytes, which is the
 * order of code points, not that of `<` on strings.
 */
export interface KeyRange {
  readonly prefix?: string
  /** First key, included. */
  readonly from?: string
  /** First key beyond, excluded. */
  readonly to?: string
  /** The last key that was seen: only keys behind it. */
  readonly after?: string
}

/** A range as two bounds in bytes. */
export interface KeyBounds {
  readonly lower: Buffer
  /** True when `lower` itself is not meant. */
  readonly isLowerOpen: boolean
  /** Excluded; null = to the end. */
  readonly upper: Buffer | null
}

/** Follows every UTF-8 byte: nothing that begins with a prefix is as large as the prefix with it. */
const BEYOND = Buffer.of(0xff)

/** The order of keys. */
export function compareKeys (a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/** The tightest bounds that a range means. */
export function boundsOf ({ prefix = '', from = '', to, after }: KeyRange): KeyBounds {
  const first = Buffer.from(compareKeys(prefix, from) > 0 ? prefix : from)
  const behind = after === undefined ? undefined : Buffer.from(after)
  const isLowerOpen = behind !== undefined && Buffer.compare(behind, first) >= 0
  const ends = [...prefix === '' ? [] : [Buffer.concat([Buffer.from(prefix), BEYOND])], ...to === undefined ? [] : [Buffer.from(to)]]
  return { lower: isLowerOpen ? behind : first, isLowerOpen, upper: ends.sort(Buffer.compare)[0] ?? null }
}

/** True when the key lies within the bounds. */
export function isWithin ({ lower, isLowerOpen, upper }: KeyBounds, key: string): boolean {
  const bytes = Buffer.from(key)
  const above = Buffer.compare(bytes, lower)
  return (isLowerOpen ? above > 0 : above >= 0) && (upper === null || Buffer.compare(bytes, upper) < 0)
}
