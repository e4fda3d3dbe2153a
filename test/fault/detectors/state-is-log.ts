import { type Detector, Inquiry } from './verdict.ts'

/** I7: the state of every task is the fold of its changelog: row for row, timers and their index, open effects, parked keys, and as new. */
export const stateIsLog: Detector = ({ tasks }) => {
  const inquiry = new Inquiry()
  for (const { task, log, state, sequence } of tasks) {
    inquiry.equal(task, 'sequence of the progress in the log = in the state', sequence.log, sequence.state)
    for (const store of new Set([...Object.keys(log), ...Object.keys(state)])) {
      inquiry.equal(`${task}/${store}`, 'rows by the changelog = in the state', log[store]?.rows ?? 0, state[store]?.rows ?? 0)
      inquiry.equal(`${task}/${store}`, 'digest by the changelog = in the state', log[store]?.digest ?? '', state[store]?.digest ?? '')
    }
  }
  return inquiry.verdict()
}
