import { test } from 'tap'
import { createPace } from '../../api/pace.ts'
import { createSeats } from '../../api/seats.ts'
import { createManualClock } from '../../streams/time/manual-clock.ts'

const { signal } = new AbortController()

test('work comes at the rate of its user once the burst is used up', async t => {
  const clock = createManualClock(1000)
  const pace = createPace({ clock, perS: 10, burst: 2 })
  const at: number[] = []
  const all = (async () => { for (let i = 0; i < 5; i++) { await pace.wait('a', signal); at.push(clock.now()) } })()
  await clock.advance(1000)
  await all
  t.same(at, [1000, 1000, 1100, 1200, 1300])
})

test('what a user does at the same time shares the rate, other users do not', async t => {
  const clock = createManualClock()
  const pace = createPace({ clock, perS: 10, burst: 1 })
  const at: Record<string, number> = {}
  const all = Promise.all(['a', 'a', 'b'].map(async (user, index) => { await pace.wait(user, signal); at[`${user}${index}`] = clock.now() }))
  await clock.advance(1000)
  await all
  t.same(at, { a0: 0, a1: 100, b2: 0 })
})

test('a wait for the pace ends when nobody waits for it', async t => {
  const pace = createPace({ clock: createManualClock(), perS: 1, burst: 1 })
  await pace.wait('a', signal)
  await t.rejects(pace.wait('a', AbortSignal.abort(new Error('gone'))), { message: 'gone' })
})

test('there is no pace without a limit', async t => {
  const pace = createPace({ clock: createManualClock(), perS: Infinity, burst: Infinity })
  for (let i = 0; i < 1000; i++) await pace.wait('a', signal)
  t.pass()
})

test('seats are counted by user and in all, and given back once', t => {
  const seats = createSeats({ each: 2, all: 3 })
  const first = seats.take('a')
  seats.take('a')
  t.equal(seats.take('a'), 'each')
  t.type(seats.take('b'), 'function')
  t.equal(seats.take('b'), 'all')
  if (typeof first === 'function') for (let i = 0; i < 2; i++) first()
  t.type(seats.take('b'), 'function')
  t.equal(seats.take('b'), 'each')
  t.equal(seats.take('c'), 'all')
  t.end()
})
