import { test } from 'tap'
import { readUntil } from '../../api/orders/wait.ts'
import { type EventFeed, type OrderQueries, type OrderReading } from '../../api/ports.ts'
import { StreamsError } from '../../streams/errors.ts'
import { createManualClock } from '../../streams/time/manual-clock.ts'

/** Queries that never find anything and count how often they were asked. */
function emptyQueries () {
  let reads = 0
  const queries: OrderQueries = {
    read: async () => {
      reads++
      return { view: undefined, bodyHash: undefined, commandHashes: {}, reached: false }
    }
  }
  return { queries, reads: () => reads }
}

test('a wait reads once when there is no time', async t => {
  const { queries, reads } = emptyQueries()
  t.match(await readUntil(queries, 'o', undefined, () => false, { clock: createManualClock(), timeoutMs: 0 }), { reached: false })
  t.equal(reads(), 1)
})

test('a wait ends when the client has gone', async t => {
  const { queries, reads } = emptyQueries()
  const clock = createManualClock()
  const controller = new AbortController()
  const pending = readUntil(queries, 'o', undefined, () => false, { clock, timeoutMs: 30_000, signal: controller.signal })
  await clock.advance(5)
  controller.abort()
  await clock.advance(10)
  await pending
  t.ok(reads() <= 3)
})

test('a long wait reads seldom', async t => {
  const { queries, reads } = emptyQueries()
  const clock = createManualClock()
  const pending = readUntil(queries, 'o', undefined, () => false, { clock, timeoutMs: 30_000 })
  await clock.advance(31_000)
  await pending
  t.ok(reads() < 200, String(reads()))
})

const settled: OrderReading = { view: undefined, bodyHash: 'settled', commandHashes: {}, reached: true }
const isSettled = ({ bodyHash }: OrderReading): boolean => bodyHash === 'settled'

test('a wait goes on while the state is being restored, when it is to, and else does not', async t => {
  let isRestoring = true
  const queries: OrderQueries = { read: async () => { if (isRestoring) throw new StreamsError('STR_STATE_UNAVAILABLE'); return settled } }
  const clock = createManualClock()
  await t.rejects(readUntil(queries, 'o', undefined, isSettled, { clock, timeoutMs: 5000 }), { code: 'STR_STATE_UNAVAILABLE' })
  const pending = readUntil(queries, 'o', undefined, isSettled, { clock, timeoutMs: 5000, outlastsRestore: true })
  await clock.advance(3000)
  isRestoring = false
  await clock.advance(300)
  t.equal(await pending, settled)
})

test('a wait ends with the reason when the state is not restored in time, and at once for any other error', async t => {
  const clock = createManualClock()
  const options = { clock, timeoutMs: 5000, outlastsRestore: true }
  const pending = t.rejects(readUntil({ read: async () => { throw new StreamsError('STR_STATE_LOST') } }, 'o', undefined, isSettled, options), { code: 'STR_STATE_LOST' })
  await clock.advance(5000)
  await pending
  await t.rejects(readUntil({ read: async () => { throw new Error('defect') } }, 'o', undefined, isSettled, options), { message: 'defect' })
  t.equal(clock.waiting, 0)
})

/** A feed that is told by hand. */
function handFeed () {
  const calls = new Set<(type?: string) => void>()
  const feed: EventFeed = {
    follow: (_orderId, onNews) => {
      calls.add(onNews)
      return { read: async () => undefined, close: () => { calls.delete(onNews) } }
    },
    hasReached: async () => true,
    close: () => {}
  }
  return { feed, tell: (type?: string) => { for (const call of calls) call(type) }, followers: () => calls.size }
}

test('a wait that is told reads seldom until something may have settled the order, and then at once', async t => {
  const { feed, tell, followers } = handFeed()
  const clock = createManualClock()
  let isDone = false
  let reads = 0
  const queries: OrderQueries = { read: async () => { reads++; return isDone ? settled : { ...settled, bodyHash: undefined } } }
  const pending = readUntil(queries, 'o', undefined, isSettled, { clock, timeoutMs: 30_000, feed })
  for (let second = 0; second < 20; second++) {
    await clock.advance(1000)
    tell('OrderInventoryReserved')
  }
  t.ok(reads <= 25, `${reads} readings in 20 s, though the order has moved`)
  isDone = true
  const before = clock.now()
  tell('OrderConfirmed')
  await clock.advance(1)
  t.equal(await pending, settled)
  t.ok(clock.now() - before <= 1)
  t.equal(followers(), 0)
  t.equal(clock.waiting, 0)
})

test('a wait whose client has gone is freed at once', async t => {
  const { feed, followers } = handFeed()
  const clock = createManualClock()
  const controller = new AbortController()
  const { queries } = emptyQueries()
  const pending = readUntil(queries, 'o', undefined, () => false, { clock, timeoutMs: 30_000, feed, signal: controller.signal })
  await clock.advance(5000)
  controller.abort()
  await pending
  t.equal(followers(), 0)
  t.equal(clock.waiting, 0)
})
