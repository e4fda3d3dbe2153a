/** An acquisition that committed at least one cycle. */
export interface Ancestor {
  /** Of the incarnation: see `ancestorId`. */
  readonly id: bigint
  /** Offset of the progress record that it went on from; −1 = none. */
  readonly since: bigint
}

/** The newest acquisitions that made a history, oldest first, at most `LINEAGE_LENGTH`. Travels in every progress record. */
export type Lineage = readonly Ancestor[]

/** How many acquisitions a progress record names. State that is older than all of them is rebuilt. */
export const LINEAGE_LENGTH = 8

/** A short name of an incarnation: the first eight bytes of its random UUID. */
export function ancestorId (incarnation: string): bigint {
  return BigInt(`0x${incarnation.replaceAll('-', '').slice(0, 16)}`)
}

/** The history once one more acquisition goes on with it. */
export function extendLineage (lineage: Lineage, next: Ancestor): Lineage {
  return [...lineage, next].slice(-LINEAGE_LENGTH)
}

/**
 * Whether state is an earlier moment of the history that `newer` tells: it was built from the progress record at `offset`, which names
 * `older`. A log that lost its tail and went on has newer progress as well; but there somebody went on from before that record.
 */
export function isEarlierMoment (older: Lineage, offset: bigint, newer: Lineage): boolean {
  const last = older.at(-1)
  const at = last === undefined ? -1 : newer.findLastIndex(({ id, since }) => id === last.id && since === last.since)
  if (at === -1 && (last !== undefined || newer.length === LINEAGE_LENGTH)) return false
  const next = newer[at + 1]
  return next === undefined || next.since >= offset
}
