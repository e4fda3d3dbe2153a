import fc from 'fast-check'
import { type Test, test } from 'tap'
import { inboxStore, type InboxOptions, listen, type ProcessorDef, withInbox } from '../../streams/index.ts'
import { createTestDriver, type TestDriver } from '../../streams/testing/index.ts'
import { type Command, commands, counter, counts, topic, type Total, totals } from './runtime/counting.ts'

interface Event { readonly type: 'Add', readonly amount: number, readonly eventId?: string }
const DAY_MS = 86_400_000
const events = topic<Event>('commands', 2)

function counting (options: Partial<InboxOptions<Event>> = {}, given: Partial<ProcessorDef<Command>> = {}): ProcessorDef {
  return withInbox<Event>(counter({ inputs: [{ topic: events }], ...given } as Partial<ProcessorDef<Command>>), { eventId: event => event.eventId, ...options })
}

async function drive (t: Test, processor: ProcessorDef): Promise<TestDriver> {
  const driver = await createTestDriver({ nodes: [processor] })
  t.teardown(async () => { await driver.close() })
  return driver
}

const add = (eventId?: string, amount = 1): Event => ({ type: 'Add', amount, ...eventId === undefined ? {} : { eventId } })

test('an inbox lets an event change something once, however often its producer sends it', async t => {
  const duplicates: string[] = []
  t.teardown(listen('streams:record:diverted', ({ how, reason }) => { duplicates.push(`${how} ${reason}`) }))
  const driver = await drive(t, counting())
  for (const eventId of ['1', '1', '2', '1', '2']) await driver.pipe(events, 'a', add(eventId))
  t.match((await driver.read(totals)).map(({ value }) => value), [{ total: 1 }, { total: 2 }])
  t.equal(await driver.store('counter', counts).get('a'), 2)
  t.same(await driver.deadLetters(), [])
  t.same(duplicates, ['duplicate inbox', 'duplicate inbox', 'duplicate inbox'])
})

test('an inbox says which record came first', async t => {
  const driver = await drive(t, counting())
  const { partition, offset } = await driver.pipe(events, 'a', add('1'))
  await driver.pipe(events, 'a', add('1'))
  await driver.run()
  t.equal(await driver.store('counter', inboxStore).get('1'), `commands/${partition}/${offset}`)
})

test('an event that has no id is handled every time', async t => {
  const driver = await drive(t, counting())
  for (const event of [add(), add(), add(''), add('')]) await driver.pipe(events, 'a', event)
  await driver.run()
  t.equal(await driver.store('counter', counts).get('a'), 4)
  t.equal((await driver.store('counter', inboxStore).rows()).size, 0)
})

test('an inbox remembers over a restart of its task and over the loss of its state', async t => {
  const driver = await drive(t, counting())
  await driver.pipe(events, 'a', add('1'))
  await driver.run()
  await driver.restart()
  await driver.pipe(events, 'a', add('1'))
  await driver.run()
  driver.backend.flush()
  await driver.restart()
  await driver.pipe(events, 'a', add('1'))
  await driver.run()
  t.equal(await driver.store('counter', counts).get('a'), 1)
})

test('an inbox remembers for seven days from the first time, or for as long as it is told, and leaves nothing behind', async t => {
  for (const [options, lifeMs] of [[{}, 7 * DAY_MS], [{ lifeMs: 1000 }, 1000]] as const) {
    const driver = await drive(t, counting(options))
    await driver.pipe(events, 'a', add('1'))
    await driver.advance(lifeMs - 1)
    await driver.pipe(events, 'a', add('1'))
    await driver.run()
    t.equal(await driver.store('counter', counts).get('a'), 1, 'a repeat does not make it live longer')
    await driver.advance(1)
    t.equal((await driver.store('counter', inboxStore).rows()).size, 0)
    await driver.pipe(events, 'a', add('1'))
    await driver.run()
    t.equal(await driver.store('counter', counts).get('a'), 2)
  }
})

test('an event that fails leaves no id: handled again it does its work once, and what repeats it nothing', async t => {
  let isBroken = true
  const handlers = {
    Add: (...[context, , { key }]: Parameters<NonNullable<ReturnType<typeof counter>['handlers'][string]>>) => {
      context.store(counts).put(key, (context.store(counts).get(key) ?? 0) + 1)
      if (isBroken) throw new Error('broken')
    }
  }
  const driver = await drive(t, counting({}, { handlers, parking: 'key' } as Partial<ProcessorDef<Command>>))
  await driver.pipe(events, 'a', add('1'))
  await driver.pipe(events, 'a', add('1'))
  await driver.run()
  t.equal((await driver.store('counter', inboxStore).rows()).size, 0)
  isBroken = false
  await driver.redrive('counter', { key: 'a' })
  t.equal(await driver.store('counter', counts).get('a'), 1)
  t.equal((await driver.deadLetters()).length, 1)
})

test('an inbox reads ids ahead with what the processor reads', async t => {
  const processor = counting()
  t.same(processor.reads?.(add('1'), 'a').map(([{ name }, what]) => [name, what]), [['counts', 'a'], ['inbox', '1']])
  t.same(processor.reads?.(add(), 'a').map(([{ name }, what]) => [name, what]), [['counts', 'a']])
  t.end()
})

test('an inbox is refused twice, and with a life that is no time', t => {
  const invalid = { code: 'STR_TOPOLOGY_INVALID' }
  t.throws(() => withInbox(counting(), { eventId: () => '1' }), invalid)
  for (const lifeMs of [0, -1, NaN, Infinity, 0.5]) t.throws(() => counting({ lifeMs }), invalid, String(lifeMs))
  t.end()
})

test('an inbox handles every event once in any history of repeats, restarts and lost states', async t => {
  const step = fc.oneof(
    { weight: 8, arbitrary: fc.record({ key: fc.constantFrom('a', 'b', 'c'), id: fc.integer({ min: 0, max: 5 }) }) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
    { weight: 1, arbitrary: fc.constant('flush' as const) }
  )
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), async steps => {
    const driver = await createTestDriver({ nodes: [counting()] })
    try {
      const sent = new Map<string, Set<string>>()
      for (const each of steps) {
        if (each === 'flush') driver.backend.flush()
        if (typeof each === 'string') {
          await driver.restart()
        } else {
          const eventId = `${each.key}${each.id}`
          await driver.pipe(events, each.key, add(eventId))
          sent.set(each.key, (sent.get(each.key) ?? new Set()).add(eventId))
          await driver.run()
        }
      }
      await driver.restart()
      const outputs = (await driver.read(totals)).map(({ key, value }) => [key, (value as Total).total] as const)
      for (const [key, ids] of sent) {
        const found = outputs.filter(([of]) => of === key).map(([, total]) => total)
        if (found.join() !== [...ids].map((_, n) => n + 1).join()) throw new Error(`${key}: ${found.join()} of ${ids.size}`)
      }
    } finally {
      await driver.close()
    }
  }), { numRuns: 40 })
})

test('without an inbox a repeated event counts twice', async t => {
  const driver = await drive(t, counter())
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.run()
  t.equal(await driver.store('counter', counts).get('a'), 2)
})
