import { test } from 'tap'
import { defineProcessor, defineStore, type ProcessorDef, type StoreDef, type TypedValue } from '../../../streams/index.ts'
import { createAvroCodec } from '../../../streams/serde/avro.ts'
import { createMemoryRegistry, type MemoryRegistry } from '../../../streams/serde/memory-registry.ts'
import { createStateHistory } from '../../../streams/state/history.ts'
import { createStateQuery } from '../../../streams/state/query.ts'
import { topic } from '../runtime/counting.ts'
import { World } from '../runtime/world.ts'

interface Touch { readonly type: 'Touch', readonly key: string }
interface Look { readonly type: 'Look', readonly key: string }
interface List { readonly type: 'List' }
interface Seen { readonly type: 'Seen', readonly rows: ReadonlyArray<readonly [string, unknown]> }
interface Visit extends TypedValue { readonly type: 'Visit', readonly count: number, readonly channel?: string, readonly note?: string }

const commands = topic<Touch | Look | List>('commands')
const seen = topic<Seen>('seen')
const CHANGELOG = 'app-visits-changelog'

const countField = { name: 'count', type: 'int' }
const older = { type: 'record', name: 'Visit', namespace: 'test', fields: [countField, { name: 'note', type: 'string', default: '' }] }
/** One field more, one less: what FULL_TRANSITIVE compatibility allows. */
const newer = { type: 'record', name: 'Visit', namespace: 'test', fields: [countField, { name: 'channel', type: 'string', default: 'web' }] }

interface Version { readonly node: ProcessorDef, readonly store: StoreDef<Visit> }

/** The processor as a process with that schema runs it. */
async function visits (registry: MemoryRegistry, schema: object, make: (count: number) => Visit): Promise<Version> {
  const codec = createAvroCodec({ registry, schemas: { Visit: schema } })
  const store = defineStore<Visit>('visits', codec.serde(CHANGELOG, ['Visit']), { ordered: true })
  for (const { subject, schema } of codec.subjects()) await registry.register(subject, schema)
  await codec.ready()
  const node = defineProcessor<Touch | Look | List>({
    name: 'visits',
    inputs: [commands],
    outputs: [seen],
    stores: [store],
    handlers: {
      Touch: (context, { key }) => { context.store(store).put(key, make((context.store(store).get(key)?.count ?? 0) + 1)) },
      Look: (context, { key }) => { context.emit(seen, { key, value: { type: 'Seen', rows: [[key, context.store(store).get(key)]] } }) },
      List: context => { context.emit(seen, { key: 'all', value: { type: 'Seen', rows: context.store(store).scan({ limit: 9 }).rows } }) }
    }
  })
  return { node, store }
}

interface Scene { readonly world: World, readonly registry: MemoryRegistry, readonly store: StoreDef<Visit> }

/** Rows a and b were written by the older version; the newer one runs. */
async function upgraded (t: Parameters<typeof World.create>[0], how: 'kept' | 'flushed'): Promise<Scene> {
  const registry = createMemoryRegistry()
  const before = await visits(registry, older, count => ({ type: 'Visit', count, note: 'old' }))
  const world = await World.create(t, [before.node], { cacheBytes: 0 })
  const owner = await world.own()
  for (const key of ['a', 'b', 'a']) await world.send(commands, key, { type: 'Touch', key })
  await world.settle()
  await owner.task.close()
  if (how === 'flushed') world.backend.flush()
  const after = await visits(registry, newer, count => ({ type: 'Visit', count, channel: 'shop' }))
  const next = new World([after.node], { cacheBytes: 0 })
  Object.assign(next, { clock: world.clock, broker: world.broker, backend: world.backend })
  await next.own()
  return { world: next, registry, store: after.store }
}

const oldRow = (count: number): Visit => ({ type: 'Visit', count, channel: 'web' })

for (const how of ['kept', 'flushed'] as const) {
  test(`a handler reads and scans rows that an older schema wrote, from state that was ${how}`, async t => {
    const { world } = await upgraded(t, how)
    for (const command of [{ type: 'Look', key: 'a' }, { type: 'Touch', key: 'b' }, { type: 'List' }] as const) await world.send(commands, 'k', command)
    await world.settle()
    t.same(world.committed(seen).map(({ rows }) => rows), [[['a', oldRow(2)]], [['a', oldRow(2)], ['b', { type: 'Visit', count: 2, channel: 'shop' }]]])
  })
}

test('queries and history read rows that an older schema wrote, beside those of the newer one', async t => {
  const { world, store } = await upgraded(t, 'kept')
  await world.send(commands, 'k', { type: 'Touch', key: 'b' })
  await world.settle()
  const query = createStateQuery({ backend: world.backend, applicationId: 'app' })
  t.match(await query.get('visits', 0, [[store, 'a'], [store, 'b']]), { status: 'ready', values: [{ count: 2, channel: 'web' }, { count: 2, channel: 'shop' }] })
  t.match(await query.scan('visits', 0, store, { limit: 1 }), { status: 'ready', values: { rows: [['a', { count: 2, channel: 'web' }]], next: 'a' } })
  const history = createStateHistory({ kafka: world.broker.client(), applicationId: 'app' })
  const { rows } = await history.rows({ processor: 'visits', partition: 0, store }, { timeMs: 9e15 })
  t.same([...rows].sort(), [['a', oldRow(2)], ['b', { type: 'Visit', count: 2, channel: 'shop' }]])
})

test('a row whose schema the registry does not give yet is waited for, not failed', async t => {
  const { world, registry } = await upgraded(t, 'kept')
  registry.isUp = false
  await world.send(commands, 'k', { type: 'Look', key: 'a' })
  await world.wait(1000)
  t.equal(world.committed(seen).length, 0)
  registry.isUp = true
  for (let n = 0; n < 5; n++) await world.wait(10_000)
  t.same(world.committed(seen).map(({ rows }) => rows), [[['a', oldRow(2)]]])
  t.equal(world.broker.entries('dlq', 0).length, 0)
})
