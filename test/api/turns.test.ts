import { test } from 'tap'
import { Turns } from '../../api/turns.ts'

/** Work that notes its beginning, and ends when it is told to. */
function noted (log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const work = async (): Promise<string> => {
    log.push(name)
    return await promise
  }
  return { work, resolve, reject }
}

/** Lets everything happen that waits for nothing. */
const settle = async (): Promise<void> => { await new Promise(resolve => { setImmediate(resolve) }) }

test('what is about the same thing is done one after the other, and what is about another meanwhile', async t => {
  const turns = new Turns()
  const log: string[] = []
  const [first, second, other] = ['first', 'second', 'other'].map(name => noted(log, name)) as [ReturnType<typeof noted>, ReturnType<typeof noted>, ReturnType<typeof noted>]
  const results = [turns.take('a', first.work), turns.take('a', second.work), turns.take('b', other.work)]
  await settle()
  t.same(log, ['first', 'other'])
  first.resolve('1')
  await settle()
  t.same(log, ['first', 'other', 'second'])
  second.resolve('2')
  other.resolve('3')
  t.same(await Promise.all(results), ['1', '2', '3'])
})

test('what fails is told to who asked for it, and the next one has its turn', async t => {
  const turns = new Turns()
  const failed = turns.take('a', async () => { throw new Error('no') })
  const next = turns.take('a', async () => 'yes')
  await t.rejects(failed, { message: 'no' })
  t.equal(await next, 'yes')
  t.equal(await turns.take('a', async () => 'later'), 'later')
})
