import { test } from 'tap'
import { headerText, listen, type ProcessorDef } from '../../../streams/index.ts'
import { createStateQuery, type RangeRequest } from '../../../streams/state/query.ts'
import { type Command, commands, found, indexOf, scanner } from './scanning.ts'
import { World } from './world.ts'

async function send (world: World, ...values: readonly Command[]): Promise<void> {
  for (const value of values) await world.send(commands, 'k', value)
  await world.settle()
}

function put (...keys: readonly string[]): Command[] {
  return keys.map((key, value) => ({ type: 'Put', key, value }))
}

function scan (range: Partial<RangeRequest> = {}, more: { readonly put?: string, readonly remove?: string } = {}): Command {
  return { type: 'Scan', range: { limit: 100, ...range }, ...more }
}

function keysFound (world: World): string[] {
  return world.committed(found).map(({ rows, next }) => rows.map(([key]) => key).join(' ') + (next === null ? '' : ' …'))
}

function deadReasons (world: World): Array<string | undefined> {
  return world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data').map(({ headers }) => headerText(headers, 'dlq.reason'))
}

test('a handler scans the rows of a range in order, with its own writes and those of inputs before it', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await send(world, ...put('b', 'd', 'a', 'c'))
  await send(world, scan(), ...put('bb'), scan({ from: 'b' }), { type: 'Delete', key: 'd' }, scan({ from: 'b' }), scan({ prefix: 'b' }, { put: 'b0', remove: 'b' }))
  t.same(keysFound(world), ['a b c d', 'b bb c d', 'b bb c', 'b0 bb'])
})

test('a handler scans a page at a time, and a row that was removed does not shorten the page', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await send(world, ...put('a', 'b', 'c', 'd', 'e'))
  await send(world, scan({ limit: 2 }), scan({ limit: 2, after: 'b' }), scan({ limit: 2, after: 'd' }), scan({ limit: 2 }, { remove: 'a' }), scan({ limit: 3, after: 'a' }, { put: 'cc' }))
  t.same(keysFound(world), ['a b …', 'c d …', 'e', 'b c …', 'b c cc …'])
})

test('a handler walks through more rows than are read at a time', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  const keys = Array.from({ length: 2_500 }, (_, i) => `k${String(i).padStart(4, '0')}`)
  await send(world, ...put(...keys))
  await send(world, { type: 'Walk', range: { limit: 1000 } })
  t.same(world.committed(found).map(({ rows }) => rows.map(([key]) => key)), [keys])
})

test('a range that is named in reads is read ahead with the rows, in one request', async t => {
  const store = indexOf()
  const declared: ProcessorDef<Command>['reads'] = value => value.type === 'Scan' ? [[store, value.range], [store, 'x']] : []
  const readsOf = async (isDeclared: boolean): Promise<number> => {
    const world = await World.create(t, [scanner(store, isDeclared ? { reads: declared } : {})])
    const owner = await world.own()
    await send(world, ...put('a', 'b', 'c'))
    await owner.task.close()
    await send(world, ...['a', 'b', 'c'].map(from => scan({ from })))
    let reads = 0
    world.backend.faults.intercept(({ op }, phase) => { if (op === 'read' && phase === 'request') reads++ })
    await world.own()
    t.same(keysFound(world), ['a b c', 'b c', 'c'])
    return reads
  }
  t.equal(await readsOf(false) - await readsOf(true), 2)
})

test('a range in reads that is none fails its own input at most, never the cycle', async t => {
  const store = indexOf()
  const world = await World.create(t, [scanner(store, { reads: value => value.type === 'Scan' ? [[store, value.range]] : [] })])
  await world.own()
  await send(world, ...put('a'), scan({ limit: NaN }), scan({ prefix: 7 as never }), scan())
  t.same(keysFound(world), ['a'])
  t.same(deadReasons(world), ['STR_QUERY_INVALID', 'STR_HANDLER_FAILED'])
})

