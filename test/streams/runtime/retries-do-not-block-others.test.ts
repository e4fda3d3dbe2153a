import { test } from 'tap'
import { type ExceptionHandlers, listen, type Retry } from '../../../streams/index.ts'
import { retryDelayMs } from '../../../streams/parking/ending.ts'
import { Defect, fragile, startFragile, steps } from '../parking/fragile.ts'

const retry: Retry = { kind: 'retry', firstMs: 1000, maxMs: 4000, tries: 4 }

/** Handlers that try again what fails, as often as `retry` says. */
function retrying (given: Retry = retry): { readonly handlers: ExceptionHandlers } {
  return { handlers: { deserialization: () => given, processing: () => given, production: () => given } }
}

test('a record that is to be tried again waits for its time with its key, and other keys go on', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect), retrying())
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c')
  await f.play('other', 'a')
  t.same([await f.history('k'), await f.history('other')], ['a', 'a'])
  t.same(f.parked, { keys: 1, dead: 0, retrying: 1, waiting: 1 })
  await f.driver.advance(499)
  t.equal(defect.tries, 1, 'half of the first wait at least')
  await f.driver.advance(501)
  t.equal(defect.tries, 2)
  defect.broken.clear()
  await f.driver.advance(2000)
  await f.play('k', 'd')
  t.equal(await f.history('k'), 'a b c d')
  t.same(await f.driver.deadLetters(), [])
  t.same(await f.driver.parkingEvents(), [], 'nobody had to be told')
})

test('a record that was tried in vain often enough is a dead letter, and parks its key', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect), retrying())
  defect.broken.add('a')
  await f.play('k', 'a', 'b')
  await f.driver.advance(60_000)
  t.equal(defect.tries, 4)
  t.match(await f.driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', attempts: 4, parked: 'k' }])
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
  await f.driver.redrive('fragile', { key: 'k' })
  t.match(await f.driver.deadLetters(), [{ attempts: 5, parked: 'k' }], 'a redrive is one try')
})

test('a record that was tried in vain lets its key go on when the processor does not park', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect, { parking: 'none' }), retrying())
  defect.broken.add('a')
  await f.play('k', 'a', 'b')
  t.equal(await f.history('k'), '')
  await f.driver.advance(60_000)
  t.equal(await f.history('k'), 'b')
  t.match(await f.driver.deadLetters(), [{ attempts: 4, parked: undefined }])
  t.match(f.parked, { keys: 0, waiting: 0 })
})

test('a timer is tried again like a record, and bytes that do not decode are not', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect), retrying())
  defect.broken.add('boom')
  await f.driver.pipe(steps, 'k', { type: 'Wake', timer: 'boom', afterMs: 10 })
  await f.driver.pipeRaw(steps, { key: Buffer.from('k'), value: Buffer.from('{') })
  await f.driver.advance(10)
  t.match(f.parked, { retrying: 1 })
  t.match(await f.driver.deadLetters(), [{ reason: 'STR_RECORD_UNREADABLE' }])
  defect.broken.clear()
  await f.driver.advance(1000)
  t.equal(await f.history('k'), 'set-boom boom')
})

test('a retry goes on where it was after a restart, at its time', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect), retrying())
  defect.broken.add('a')
  await f.play('k', 'a', 'b')
  await f.driver.restart()
  t.equal(defect.tries, 1)
  await f.driver.advance(1000)
  await f.driver.restart()
  t.equal(defect.tries, 2)
  defect.broken.clear()
  await f.driver.advance(4000)
  t.equal(await f.history('k'), 'a b')
})

test('a redrive tries at once what is only tried again later', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect), retrying({ ...retry, firstMs: 3_600_000, maxMs: 3_600_000 }))
  defect.broken.add('a')
  await f.play('k', 'a')
  defect.broken.clear()
  t.same(await f.driver.redrive('fragile', { key: 'k', state: 'dead' }), [])
  t.equal((await f.driver.redrive('fragile', { key: 'k' })).length, 1)
  t.equal(await f.history('k'), 'a')
})

test('a compensation that fails is tried for ever with growing waits, never dead-lettered, and said to be stuck after ten tries', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  const alarms: number[] = []
  t.teardown(listen('streams:parking:stuck', ({ attempts }) => { alarms.push(attempts) }))
  defect.broken.add('u')
  await f.undo('k', 'u')
  await f.driver.advance(2 * 3_600_000)
  t.ok(defect.tries > 25 && defect.tries < 60, `${defect.tries} tries`)
  t.same(await f.driver.deadLetters(), [])
  t.match(f.parked, { keys: 1, retrying: 1 })
  t.match(alarms.slice(0, 2), [10, 20])
  t.match((await f.driver.parkingEvents())[0], { type: 'KeyStuck', key: 'k', lane: 'compensation', attempts: 10, reason: 'STR_HANDLER_FAILED', message: /u is broken/ })
  defect.broken.clear()
  await f.driver.advance(300_000)
  t.equal(await f.history('k'), 'u')
  t.match((await f.driver.parkingEvents()).at(-1), { type: 'KeyReleased', key: 'k' })
})

test('a compensation overtakes what waits for an operator', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c')
  await f.undo('k', 'u')
  t.equal(await f.history('k'), 'a u')
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
})

