import { test } from 'tap'
import { mapInOrder } from '../../../api/orders/ordered-window.ts'

const turns = async (): Promise<void> => { for (let i = 0; i < 50; i++) await new Promise(resolve => setImmediate(resolve)) }

/** Numbers from 1, counted as they are read; work that ends when it is told to. */
function scene (length = Infinity, maxItems = 3, maxBytes = 1000) {
  let read = 0
  const begun: number[] = []
  const done = new Map<number, () => void>()
  const controller = new AbortController()
  async function * source () { for (let item = 1; item <= length; item++) yield (read = item) }
  const work = async (item: number): Promise<number> => await new Promise(resolve => {
    begun.push(item)
    done.set(item, () => { resolve(item * 10) })
  })
  const results = mapInOrder(source(), work, { maxItems, maxBytes, sizeBytes: item => item * 10, signal: controller.signal })
  return { results, begun, read: () => read, finish: (item: number) => { done.get(item)?.() }, abort: () => { controller.abort() } }
}

test('results come in the order of the items, whichever is done first', async t => {
  const { results, finish } = scene(3)
  const all = (async () => { const list = []; for await (const result of results) list.push(result); return list })()
  await turns()
  for (const item of [3, 1, 2]) finish(item)
  t.same(await all, [10, 20, 30])
})

test('the source is not read on while results are not taken', async t => {
  const { results, begun, read, finish } = scene()
  const first = results.next()
  await turns()
  t.same(begun, [1, 2, 3])
  for (const item of begun) finish(item)
  t.equal((await first).value, 10)
  await turns()
  t.same(begun, [1, 2, 3], 'the first result is on its way to the client, which has not asked for more')
  t.equal(read(), 4, 'one item is in the hand')
  t.equal((await results.next()).value, 20)
  await turns()
  t.same(begun, [1, 2, 3, 4])
})

test('the source is not read on while work is not done', async t => {
  const { results, begun, finish } = scene()
  const first = results.next()
  await turns()
  finish(2)
  finish(3)
  await turns()
  t.same(begun, [1, 2, 3])
  finish(1)
  t.equal((await first).value, 10)
})

test('items are held back by their bytes, and one that is larger than all room is taken alone', async t => {
  const { results, begun, finish } = scene(Infinity, 100, 25)
  const next = async (item: number) => {
    const result = results.next()
    await turns()
    finish(item)
    return (await result).value
  }
  t.equal(await next(1), 10)
  t.same(begun, [1])
  t.equal(await next(2), 20)
  t.equal(await next(3), 30)
  t.same(begun, [1, 2, 3], '30 bytes are more than 25')
})

test('nothing is begun after the end was asked for, and no more results come', async t => {
  const { results, begun, finish, abort } = scene()
  const first = results.next()
  await turns()
  abort()
  for (const item of begun) finish(item)
  t.same(await first, { value: undefined, done: true })
  await turns()
  t.same(begun, [1, 2, 3])
})

test('a source that fails fails the results, after all that came before', async t => {
  async function * source () {
    yield 1
    throw new Error('broken off')
  }
  const results = mapInOrder(source(), async item => item, { maxItems: 5, maxBytes: 5, sizeBytes: () => 1, signal: new AbortController().signal })
  t.equal((await results.next()).value, 1)
  await t.rejects(results.next(), { message: 'broken off' })
})
