import { test } from 'tap'
import { Defect, fragile, keyOrdering, startFragile, steps, type Wake } from '../parking/fragile.ts'

const R6 = 'R6 inputs of one key are handled in order'
const wake = (timer: string, afterMs: number): Wake => ({ type: 'Wake', timer, afterMs })

test(`${R6}: later records of a key wait when one fails, and other keys go on`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c', 'd')
  await f.play('other', 'a', 'c')
  t.same([await f.history('k'), await f.history('other')], ['a', 'a c'])
  t.match(await f.driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', offset: 1n, parked: 'k', attempts: 1 }])
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 2 })
  t.equal(f.driver.status()[0]?.offsets.get('steps'), 6n, 'all of it is progress')
})

test(`${R6}: records behind the failing one in the same transaction wait, too`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.driver.broker.client('sender').producer().send(['a', 'b', 'c', 'd'].map(step => (
    { topic: 'steps', partition: 0, key: Buffer.from('k'), value: Buffer.from(JSON.stringify({ type: 'Step', step })), headers: [] })))
  t.equal(await f.history('k'), 'a')
  t.equal(defect.tries, 1)
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 2 })
})

test(`${R6}: a processor that does not park goes on, and its dead letter is final`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect, { parking: 'none' }))
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c')
  t.equal(await f.history('k'), 'a c')
  t.match(await f.driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', parked: undefined }])
  t.match(f.parked, { keys: 0 })
})

test(`${R6}: bytes that do not decode are dead-lettered at once and stop nobody, parked key or not`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  await f.driver.pipeRaw(steps, { key: Buffer.from('k'), value: Buffer.from('{') })
  await f.play('k', 'a')
  t.equal(await f.history('k'), 'a')
  defect.broken.add('b')
  await f.play('k', 'b')
  await f.driver.pipeRaw(steps, { key: Buffer.from('k'), value: Buffer.from('{') })
  t.match(await f.driver.deadLetters(), [
    { reason: 'STR_RECORD_UNREADABLE', parked: undefined }, { reason: 'STR_HANDLER_FAILED', parked: 'k' }, { reason: 'STR_RECORD_UNREADABLE', parked: undefined }
  ])
  t.match(f.parked, { keys: 1, waiting: 0 })
})

test(`${R6}: a record that its handler refuses is a dead letter, and its key goes on`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.refused.add('b')
  await f.play('k', 'a', 'b', 'c')
  t.equal(await f.history('k'), 'a c')
  t.match(await f.driver.deadLetters(), [{ reason: 'STR_RECORD_REFUSED', parked: undefined }])
})

test(`${R6}: what no handler would see does not wait for a parked key`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('a')
  await f.play('k', 'a')
  await f.driver.pipeRaw(steps, { key: Buffer.from('k'), value: Buffer.from('{"type":"Unknown"}') })
  await f.driver.run()
  t.match(f.parked, { keys: 1, waiting: 0 })
})

test(`${R6}: the order is kept by what the processor declares, not by the record key`, async t => {
  const defect = new Defect()
  const ordering = { ...keyOrdering, record: (value: { readonly about?: string }, key: string) => value.about ?? key }
  const f = await startFragile(t, fragile(defect, { ordering: ordering as never }))
  defect.broken.add('b')
  const about = async (key: string, step: string): Promise<void> => { await f.driver.pipe(steps, key, { type: 'Step', step, about: 'thing' }) }
  await about('k1', 'a')
  await about('k2', 'b')
  await about('k3', 'c')
  await f.play('k2', 'own')
  t.same([await f.history('thing'), await f.history('k2')], ['a', 'own'])
  t.match(await f.driver.deadLetters(), [{ parked: 'thing', key: Buffer.from('k2') }])
})

