import { test } from 'tap'
import { readUntil } from '../../api/orders/wait.ts'
import { type OrderQueries } from '../../api/ports.ts'
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
