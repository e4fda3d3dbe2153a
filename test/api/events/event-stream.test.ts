import { type Test, test } from 'tap'
import { createKafkaEventFeed } from '../../../api/adapters/kafka-event-feed.ts'
import { endFrame } from '../../../api/events/frames.ts'
import { lastEvents, orderTelling } from '../../../api/orders/event-frames.ts'
import { EventStream, type EventStreamOptions } from '../../../api/events/event-stream.ts'
import { type MemoryBroker, createMemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { type ManualClock, createManualClock } from '../../../streams/time/manual-clock.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { append, deafFeed, framesOf, historyOf, orderEvent } from '../orders/event-log.ts'

await bindMemoryCodec()

const orderId = '0198c0de-0000-8000-8000-000000000001'
const { name: topic, partitions } = topics.orders.events
const partition = partitionOf(orderId, partitions)
/** Another order of the same partition. */
const neighbour = Array.from({ length: 100 }, (_, index) => `0198c0de-0000-8000-8000-0000000001${String(index).padStart(2, '0')}`)
  .find(id => partitionOf(id, partitions) === partition) as string

interface Scene { readonly broker: MemoryBroker, readonly clock: ManualClock, readonly feed: ReturnType<typeof createKafkaEventFeed> }

async function scene (t: Test, { backlog = 1000n, keptBytes = 100_000 } = {}): Promise<Scene> {
  const broker = createMemoryBroker()
  broker.createTopic({ name: topic, partitions, replicas: 1, config: {} })
  const kafka = broker.client()
  await kafka.start()
  const clock = createManualClock(1_700_000_000_000)
  const feed = createKafkaEventFeed({ kafka, clock, topic: topics.orders.events, backlog, keptBytes })
  t.teardown(async () => {
    feed.close()
    await kafka.close()
  })
  return { broker, clock, feed }
}

/** A client that reads all it gets. */
function client ({ broker, clock, feed }: Scene, options: Partial<EventStreamOptions> = {}) {
  const gone = new AbortController()
  const failures: unknown[] = []
  const stream = new EventStream({
    key: orderId,
    telling: orderTelling,
    from: 0n,
    feed,
    history: historyOf(broker),
    clock,
    heartbeatMs: 15_000,
    expiresAtMs: clock.now() + 900_000,
    gone: gone.signal,
    onFailure: error => failures.push(error),
    ...options
  })
  let text = ''
  let isOver = false
  const reading = (async () => {
    for await (const frame of stream.frames()) text += frame
    isOver = true
  })()
  const frames = () => framesOf(text)
  const ids = () => frames().flatMap(({ id, event }) => id === undefined || event === 'end' ? [] : [id])
  const until = async (isTrue: () => boolean): Promise<void> => { while (!isTrue()) await clock.advance(100) }
  const leave = async (): Promise<void> => {
    gone.abort()
    stream.close()
    await reading
  }
  return { stream, frames, ids, until, failures, isOver: () => isOver, leave, ended: async () => { await until(() => isOver) } }
}

test('a stream tells the whole history first, and then what happens', async t => {
  const world = await scene(t)
  await append(world.broker, orderEvent(orderId, 1), orderEvent(neighbour, 1), orderEvent(orderId, 2))
  const { ids, until, frames, leave } = client(world)
  await until(() => ids().length === 2)
  await append(world.broker, orderEvent(neighbour, 2), orderEvent(orderId, 3))
  await until(() => ids().length === 3)
  t.same(ids(), [`${partition}-0`, `${partition}-2`, `${partition}-4`])
  t.match(frames()[0], { retry: '3000' })
  t.match(frames()[1], { event: 'OrderInventoryReserved', data: { id: `${partition}-0`, type: 'OrderInventoryReserved', occurredAt: '2023-11-14T22:13:20.001Z', data: { attempt: 1 } } })
  await leave()
})

test('a stream that is cut after any event goes on without loss or repetition, wherever the history ends', async t => {
  const count = 6
  for (const backlog of [1n, 4n, 1000n]) {
    const world = await scene(t, { backlog })
    for (let version = 1; version <= count; version++) await append(world.broker, orderEvent(orderId, version), orderEvent(neighbour, version))
    const all = Array.from({ length: count }, (_, index) => `${partition}-${index * 2}`)
    for (let cut = -1; cut < count; cut++) {
      for (let below = 0n; below <= BigInt(count * 2); below++) {
        // What the log does not reach back to must be in the history, or comes later.
        let end = below
        const { ids, until, leave } = client(world, { from: cut < 0 ? 0n : BigInt(cut * 2 + 1), history: historyOf(world.broker, () => end) })
        await world.clock.advance(100)
        end = 1000n
        await until(() => ids().length >= count - cut - 1)
        if (JSON.stringify(ids()) !== JSON.stringify(all.slice(cut + 1))) t.fail(`backlog ${backlog}, cut ${cut}, below ${below}: ${ids()}`)
        await leave()
      }
    }
  }
  t.pass()
})

test('an event reads the same from the log and from the history', async t => {
  const world = await scene(t)
  await append(world.broker, orderEvent(orderId, 1), orderEvent(orderId, 2, true))
  const live = client(world)
  const past = client(world, { feed: deafFeed })
  await Promise.all([live.ended(), past.ended()])
  t.same(live.frames(), past.frames())
  t.equal(live.ids().length, 2)
})

test('a stream ends after an event that nothing can follow, and says that there is no more', async t => {
  const world = await scene(t)
  await append(world.broker, orderEvent(orderId, 1), orderEvent(orderId, 2, true))
  const { ended, frames } = client(world)
  await ended()
  t.match(frames().at(-1), { id: `${partition}-1-end`, event: 'end', data: { reason: 'outcome' } })
})

test('nothing follows a rejection, a cancellation, a failure, a timeout or the return of everything, and only these', t => {
  t.same([...lastEvents].sort(), ['OrderCancelled', 'OrderFailed', 'OrderRejected', 'OrderReturned', 'OrderTimedOut'])
  t.notMatch(endFrame('shutdown', { partition: 1, offset: 2n }), 'id')
  t.end()
})

test('a stream ends when its token expires or the server goes down, and says so', async t => {
  const world = await scene(t)
  const expired = client(world, { expiresAtMs: world.clock.now() + 5000 })
  const down = client(world)
  await expired.ended()
  t.notOk(down.isOver())
  t.ok(world.clock.now() >= 1_700_000_005_000)
  down.stream.end('shutdown')
  await down.ended()
  t.match(expired.frames().at(-1), { event: 'end', data: { reason: 'token-expired' } })
  t.match(down.frames().at(-1), { event: 'end', data: { reason: 'shutdown' } })
  t.equal(down.frames().at(-1)?.id, undefined)
})

test('a stream says that it is alive when nothing happens, whether the history can be read or not', async t => {
  const world = await scene(t)
  const broken = { list: async () => { throw new Error('away') }, reached: async () => { throw new Error('away') } }
  const quiet = client(world)
  const deaf = client(world, { feed: deafFeed, history: broken })
  for (let second = 0; second < 61; second++) await world.clock.advance(1000)
  for (const { frames, leave } of [quiet, deaf]) {
    t.equal(frames().filter(({ comment }) => comment === 'alive').length, 4)
    await leave()
  }
})

test('a stream stays open while the history cannot be read, and goes on when it can', async t => {
  const world = await scene(t)
  await append(world.broker, orderEvent(orderId, 1))
  const whole = historyOf(world.broker)
  let isAway = true
  const history = { ...whole, list: async (...asked: Parameters<typeof whole.list>) => { if (isAway) throw new Error('away'); return await whole.list(...asked) } }
  const { ids, until, failures, leave } = client(world, { feed: deafFeed, history })
  await until(() => failures.length >= 3)
  t.same(ids(), [])
  isAway = false
  await until(() => ids().length === 1)
  await leave()
})

test('an event that a source has lost is waited for, never passed over', async t => {
  const world = await scene(t)
  for (let version = 1; version <= 3; version++) await append(world.broker, orderEvent(orderId, version))
  const lost = new Set([1n])
  const { ids, until, failures, leave } = client(world, { feed: deafFeed, history: historyOf(world.broker, undefined, lost) })
  await until(() => failures.length >= 2)
  t.match(failures[0], { message: 'OrderInventoryReserved is event 3, and 2 is not there' })
  t.same(ids(), [], 'nothing of such a page is told')
  lost.clear()
  await until(() => ids().length === 3)
  await leave()
})

test('a reader that does not keep up costs no memory, and gets from the history what the log has let go', async t => {
  const world = await scene(t, { keptBytes: 1000 })
  const history = historyOf(world.broker)
  const stream = new EventStream({
    key: orderId,
    telling: orderTelling,
    from: 0n,
    feed: world.feed,
    history,
    clock: world.clock,
    heartbeatMs: 15_000,
    expiresAtMs: world.clock.now() + 900_000,
    gone: new AbortController().signal,
    onFailure: error => { throw error }
  })
  const frames = stream.frames()
  t.equal((await frames.next()).value, 'retry: 3000\n\n')
  t.equal(stream.stalledMs, 0)
  await world.clock.advance(7000)
  t.equal(stream.stalledMs, 7000)
  for (let version = 1; version <= 50; version++) await append(world.broker, orderEvent(orderId, version))
  const ids = []
  for (let left = 50; left > 0; left--) ids.push(framesOf((await frames.next()).value ?? '')[0]?.id)
  t.same(ids, Array.from({ length: 50 }, (_, offset) => `${partition}-${offset}`))
  t.ok(history.asked() >= 1)
  await frames.return()
  stream.close()
})

test('a stream stays open while the broker is away, and goes on after', async t => {
  const world = await scene(t)
  const { ids, until, leave, failures } = client(world)
  await append(world.broker, orderEvent(orderId, 1))
  await until(() => ids().length === 1)
  const held = world.broker.faults.hold({ api: 'fetch', partition }, { phase: 'request' })
  await append(world.broker, orderEvent(orderId, 2))
  await held.arrived
  await world.clock.advance(60_000)
  t.equal(ids().length, 1)
  held.release()
  await until(() => ids().length === 2)
  t.same(failures, [])
  await leave()
})

test('a client that has gone frees its stream at once, whatever it was waiting for', async t => {
  const world = await scene(t)
  const { leave, isOver } = client(world)
  await world.clock.advance(100)
  await leave()
  t.ok(isOver())
  world.feed.close()
  t.equal(world.clock.waiting, 0, 'no timer is left')
})
