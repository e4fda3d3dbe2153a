import { test } from 'tap'
import { streamErrors, StreamsError, type StreamErrorCode } from '../../../streams/index.ts'
import { acquireBackoffMs, nextTaskState, reactions, reactionTo, taskTransitions } from '../../../streams/runtime/lifecycle.ts'
import { appTransitions } from '../../../streams/runtime/app-options.ts'

for (const [name, table, first] of [['task', taskTransitions, 'created'], ['application', appTransitions, 'created']] as const) {
  test(`every state of the ${name} table is reached from the first, and closed is reached from every state`, async t => {
    const next = table as Readonly<Record<string, readonly string[]>>
    const reach = (from: string): Set<string> => {
      const seen = new Set([from])
      for (const state of seen) for (const after of next[state] ?? []) seen.add(after)
      return seen
    }
    t.same([...reach(first)].sort(), Object.keys(next).sort())
    for (const state of Object.keys(next)) t.ok(reach(state).has('closed'), state)
    t.same(next['closed'], [])
  })
}

test('a transition that the table does not know is an error', async t => {
  t.equal(nextTaskState('created', 'acquiring'), 'acquiring')
  t.throws(() => nextTaskState('closed', 'running'), { code: 'STR_TXN_ILLEGAL_STATE' })
  t.throws(() => nextTaskState('created', 'running'), { code: 'STR_TXN_ILLEGAL_STATE' })
})

test('every error code leads to a reaction', async t => {
  for (const code of Object.keys(streamErrors) as StreamErrorCode[]) {
    const error = new StreamsError(code)
    t.equal(reactionTo(error), reactions[error.disposition])
  }
  t.equal(reactionTo(new TypeError('a defect')), 'fail', 'a defect is not repeated')
})

test('the wait before an Acquire doubles up to its limit', async t => {
  t.same([1, 2, 3, 7, 8, 100].map(attempt => acquireBackoffMs(attempt, 100, 10_000)), [100, 200, 400, 6400, 10_000, 10_000])
})
