import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'tap'
import { headerText } from '../../../streams/index.ts'
import { parseExpiryKey, expiryKey } from '../../../streams/state/expiry.ts'
import { type Command, commands, done, expiring, sessionsOf, TTL_MS } from './expiring.ts'
import { World } from './world.ts'

async function send (world: World, ...values: readonly Command[]): Promise<void> {
  for (const value of values) await world.send(commands, 'k', value)
  await world.settle()
}

const put = (key: string, value = 1): Command => ({ type: 'Put', key, value })
const get = (key: string): Command => ({ type: 'Get', key })

/** What the last command found. */
function lastFound (world: World): unknown {
  return world.committed(done).at(-1)?.rows
}

/** The newest record of a key in the changelog. */
function inChangelog (world: World, key: string): string | null | undefined {
  const entry = world.broker.entries(world.changelog, 0).findLast(entry => entry.kind === 'data' && entry.key?.toString() === key)
  return entry === undefined ? undefined : entry.value?.toString() ?? null
}

test('a row is there until its time is over, then it is gone from the store, the changelog and the scans', async t => {
  const world = await World.create(t, [expiring()])
  await world.own()
  await send(world, put('a'))
  await world.wait(TTL_MS - 1)
  await send(world, get('a'))
  t.same(lastFound(world), [['a', 1]])
  await world.wait(1)
  t.same(await world.rows('sessions'), {})
  t.equal(inChangelog(world, 's/sessions/a'), null)
  t.equal(inChangelog(world, `t/${expiryKey('sessions', 'a')}`), null, 'with its timer')
  await send(world, get('a'))
  t.same(lastFound(world), [])
  await send(world, { type: 'List' })
  t.same(lastFound(world), [])
})

test('a row that is put again lives anew from then on, and one that is deleted leaves no timer', async t => {
  const world = await World.create(t, [expiring()])
  await world.own()
  await send(world, put('a'), put('b'))
  await world.wait(600)
  await send(world, put('a', 2), { type: 'Delete', key: 'b' })
  t.same(Object.keys(await world.rows('#timers')).map(parseExpiryKey), [{ store: 'sessions', key: 'a' }])
  await world.wait(600)
  t.same(await world.rows('sessions'), { a: '2' })
  await world.wait(400)
  t.same(await world.rows('sessions'), {})
  t.same(await world.rows('#timers'), {})
})

for (const how of ['crashed', 'flushed', 'crashed and flushed']) {
  test(`a row ends at its time although its task was ${how} meanwhile`, async t => {
    const world = await World.create(t, [expiring()])
    const owner = await world.own()
    await send(world, put('a'), put('b'))
    if (how.includes('flushed')) world.backend.flush()
    if (how.includes('crashed')) {
      owner.crash()
      await world.own()
    }
    await world.wait(TTL_MS - 1)
    await send(world, get('a'))
    await world.wait(0)
    t.same(lastFound(world), [['a', 1]])
    await world.wait(1)
    t.same(await world.rows('sessions'), {})
  })
}

test('an input sees a row by its own append time, although the task was down when the time was over', async t => {
  const world = await World.create(t, [expiring()])
  const owner = await world.own()
  await send(world, put('a'))
  await owner.task.close()
  await world.wait(TTL_MS - 1)
  await send(world, get('a'))
  await world.wait(1)
  await send(world, get('a'), { type: 'List' })
  await world.wait(5000)
  await world.own()
  t.same(world.committed(done).slice(1).map(({ rows }) => rows), [[['a', 1]], [], []], 'as if it had been up')
  await world.wait(0)
  t.same(await world.rows('sessions'), {})
})

test('a row whose time is over is absent even while its timer must wait for the inputs', async t => {
  const world = await World.create(t, [expiring()])
  await world.own()
  await send(world, put('a'), put('b'))
  const held = world.broker.faults.hold({ api: 'listOffsets' }, { phase: 'request' })
  await world.clock.advance(TTL_MS)
  await held.arrived
  await world.send(commands, 'k', get('a'))
  await world.send(commands, 'k', { type: 'List' })
  for (let n = 0; n < 100; n++) await turn()
  t.same(world.committed(done).slice(2).map(({ rows }) => rows), [[], []])
  t.same(Object.keys(await world.rows('sessions')), ['a', 'b'], 'not removed yet')
  held.release()
  await world.settle()
  t.same(await world.rows('sessions'), {})
})

test('rows end without a scan of the store: only timers that are due are read', async t => {
  const world = await World.create(t, [expiring()], { cacheBytes: 0 })
  await world.own()
  await send(world, ...Array.from({ length: 300 }, (_, i) => put(`k${i}`)))
  await world.wait(500)
  await send(world, put('late'))
  await world.wait(400)
  const asked: string[] = []
  world.backend.faults.intercept(({ op }, phase) => { if (phase === 'request' && op !== 'apply') asked.push(op) })
  await send(world, put('k7'))
  await world.wait(100)
  t.same(Object.keys(await world.rows('sessions')).sort(), ['k7', 'late'])
  t.ok(asked.filter(op => op === 'read').length <= 4, asked.join(' '))
  t.same(asked.filter(op => op !== 'read' && op !== 'rows'), [])
})

test('a store that gains a time to live keeps the rows that it had, one that loses it keeps them all', async t => {
  const world = await World.create(t, [expiring(sessionsOf({ ordered: true }))])
  const first = await world.own()
  await send(world, put('old'))
  await first.task.close()
  const withTtl = new World([expiring()])
  Object.assign(withTtl, { clock: world.clock, broker: world.broker, backend: world.backend })
  const second = await withTtl.own()
  await send(world, put('new'), put('later'))
  await world.wait(TTL_MS / 2)
  await send(world, put('later'))
  await world.wait(TTL_MS / 2)
  t.same(Object.keys(await world.rows('sessions')).sort(), ['later', 'old'])
  await second.task.close()
  await world.own()
  await world.wait(TTL_MS)
  t.same(Object.keys(await world.rows('sessions')).sort(), ['later', 'old'])
  t.same(await world.rows('#timers'), {}, 'what is left of the time is gone')
})

test('a handler cannot have a timer that looks like the end of a row', async t => {
  const store = sessionsOf()
  const world = await World.create(t, [expiring(store, {
    handlers: {
      Put: (context, { key }) => { context.store(store).put(key, 1) },
      Get: context => { context.timers.set(expiryKey('sessions', 'a'), 0) },
      Delete: context => { context.timers.cancel(expiryKey('sessions', 'a')) }
    }
  })])
  await world.own()
  await send(world, put('a'), get('a'), { type: 'Delete', key: 'a' })
  const dead = world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data').map(({ headers }) => headerText(headers, 'dlq.message') ?? '')
  t.equal(dead.length, 2)
  t.ok(dead.every(message => message.includes('U+0000')))
  t.same(await world.rows('sessions'), { a: '1' })
})

test('a time to live is a whole number of milliseconds, at least one', t => {
  for (const ttlMs of [0, -1, 0.5, NaN, Infinity]) t.throws(() => new World([expiring(sessionsOf({ ttlMs }))]), { code: 'STR_TOPOLOGY_INVALID', context: { store: 'sessions' } }, String(ttlMs))
  t.same(parseExpiryKey(expiryKey('s', 'a/b')), { store: 's', key: 'a/b' })
  t.equal(parseExpiryKey('s/a'), undefined)
  t.end()
})
