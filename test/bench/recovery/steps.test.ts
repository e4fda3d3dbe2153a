import { test } from 'tap'
import { Recovery, type Step, type StepEvent } from './steps.ts'

function at (atMs: number, step: Step, partition: number, records?: number): StepEvent {
  return { step, atMs, partition, records }
}

test('a recovery is whole when every task has committed, not before', async t => {
  const recovery = new Recovery(2)
  let isWhole = false
  const whole = recovery.whole.then(() => { isWhole = true })
  for (const event of [at(1, 'acquired', 0, 5), at(2, 'acquired', 1, 7), at(3, 'committed', 0), at(4, 'committed', 0)]) recovery.add(event)
  await Promise.resolve()
  t.notOk(isWhole, 'one task has committed twice')
  recovery.add(at(5, 'committed', 1))
  await whole
  t.same([recovery.first('acquired'), recovery.last('acquired'), recovery.first('committed'), recovery.last('committed')], [1, 2, 3, 5])
  t.equal(recovery.replayedRecords, 12)
})
