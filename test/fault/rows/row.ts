import { type Act } from '../stage/act.ts'
import { type Invariant } from '../detectors/index.ts'

/** Rows of one group share a running platform, in this order; that of `upgrade` was begun by the release before. */
export const groups = ['processors', 'broker', 'state', 'input', 'analytics', 'upgrade', 'end'] as const

/** One row of the fault table. */
export interface Row {
  readonly number: number
  readonly fault: string
  /** What is done, and when, for people. */
  readonly done: string
  readonly group: typeof groups[number]
  /** Does it to a platform under load; resolves when everything that it took away is there again. */
  readonly run: (act: Act) => Promise<void>
  /** What part of it is not shown, and why. */
  readonly missing?: string
  /** Invariants that this fault is meant to break: they must be found broken. */
  readonly breaks?: readonly Invariant[]
  /** Nothing is judged but what the row itself sees: the platform cannot go on, as it must not. */
  readonly isEnd?: boolean
}
