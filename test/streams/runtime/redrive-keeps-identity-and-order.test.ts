import { test } from 'tap'
import { decodeCommand } from '../../../streams/index.ts'
import { Defect, fragile, history, startFragile, steps } from '../parking/fragile.ts'

test('a redrive handles the dead record first and then what waits, in order', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c', 'd')
  defect.broken.clear()
  t.match(await f.driver.redrive('fragile', { key: 'k' }), [{ command: 'Redrive', dryRun: false, keys: 1, waiting: 3, reasons: { STR_HANDLER_FAILED: 1 } }])
  await f.play('k', 'e')
  t.equal(await f.history('k'), 'a b c d e')
  t.same(f.parked, { keys: 0, dead: 0, retrying: 0, waiting: 0 })
  t.same([...await f.driver.backend.open('driver:fragile:0').rows('#waiting').then(({ rows }) => rows)], [], 'nothing is left of it')
  t.match((await f.driver.parkingEvents()).map(({ type }) => type), ['DeadLetterParked', 'CommandReport', 'DeadLetterRedriven', 'KeyReleased'])
})

test('a redriven record has the ids, the source and the time that it would have had', async t => {
  const [defect, sound] = [new Defect(), new Defect()]
  const [f, twin] = [await startFragile(t, fragile(defect)), await startFragile(t, fragile(sound))]
  defect.broken.add('b')
  for (const each of [f, twin]) {
    for (const step of ['a', 'b', 'c']) {
      await each.play('k', step)
      await each.driver.advance(60_000)
    }
  }
  defect.broken.clear()
  await f.driver.advance(86_400_000)
  await f.driver.redrive('fragile', { key: 'k' })
  const [redriven, straight] = [await f.emitted(), await twin.emitted()]
  const identity = (list: typeof redriven) => list.map(({ id, step, done, atMs }) => ({ id, step, done, atMs }))
  t.same(identity(redriven), identity(straight))
  t.ok((redriven[1]?.wallMs ?? 0) > (redriven[1]?.atMs ?? 0) + 86_400_000, 'deadlines still start now')
  await f.play('k', 'd')
  const [later] = await f.emitted()
  t.ok((later?.atMs ?? 0) > (redriven[2]?.atMs ?? 0), 'the time of the task did not go back')
})

test('a redriven record has its headers, key and value byte for byte', async t => {
  const defect = new Defect()
  const seen: unknown[] = []
  const f = await startFragile(t, fragile(defect, {
    handlers: {
      Step: (context, value, record) => {
        if (defect.broken.size > 0) throw new Error('broken')
        seen.push([value, record, context.headers, context.source])
      }
    }
  }))
  const headers = [['traceparent', Buffer.from('00-1')], ['empty', null], ['twice', Buffer.from('1')], ['twice', Buffer.alloc(0)]] as const
  defect.broken.add('all')
  for (const about of ['x', 'y']) await f.driver.pipe(steps, 'k', { type: 'Step', step: 's', about }, { headers })
  await f.driver.run()
  const sentMs = f.driver.nowMs
  await f.driver.advance(5000)
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  const record = (offset: bigint) => ({ topic: 'steps', partition: 0, offset, key: 'k', timestampMs: sentMs })
  t.same(seen, [0n, 1n].map(offset => [
    { type: 'Step', step: 's', about: offset === 0n ? 'x' : 'y' }, record(offset), headers, { kind: 'record', topic: 'steps', partition: 0, offset }
  ]))
})

test('a redrive that fails parks the key again with one attempt more, and nobody overtakes', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c')
  await f.driver.redrive('fragile', { key: 'k' })
  await f.driver.redrive('fragile', { key: 'k' })
  await f.play('k', 'd')
  t.equal(await f.history('k'), 'a')
  t.match((await f.driver.deadLetters()).map(({ attempts, offset }) => [attempts, offset]), [[1, 1n], [2, 1n], [3, 1n]])
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 2 })
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'a b c d')
  const redriven = (await f.driver.parkingEvents()).find(({ type }) => type === 'DeadLetterRedriven')
  t.match(redriven, { key: 'k', attempts: 3, reason: 'STR_HANDLER_FAILED', origin: { topic: 'steps', offset: '1' } })
})

