import { type Disposition, isStreamsError, StreamsError } from '../errors.ts'
import { type TaskState } from './runner.ts'

/** Which state of a task may follow which. */
export const taskTransitions: Readonly<Record<TaskState, readonly TaskState[]>> = {
  created: ['acquiring', 'closing'],
  acquiring: ['acquiring', 'running', 'closing', 'failed'],
  running: ['acquiring', 'closing', 'failed'],
  closing: ['closed'],
  closed: [],
  failed: ['closing']
}

/** @throws {StreamsError} STR_TXN_ILLEGAL_STATE on a transition that the table does not know */
export function nextTaskState (from: TaskState, to: TaskState): TaskState {
  if (!taskTransitions[from].includes(to)) throw new StreamsError('STR_TXN_ILLEGAL_STATE', { from, to })
  return to
}

/** How a task goes on after an error that ended its session or its Acquire. */
export type Reaction =
  /** Throw everything away, wait, and Acquire: with a heartbeat first, so a zombie ends there (B1). */
  | 'acquire'
  /** Stop with a reason; other tasks go on (R9). */
  | 'fail'

/** A record-level error that reaches the task was not decided in its cycle: that is a defect, not something to repeat. */
export const reactions: Readonly<Record<Disposition, Reaction>> = {
  retry: 'acquire',
  'end-epoch': 'acquire',
  'restore-state': 'acquire',
  'close-task': 'acquire',
  'dead-letter': 'fail',
  fatal: 'fail'
}

export function reactionTo (error: Error): Reaction {
  return isStreamsError(error) ? reactions[error.disposition] : 'fail'
}

/** Wait before Acquire number `attempt` (1 = the first repeat), ms. */
export function acquireBackoffMs (attempt: number, firstMs: number, largestMs: number): number {
  return Math.min(largestMs, firstMs * 2 ** Math.min(attempt - 1, 20))
}
