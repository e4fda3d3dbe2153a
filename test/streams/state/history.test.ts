import { test } from 'tap'
import { StreamsError } from '../../../streams/errors.ts'
import { defineStore } from '../../../streams/processor.ts'
import { jsonSerde } from '../../../streams/serde/json.ts'
import { createStateHistory, type PastTask, type StateHistory } from '../../../streams/state/history.ts'
import { createStateQuery } from '../../../streams/state/query.ts'
import { type Command, commands, indexOf, scanner } from '../runtime/scanning.ts'
import { World } from '../runtime/world.ts'

const store = indexOf()
const task: PastTask<number> = { processor: 'scanner', partition: 0, store }

function historyOf (world: World, limitBytes?: number): StateHistory {
  return createStateHistory({ kafka: world.broker.client(), applicationId: 'app', ...limitBytes === undefined ? {} : { limitBytes } })
}

async function send (world: World, ...values: readonly Command[]): Promise<void> {
  for (const value of values) await world.send(commands, 'k', value)
  await world.settle()
}

const put = (key: string, value: number): Command => ({ type: 'Put', key, value })

interface Seen { readonly position: bigint, readonly atMs: number, readonly rows: ReadonlyArray<readonly [string, number]> }

/** Does `steps`, a second apart, and notes what a query saw after each: position, time and rows. */
async function live (world: World, steps: readonly Command[]): Promise<Seen[]> {
  const query = createStateQuery({ backend: world.backend, applicationId: 'app' })
  const seen = []
  for (const step of steps) {
    await send(world, step)
    const answer = await query.scan('scanner', 0, store, { limit: 100 })
    if (answer.status !== 'ready') throw new Error(answer.status)
    seen.push({ position: answer.position, atMs: world.clock.now(), rows: answer.values.rows })
    await world.wait(1000)
  }
  return seen
}

const STEPS: readonly Command[] = [put('a', 1), put('b', 2), put('a', 3), { type: 'Delete', key: 'b' }, put('c', 4)]

test('history answers at any position what a query answered at that position', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  const history = historyOf(world)
  for (const { position, rows } of await live(world, STEPS)) {
    const past = await history.rows(task, { position })
    t.same([[...past.rows].sort(), past.position], [rows, position])
    t.equal((await history.get(task, 'b', { position })).value, rows.find(([key]) => key === 'b')?.[1])
  }
})

test('history answers at any time what was committed then, and names the position that repeats the answer', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await world.wait(1000)
  const seen = await live(world, STEPS)
  const history = historyOf(world)
  for (const { position, atMs, rows } of seen) {
    for (const timeMs of [atMs, atMs + 999]) {
      const past = await history.rows(task, { timeMs })
      t.same([[...past.rows].sort(), past.position, past.atMs], [rows, position, atMs])
    }
  }
  t.equal((await history.get(task, 'a', { timeMs: (seen[0]?.atMs ?? 0) - 1 })).value, undefined, 'the task existed, the row did not')
  t.same([...(await history.rows(task, { timeMs: 9e15 })).rows].sort(), seen.at(-1)?.rows)
})

test('history sees a cycle whole or not at all', async t => {
  const world = await World.create(t, [scanner()])
  const owner = await world.own()
  await send(world, put('a', 1))
  await owner.task.close()
  await send(world, put('a', 2), put('b', 2), put('c', 2))
  await world.own()
  const history = historyOf(world)
  const { position } = await history.rows(task, { timeMs: 9e15 })
  const before = await history.rows(task, { position: position - 1n })
  t.same([...before.rows], [['a', 1]], 'one offset before its end, nothing of it is seen')
})

test('history refuses moments that the cleaner has removed, and names the oldest that it can answer', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  const seen = await live(world, STEPS)
  const [first, , third, fourth, fifth] = seen
  world.broker.compact(world.changelog, { until: third?.position ?? 0n })
  const history = historyOf(world)
  const error = await history.rows(task, { position: first?.position ?? 0n }).catch((error: unknown) => error)
  if (!(error instanceof StreamsError)) return t.fail('answered')
  t.equal(error.code, 'STR_HISTORY_TOO_OLD')
  t.same([error.context['oldestPosition'], error.context['oldestMs']], [third?.position, third?.atMs])
  for (const later of [third, fourth, fifth]) t.same([...(await history.rows(task, { position: later?.position ?? 0n })).rows].sort(), later?.rows)
  world.broker.compact(world.changelog)
  t.same([...(await history.rows(task, { timeMs: 9e15 })).rows].sort(), fifth?.rows, 'the present is always there')
  await t.rejects(history.rows(task, { position: fourth?.position ?? 0n }), { code: 'STR_HISTORY_TOO_OLD', context: { oldestPosition: fifth?.position } })
})

test('history answers a quiet time although the cleaner went right up to its end', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  const seen = await live(world, [put('a', 1), put('b', 1), put('a', 2)])
  world.broker.compact(world.changelog)
  await live(world, [put('b', 3), put('a', 3)])
  const past = await historyOf(world).rows(task, { timeMs: (seen[2]?.atMs ?? 0) + 500 })
  t.same([...past.rows].sort(), seen[2]?.rows, 'what the next cycle overwrote is there: nothing else can have changed')
})

test('history does not guess: a log that lost its beginning, or does not reach so far, is not answered from', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  const seen = await live(world, STEPS)
  const history = historyOf(world)
  const end = world.broker.log(world.changelog, 0).endOffset
  await t.rejects(history.rows(task, { position: end + 1n }), { code: 'STR_HISTORY_AHEAD', context: { end } })
  await t.rejects(history.rows({ ...task, processor: 'nobody' }, { position: 1n }), { code: 'STR_TOPIC_MISSING' })
  world.broker.deleteRecords(world.changelog, 0, seen[1]?.position ?? 0n)
  await t.rejects(history.rows(task, { position: end }), { code: 'STR_OFFSET_OUT_OF_RANGE' })
})

test('history holds no more than its bytes, and needs few for a single row', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await live(world, STEPS)
  const history = historyOf(world, 250)
  await t.rejects(history.rows(task, { timeMs: 9e15 }), { code: 'STR_HISTORY_TOO_LARGE', context: { limit: 250 } })
  t.equal((await history.get(task, 'a', { timeMs: 9e15 })).value, 3)
})

test('history ends when its caller goes', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await live(world, STEPS)
  const held = world.broker.faults.hold({ api: 'fetch', topic: world.changelog }, { phase: 'answer' })
  const gone = new AbortController()
  const reading = historyOf(world).rows(task, { timeMs: 9e15 }, gone.signal)
  await held.arrived
  gone.abort(new Error('gone'))
  await t.rejects(reading, { message: 'gone' })
  held.release()
})

test('history of a store that a processor does not have is empty, not an error: it may have had it once', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await live(world, STEPS)
  t.equal((await historyOf(world).rows({ ...task, store: defineStore('other', jsonSerde<number>()) }, { timeMs: 9e15 })).rows.size, 0)
})