test('a waiting record that fails when its turn comes is the next dead letter, and the rest waits on', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b').add('d')
  await f.play('k', 'a', 'b', 'c', 'd', 'e')
  defect.broken.delete('b')
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'a b c')
  t.match((await f.driver.deadLetters()).map(({ attempts, offset }) => [attempts, offset]), [[1, 1n], [1, 3n]])
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
  defect.broken.clear()
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'a b c d e')
})

test('a redrive by filter takes the keys whose dead record it describes, and no others', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('x')
  for (const key of ['k0', 'k1', 'k2', 'k3']) await f.play(key, 'x', 'y')
  defect.broken.clear()
  t.same(await f.driver.redrive('fragile', { reason: 'STR_OUTPUT_TOO_LARGE' }), [])
  t.same(await f.driver.redrive('fragile', { topic: 'undos' }), [])
  t.match(await f.driver.redrive('fragile', { topic: 'steps', fromOffset: 1n, toOffset: 4n, reason: 'STR_HANDLER_FAILED' }), [{ keys: 2 }])
  t.same(await Promise.all(['k0', 'k1', 'k2', 'k3'].map(async key => await f.history(key))), ['', 'x y', 'x y', ''])
  t.match(await f.driver.redrive('fragile', {}), [{ keys: 2 }])
  t.same(await Promise.all(['k0', 'k3'].map(async key => await f.history(key))), ['x y', 'x y'])
})

test('a redrive of a key that is not parked, and a second one of the same key, change nothing', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('a')
  await f.play('k', 'a')
  defect.broken.clear()
  t.same(await f.driver.redrive('fragile', { key: 'other' }), [])
  t.equal((await f.driver.redrive('fragile', { key: 'k' })).length, 1)
  t.same(await f.driver.redrive('fragile', { key: 'k' }), [])
  t.equal(await f.history('k'), 'a')
})

test('a dry run tells what a redrive would do, and does none of it', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect), { cacheBytes: 0 })
  defect.broken.add('b').add('d')
  await f.driver.pipe(steps, 'k', { type: 'Wake', timer: 't', afterMs: 10 })
  await f.play('k', 'a', 'b', 'c')
  await f.driver.advance(10)
  await f.play('k', 'd', 'e')
  await f.play('l', 'b')
  defect.broken.delete('b')
  await f.emitted()
  const before = await f.driver.store('fragile', history).rows()
  const [report] = await f.driver.redrive('fragile', {}, { dryRun: true })
  t.match(report, { command: 'Redrive', dryRun: true, keys: 2, waiting: 6, reasons: { STR_HANDLER_FAILED: 2 } })
  t.match(report?.rehearsals, [
    {
      key: 'k',
      lane: 'ordinary',
      waiting: 5,
      handled: 3,
      attempts: 1,
      origin: { kind: 'record', topic: 'steps', offset: '2' },
      outputs: { done: 3 },
      changes: { history: 1, '#timers': 1 },
      failure: { origin: { kind: 'record', offset: '4' }, reason: 'STR_HANDLER_FAILED', message: 'd is broken' }
    },
    { key: 'l', waiting: 1, handled: 1, outputs: { done: 1 }, changes: { history: 1 }, failure: null }
  ])
  t.same(await f.emitted(), [], 'nothing was emitted')
  t.same(await f.driver.store('fragile', history).rows(), before)
  t.same(f.parked, { keys: 2, dead: 2, retrying: 0, waiting: 4 })
  await f.driver.redrive('fragile', {})
  t.equal(await f.history('k'), 'set-t a b c t', 'just as it was told')
})

test('a dry run of a discard counts, and drops nothing', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('a')
  await f.play('k', 'a', 'b')
  t.match(await f.driver.discard('fragile', { key: 'k' }, { scope: 'all', dryRun: true }), [{ command: 'Discard', dryRun: true, keys: 1, waiting: 2, rehearsals: [] }])
  t.same(f.parked, { keys: 1, dead: 1, retrying: 0, waiting: 1 })
})

