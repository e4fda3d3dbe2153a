import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { createSlots, lingering } from '../../../streams/runtime/slots.ts'
import { createManualClock } from '../../../streams/testing/index.ts'

const never = new AbortController().signal

async function isOver (promise: Promise<unknown>): Promise<boolean> {
  let over = false
  promise.finally(() => { over = true })
  await turn()
  return over
}

test('slots let so many in and the rest in order', async t => {
  const enter = createSlots(2)
  const order: number[] = []
  const places = [0, 1, 2, 3].map(async n => {
    const leave = await enter(never)
    order.push(n)
    return leave
  })
  await turn()
  t.same(order, [0, 1])
  const leave = await places[0] as () => void
  leave()
  leave()
  await turn()
  t.same(order, [0, 1, 2], 'giving a place back twice frees one')
})

test('who gives up waiting for a slot does not take one', async t => {
  const enter = createSlots(1)
  const leave = await enter(never)
  const ended = new AbortController()
  const waiting = enter(ended.signal)
  ended.abort(new Error('closing'))
  await t.rejects(waiting, { message: 'closing' })
  leave()
  t.type(await enter(never), 'function')
  await t.rejects(enter(AbortSignal.abort(new Error('gone'))), { message: 'gone' })
})

test('a task that lingers waits for its next place until so long after the last', async t => {
  const clock = createManualClock(1000)
  const enter = lingering(createSlots(1), 200, clock)
  const leave = await enter(never)
  await clock.advance(50)
  leave()
  const next = enter(never)
  await clock.advance(199)
  t.notOk(await isOver(next))
  await clock.advance(1)
  t.ok(await isOver(next))
})

test('a task that lingers leaves its place to others meanwhile', async t => {
  const clock = createManualClock(1000)
  const slot = createSlots(1)
  const enter = lingering(slot, 200, clock)
  const leave = await enter(never)
  leave()
  const next = enter(never)
  t.ok(await isOver(slot(never)), 'the place is free')
  await clock.advance(200)
  t.notOk(await isOver(next), 'and it waits for it like everybody')
})

test('a task that lingers does so no longer when the clock goes back or it is to end', async t => {
  const clock = createManualClock(1_000_000)
  let backMs = 0
  const enter = lingering(createSlots(2), 200, { ...clock, now: () => clock.now() - backMs })
  const leave = await enter(never)
  leave()
  const ended = new AbortController()
  const waiting = enter(ended.signal)
  ended.abort(new Error('closing'))
  await t.rejects(waiting, { message: 'closing' })
  backMs = 500_000
  const next = enter(never)
  await clock.advance(200)
  t.ok(await isOver(next))
})