test('a compensation waits for those of its key before it, and everything else waits for all of them', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('u1')
  await f.undo('k', 'u1')
  await f.undo('k', 'u2')
  await f.play('k', 'a')
  await f.undo('other', 'u2')
  t.same([await f.history('k'), await f.history('other')], ['', 'u2'])
  t.same(f.parked, { keys: 1, dead: 0, retrying: 1, waiting: 2 })
  defect.broken.clear()
  await f.driver.advance(1000)
  t.equal(await f.history('k'), 'u1 u2 a')
})

test('a compensation that fails on a parked key holds up the redrive until it is done', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b').add('u')
  await f.play('k', 'b', 'c')
  await f.undo('k', 'u')
  t.same(f.parked, { keys: 1, dead: 1, retrying: 1, waiting: 1 })
  defect.broken.delete('b')
  t.match(await f.driver.redrive('fragile', { key: 'k', state: 'dead' }, { dryRun: true }), [{ keys: 1, rehearsals: [{ handled: 0, failure: null }] }])
  await f.driver.redrive('fragile', { key: 'k', state: 'dead' })
  t.equal(await f.history('k'), '')
  defect.broken.clear()
  await f.driver.advance(60_000)
  t.equal(await f.history('k'), 'u b c')
})

test('a discard leaves compensations alone, unless it says that it means them', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b').add('u')
  await f.play('k', 'b')
  await f.undo('k', 'u')
  t.match(await f.driver.discard('fragile', { key: 'k' }), [{ keys: 1 }])
  t.match(f.parked, { dead: 0, retrying: 1, waiting: 1 }, 'the dropped one waits for the compensation, too')
  t.match(await f.driver.discard('fragile', { key: 'k', state: 'retrying' }), [{ keys: 1 }])
  t.same(f.parked, { keys: 0, dead: 0, retrying: 0, waiting: 0 })
  t.match((await f.driver.deadLetters()).map(({ reason, topic }) => [reason, topic]), [['STR_HANDLER_FAILED', 'steps'], ['STR_RECORD_DISCARDED', 'undos']])
})

test('a compensation that cannot be read or is refused is a dead letter, and one whose failure stops the task stops it', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.refused.add('u')
  await f.undo('k', 'u')
  await f.driver.pipeRaw({ name: 'undos', partitions: 1 }, { key: Buffer.from('k'), value: Buffer.from('{') })
  t.match((await f.driver.deadLetters()).map(({ reason }) => reason), ['STR_RECORD_REFUSED', 'STR_RECORD_UNREADABLE'])
  const handlers: ExceptionHandlers = { deserialization: () => 'dead-letter', processing: () => 'fail', production: () => 'fail' }
  const strict = await startFragile(t, fragile(defect), { handlers })
  defect.broken.add('v')
  await t.rejects(strict.undo('k', 'v'), { code: 'STR_STOPPED_BY_HANDLER' })
})

test('a timer that compensates overtakes a parked key and is tried until it is done', async t => {
  const defect = new Defect()
  const ordering = { timer: ({ key }: { key: string }) => key.slice(0, key.indexOf('/')), timerCompensates: ({ payload }: { payload: string }) => payload === 'undo' }
  const f = await startFragile(t, fragile(defect, { ordering }))
  for (const timer of ['undo', 'do']) await f.driver.pipe(steps, 'k', { type: 'Wake', timer, afterMs: 1000 })
  await f.driver.run()
  defect.broken.add('b').add('undo')
  await f.play('k', 'b')
  await f.driver.advance(3_600_000)
  t.same(f.parked, { keys: 1, dead: 1, retrying: 1, waiting: 1 })
  defect.broken.delete('undo')
  await f.driver.advance(300_000)
  t.equal(await f.history('k'), 'set-undo set-do undo')
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
})

for (const nonsense of [{ firstMs: 0 }, { firstMs: -1 }, { maxMs: 1 }, { maxMs: Infinity }, { tries: 0 }, { tries: NaN }, { firstMs: NaN }]) {
  test(`a retry of ${JSON.stringify(nonsense)} stops the task, as an exception handler that throws does`, async t => {
    const defect = new Defect()
    const f = await startFragile(t, fragile(defect), retrying({ ...retry, ...nonsense }))
    defect.broken.add('a')
    await t.rejects(f.play('k', 'a'), { code: 'STR_STOPPED_BY_HANDLER' })
  })
}

test('the wait doubles up to its limit, and is shortened by up to a half, each time alike for a key and differently for two', t => {
  const delays = { firstMs: 1000, maxMs: 60_000 }
  for (const [attempts, wholeMs] of [[1, 1000], [2, 2000], [5, 16_000], [7, 60_000], [500, 60_000]] as const) {
    const waits = Array.from({ length: 200 }, (_, n) => retryDelayMs(`key-${n}`, attempts, delays))
    t.ok(waits.every(ms => ms >= wholeMs / 2 && ms <= wholeMs), `attempt ${attempts}`)
    t.ok(Math.max(...waits) - Math.min(...waits) > wholeMs / 4, 'spread')
    t.same(waits, Array.from({ length: 200 }, (_, n) => retryDelayMs(`key-${n}`, attempts, delays)), 'the same again')
  }
  t.end()
})