test('a discard drops the dead record, and what waited behind it is handled', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.play('k', 'a', 'b', 'c')
  t.match(await f.driver.discard('fragile', { key: 'k' }), [{ keys: 1, waiting: 2 }])
  await f.play('k', 'd')
  t.equal(await f.history('k'), 'a c d')
  t.equal((await f.driver.deadLetters()).length, 1, 'the letter that was there already keeps it')
  t.match((await f.driver.parkingEvents()).filter(({ type }) => type.startsWith('Dead') || type.startsWith('Key')), [
    { type: 'DeadLetterParked', key: 'k' }, { type: 'DeadLetterDiscarded', key: 'k', reason: 'STR_HANDLER_FAILED', attempts: 1 }, { type: 'KeyReleased', key: 'k' }
  ])
})

test('a discard of all drops what waits, too, each with a dead letter, and handles what comes later', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('b')
  await f.driver.pipe(steps, 'k', { type: 'Wake', timer: 't', afterMs: 10 })
  await f.play('k', 'a', 'b', 'c')
  await f.driver.advance(10)
  await f.driver.discard('fragile', { key: 'k' }, { scope: 'all' })
  await f.play('k', 'd')
  await f.driver.advance(60_000)
  t.equal(await f.history('k'), 'set-t a d')
  t.match((await f.driver.deadLetters()).map(({ reason, kind, value }) => [reason, kind, kind === 'record' ? JSON.parse(String(value)).step : '']), [
    ['STR_HANDLER_FAILED', 'record', 'b'], ['STR_RECORD_DISCARDED', 'record', 'c'], ['STR_RECORD_DISCARDED', 'timer', '']
  ])
  t.match((await f.driver.parkingEvents()).filter(({ type }) => type === 'DeadLetterDiscarded').map(event => 'origin' in event ? event.origin.kind : ''), ['record', 'record', 'timer'])
})

const bad: ReadonlyArray<readonly [what: string, value: string | null, why: RegExp]> = [
  ['no value', null, /not JSON/],
  ['no JSON', '{', /not JSON/],
  ['another type', '{"type":"Replay","id":"1","processor":"fragile","filter":"all"}', /neither Redrive nor Discard/],
  ['an empty filter', '{"type":"Redrive","id":"1","processor":"fragile","filter":{}}', /write "all"/],
  ['a filter with a slip of the pen', '{"type":"Redrive","id":"1","processor":"fragile","filter":{"keys":"k"}}', /keys is not a field/],
  ['a field that is not known', '{"type":"Redrive","id":"1","processor":"fragile","filter":"all","force":true}', /force is not a field/],
  ['a scope of a Redrive', '{"type":"Redrive","id":"1","processor":"fragile","filter":"all","scope":"all"}', /scope is/],
  ['an offset that is a number', '{"type":"Redrive","id":"1","processor":"fragile","filter":{"fromOffset":1}}', /decimal text/],
  ['a dry run that is text', '{"type":"Redrive","id":"1","processor":"fragile","filter":"all","dryRun":"yes"}', /dryRun is/],
  ['a state of its own', '{"type":"Redrive","id":"1","processor":"fragile","filter":{"state":"ready"}}', /state is/]
]

for (const [what, value, why] of bad) {
  test(`a command with ${what} is refused with a reason`, async t => {
    t.throws(() => decodeCommand(value === null ? null : Buffer.from(value)), { code: 'STR_RECORD_UNREADABLE', message: why })
  })
}

test('a command that cannot be read is a dead letter, one for another processor is passed over, and the next one counts', async t => {
  const defect = new Defect()
  const f = await startFragile(t, fragile(defect))
  defect.broken.add('a')
  await f.play('k', 'a')
  defect.broken.clear()
  const commands = { name: 'dlq.commands', partitions: 1 }
  await f.driver.pipeRaw(commands, { key: null, value: Buffer.from('{"type":"Redrive"}') })
  await f.driver.pipeRaw(commands, { key: null, value: Buffer.from('{"type":"Redrive","id":"2","processor":"elsewhere","filter":"all"}') })
  await f.driver.run()
  t.match((await f.driver.deadLetters()).slice(1), [{ reason: 'STR_RECORD_UNREADABLE', topic: 'dlq.commands', offset: 0n }])
  t.match(f.parked, { keys: 1 })
  await f.driver.advance(1000)
  t.equal(f.driver.status()[0]?.offsets.get('dlq.commands'), 2n, 'what is passed over is progress')
  await f.driver.redrive('fragile', { key: 'k' })
  t.equal(await f.history('k'), 'a')
})
