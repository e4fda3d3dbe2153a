import { test } from 'tap'
import { StreamsError } from '../../../streams/errors.ts'
import { nothingParked } from '../../../streams/parking/parked-keys.ts'
import { type TaskStatus } from '../../../streams/runtime/runner.ts'
import { abortWhenTaskFails } from '../../../ops/start/task-watch.ts'

const running: TaskStatus = {
  id: 'clickhouse-8-3',
  node: 'clickhouse-8',
  kind: 'sink',
  partition: 3,
  state: 'running',
  reason: undefined,
  offsets: new Map(),
  lag: 0n,
  acquisitions: 1,
  openEffects: 0,
  parked: nothingParked
}

test('a run is given up, and says what to do, when a task cannot go on', t => {
  let tell = (_: TaskStatus): void => {}
  const signal = abortWhenTaskFails({ onTaskChange: listener => { tell = listener; return () => {} } }, 'platform.log')
  tell(running)
  tell({ ...running, state: 'acquiring', reason: new StreamsError('STR_STATE_UNAVAILABLE') })
  t.notOk(signal.aborted, 'a task that acquires again goes on')
  tell({ ...running, state: 'failed', reason: new StreamsError('STR_SINK_BEHIND') })
  t.match(signal.reason, { code: 'OPS_TASK_FAILED', message: /task clickhouse-8-3 cannot go on: .*--refill.*platform\.log/s })
  t.end()
})
