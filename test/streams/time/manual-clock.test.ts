import { test } from 'tap'
import { createManualClock } from '../../../streams/time/manual-clock.ts'

test('manual clock stands still when nobody advances it', async t => {
  const clock = createManualClock(1000)
  let called = false
  clock.schedule(0, () => { called = true })
  await new Promise(resolve => setImmediate(resolve))
  t.equal(clock.now(), 1000)
  t.equal(called, false)
  t.equal(clock.nextDueMs, 1000)
})

test('manual clock runs due callbacks in order of due time, then of scheduling', async t => {
  const clock = createManualClock()
  const seen: string[] = []
  const note = (name: string) => () => { seen.push(`${name}@${clock.now()}`) }
  clock.schedule(20, note('c'))
  clock.schedule(10, note('a'))
  clock.schedule(10, note('b'))
  clock.schedule(31, note('late'))
  await clock.advance(30)
  t.same(seen, ['a@10', 'b@10', 'c@20'])
  t.equal(clock.now(), 30)
  t.equal(clock.waiting, 1)
})

test('manual clock runs what a due callback or a woken sleeper schedules within the span', async t => {
  const clock = createManualClock()
  const seen: number[] = []
  const loop = (async () => {
    for (let i = 0; i < 3; i++) {
      await clock.sleep(10)
      seen.push(clock.now())
    }
  })()
  clock.schedule(5, () => { clock.schedule(1, () => { seen.push(clock.now()) }) })
  await clock.advance(30)
  await loop
  t.same(seen, [6, 10, 20, 30])
})

test('manual clock forgets a cancelled callback', async t => {
  const clock = createManualClock()
  const cancel = clock.schedule(1, () => { t.fail('it was cancelled') })
  cancel()
  await clock.advance(5)
  t.equal(clock.waiting, 0)
})

test('manual clock rejects a sleep with the reason when its signal aborts', async t => {
  const clock = createManualClock()
  const abort = new AbortController()
  const slept = clock.sleep(10, abort.signal)
  abort.abort(new Error('enough'))
  await t.rejects(slept, { message: 'enough' })
  t.equal(clock.waiting, 0)
  await t.rejects(clock.sleep(10, abort.signal), { message: 'enough' })
})

test('manual clock advances one call after the other when called twice', async t => {
  const clock = createManualClock()
  const seen: number[] = []
  clock.schedule(15, () => { seen.push(clock.now()) })
  await Promise.all([clock.advance(10), clock.advance(10)])
  t.same(seen, [15])
  t.equal(clock.now(), 20)
})
