import { type Streams } from '#streams'
import { OpsError } from '../errors.ts'

/**
 * Aborts as soon as a task of this process cannot go on, with OPS_TASK_FAILED for its reason: what waits for the work of that task
 * waits in vain. `log`: where its story is told.
 */
export function abortWhenTaskFails (streams: Pick<Streams, 'onTaskChange'>, log: string): AbortSignal {
  const failed = new AbortController()
  streams.onTaskChange(({ id, state, reason }) => {
    if (state === 'failed') failed.abort(new OpsError('OPS_TASK_FAILED', { task: id, problem: reason?.message ?? 'no reason is known', log }, reason))
  })
  return failed.signal
}
