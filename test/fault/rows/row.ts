import { type Act } from '../stage/act.ts'
import { type Invariant } from '../detectors/index.ts'

/** Rows of one group share a running platform, in this order. */
export const groups = ['processors', 'broker', 'state', 'input', 'analytics', 'end'] as const

/** One row of the fault table. */
export interface Row {
  readonly number: number
  readonly fault: string
  /** What is done, and when, for people. */
  readonly done: string
  readonly group: typeof groups[number]
  /** Does it to a platform under load; resolves when everything that it took away is there again. */
  readonly run: (act: Act) => Promise<void>
  /** What part of it, or all of it, cannot be shown yet, and why. A row with `isOpen` counts as open, whatever its driver finds. */
  readonly missing?: string
  readonly isOpen?: boolean
  /** Invariants that this fault is meant to break: they must be found broken. */
  readonly breaks?: readonly Invariant[]
  /** Nothing is judged but what the row itself sees: the platform cannot go on, as it must not. */
  readonly isEnd?: boolean
}