test(`${R6}: an ordering key that cannot be had falls back to the record key, a very long one to its hash`, async t => {
  const defect = new Defect()
  const ordering = { ...keyOrdering, record: () => { throw new Error('no') } }
  const f = await startFragile(t, fragile(defect, { ordering }))
  defect.broken.add('b')
  const long = 'k'.repeat(600)
  await f.play('k', 'b', 'c')
  await f.play(long, 'b', 'c')
  const [short, hashed] = await f.driver.deadLetters()
  t.equal(short?.parked, 'k')
  t.match(hashed?.parked, /^sha256-[0-9a-f]{64}$/)
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: hashed?.parked as string })
  t.same([await f.history('k'), await f.history(long)], ['', 'b c'])
})

test(`${R6}: timers of a parked key wait, and fire after it is released, in order with its records`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  await f.driver.pipe(steps, 'k', wake('first', 1000))
  await f.driver.pipe(steps, 'k', wake('late', 3_600_000))
  await f.driver.pipe(steps, 'other', wake('first', 1000))
  await f.driver.run()
  defect.broken.add('b')
  await f.play('k', 'b', 'c')
  await f.driver.advance(2000)
  await f.play('k', 'd')
  t.same([await f.history('k'), await f.history('other')], ['set-first set-late', 'set-first first'])
  t.match(f.parked, { keys: 1, waiting: 3 })
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'set-first set-late b c first d')
  await f.driver.advance(3_600_000)
  t.equal(await f.history('k'), 'set-first set-late b c first d late')
})

test(`${R6}: a timer that waits is void when a record before it cancels it or sets it anew (A4)`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  for (const timer of ['x', 'y']) await f.driver.pipe(steps, 'k', wake(timer, 1000))
  await f.driver.run()
  defect.broken.add('b')
  await f.play('k', 'b')
  await f.driver.pipe(steps, 'k', { type: 'Calm', timer: 'x' })
  await f.driver.pipe(steps, 'k', wake('y', 60_000))
  await f.driver.advance(5000)
  t.match(f.parked, { keys: 1, waiting: 4 })
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'set-x set-y b calm-x set-y')
  t.match(f.parked, { keys: 0, waiting: 0 })
  await f.driver.advance(60_000)
  t.equal(await f.history('k'), 'set-x set-y b calm-x set-y y', 'the new one fires, once')
})

test(`${R6}: a timer that fails parks its key, and fires as itself when it is redriven`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('boom')
  await f.driver.pipe(steps, 'k', wake('boom', 1000))
  await f.driver.advance(1000)
  await f.play('k', 'c')
  t.equal(await f.history('k'), 'set-boom')
  t.match(await f.driver.deadLetters(), [{ kind: 'timer', offset: -1n, key: Buffer.from('t/k/boom'), parked: 'k' }])
  await f.driver.restart()
  await f.driver.advance(10_000)
  t.same(await f.driver.deadLetters(), [], 'it is not due a second time')
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'set-boom boom c')
})

test(`${R6}: a timer that fails is gone when the processor does not park`, async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect, { parking: 'none' }))
  defect.broken.add('boom')
  await f.driver.pipe(steps, 'k', wake('boom', 1000))
  await f.driver.advance(1000)
  t.equal((await f.driver.deadLetters()).length, 1)
  await f.driver.restart()
  await f.driver.advance(60_000)
  t.same(await f.driver.deadLetters(), [])
})

test(`${R6}: a task with nothing parked asks its state for nothing more than one that never parks`, async t => {
  const calls: string[][] = []
  for (const parking of ['none', 'key'] as const) {
    const f = await startFragile(t, fragile(new Defect(), { parking }), { cacheBytes: 0 })
    const seen: string[] = []
    f.driver.backend.faults.intercept(({ op }, phase) => { if (phase === 'request') seen.push(op) })
    for (const key of ['k', 'l', 'm']) await f.play(key, 'a', 'b', 'c')
    await f.driver.pipe(steps, 'k', wake('first', 1000))
    await f.driver.advance(1000)
    calls.push(seen)
  }
  t.same(calls[1], calls[0])
  t.ok((calls[0]?.length ?? 0) > 10)
})
