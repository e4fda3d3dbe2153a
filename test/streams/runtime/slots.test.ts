import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { createSlots } from '../../../streams/runtime/slots.ts'

const never = new AbortController().signal

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
