import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { createSlots } from '../../../streams/runtime/slots.ts'
import { Turn } from '../../../streams/runtime/turn.ts'

const never = new AbortController().signal

async function isOver (promise: Promise<unknown>): Promise<boolean> {
  let over = false
  promise.finally(() => { over = true })
  await turn()
  return over
}

test('a task waits for its turn until another gives its own away', async t => {
  const slot = createSlots(1)
  const [one, two] = [new Turn(slot, never), new Turn(slot, never)]
  await one.take()
  const waiting = two.take()
  t.notOk(await isOver(waiting))
  one.give()
  t.ok(await isOver(waiting))
})

test('a turn that is taken or given away twice counts once', async t => {
  const slot = createSlots(1)
  const [one, two, three] = [new Turn(slot, never), new Turn(slot, never), new Turn(slot, never)]
  await one.take()
  await one.take()
  one.give()
  one.give()
  await two.take()
  t.notOk(await isOver(three.take()))
})

test('others have their turn while a task waits for something else', async t => {
  const slot = createSlots(1)
  const [one, two] = [new Turn(slot, never), new Turn(slot, never)]
  await one.take()
  const done = Promise.withResolvers<void>()
  const lent = one.lend(async () => { await done.promise })
  await two.take()
  done.resolve()
  t.notOk(await isOver(lent), 'its own turn comes again when the other is done')
  two.give()
  t.ok(await isOver(lent))
  t.notOk(await isOver(two.take()))
})

test('a task that is to end does not wait for its turn, and takes none', async t => {
  const slot = createSlots(1)
  const ended = new AbortController()
  const [one, two, three] = [new Turn(slot, never), new Turn(slot, ended.signal), new Turn(slot, never)]
  await one.take()
  const waiting = two.take()
  ended.abort(new Error('closing'))
  await waiting
  await two.take()
  one.give()
  await three.take()
  t.pass('the place went to who still waits')
})