test('a handler that fails after a scan leaves nothing behind for the scans of the next one', async t => {
  const store = indexOf()
  const world = await World.create(t, [scanner(store, {
    handlers: {
      Put: (context, { key, value }) => { context.store(store).put(key, value) },
      Delete: context => {
        context.store(store).put('zombie', 1)
        context.store(store).scan({ limit: 10 })
        throw new Error('poison')
      },
      Scan: (context, { range }) => { context.emit(found, { key: 'all', value: { type: 'Found', ...context.store(store).scan(range), next: null } }) }
    }
  })])
  await world.own()
  await send(world, ...put('a'), { type: 'Delete', key: '' }, scan())
  t.same(keysFound(world), ['a'])
})

test('a scan is not answered from a state that was lost: the task acquires first', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await send(world, ...put('a', 'b'))
  world.backend.flush()
  await send(world, scan())
  t.same(keysFound(world), [])
  await world.wait(1000)
  t.same(keysFound(world), ['a b'])
})

test('a scan with a limit out of range fails its input, one of a store that is not ordered fails the task', async t => {
  const world = await World.create(t, [scanner()])
  await world.own()
  await send(world, scan({ limit: 0 }), scan({ limit: 1001 }), scan({ limit: 1 }))
  t.same(keysFound(world), [''])
  t.same(deadReasons(world), ['STR_QUERY_INVALID', 'STR_QUERY_INVALID'])
  const plain = await World.create(t, [scanner(indexOf({}))])
  const owner = await plain.own()
  await send(plain, scan())
  t.match(owner.task.status(), { state: 'failed', reason: { code: 'STR_TOPOLOGY_INVALID' } })
})

test('a state that was begun without an order is rebuilt with it, and one with it without', async t => {
  const world = await World.create(t, [scanner(indexOf({}))])
  const wiped: Array<string | null> = []
  t.teardown(listen('streams:task:acquired', payload => { wiped.push(payload.wiped) }))
  const before = await world.own()
  await send(world, ...put('b', 'a'))
  await before.task.close()
  const ordered = new World([scanner(indexOf({ ordered: true }))])
  Object.assign(ordered, { clock: world.clock, broker: world.broker, backend: world.backend })
  const owner = await ordered.own()
  await send(world, scan())
  t.same(keysFound(world), ['a b'])
  await owner.task.close()
  const again = await world.own()
  await again.task.close()
  t.same(wiped.slice(1), ['layout', 'layout'])
  const query = createStateQuery({ backend: world.backend, applicationId: 'app' })
  await t.rejects(query.scan('scanner', 0, indexOf(), { limit: 9 }), { code: 'STR_QUERY_INVALID' }, 'the order is gone, and nobody is told that there are no rows')
})

test('one input that scans too many bytes is dead-lettered; the next goes on', async t => {
  const large = 'x'.repeat(400_000)
  const store = indexOf()
  const world = await World.create(t, [scanner(store, {
    handlers: {
      Put: (context, { key }) => { context.store(store).put(key, large as never) },
      Walk: (context, { range }) => {
        let rows = 0
        for (let after: string | undefined = ''; after !== undefined;) {
          const page: { readonly rows: readonly unknown[], readonly next: string | undefined } = context.store(store).scan({ ...range, after })
          rows += page.rows.length
          after = page.next
        }
        context.emit(found, { key: 'all', value: { type: 'Found', rows: [[String(rows), 0]], next: null } })
      }
    }
  })])
  await world.own()
  for (let batch = 0; batch < 10; batch++) await send(world, ...put(...Array.from({ length: 10 }, (_, i) => `k${batch}${i}`)))
  await send(world, { type: 'Walk', range: { limit: 100 } }, { type: 'Walk', range: { limit: 100, from: 'k9' } })
  t.same(keysFound(world), ['10'])
  t.same(deadReasons(world), ['STR_SCAN_TOO_LARGE'])
})
