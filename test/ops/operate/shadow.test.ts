import { test, type Test } from 'tap'
import { createTestDriver } from '#streams/testing'
import { type ProcessorContext, type ProcessorDef } from '#streams'
import { runShadow } from '../../../ops/operate/shadow.ts'
import { type Add, commands, counter, counts, totals } from '../../streams/runtime/counting.ts'

const options = { shared: new Set<string>(), idOf: (value: unknown) => (value as { readonly id?: string }).id, onProgress: () => {} }

/** A log as a platform leaves it: with markers of transactions between the records, timers, and a record that failed. */
async function recorded (t: Test) {
  const driver = await createTestDriver({ nodes: [counter()] })
  t.teardown(async () => { await driver.close() })
  const log = driver.broker.log(commands.name, 0)
  await driver.pipe(commands, 'a', { type: 'Add', amount: 2 })
  await driver.advance(10)
  log.endTransaction(0n, 0, 'abort', driver.nowMs)
  await driver.pipe(commands, 'b', { type: 'Remind', afterMs: 500 })
  await driver.advance(400)
  await driver.pipe(commands, 'a', { type: 'Add', amount: 3 })
  await driver.advance(200)
  await driver.pipe(commands, 'c', { type: 'Fail', message: 'no' })
  await driver.pipe(commands, 'a', { type: 'Add', amount: 4 })
  await driver.advance(5_000)
  await driver.pipe(commands, 'a', { type: 'Add', amount: 1 })
  await driver.run()
  const kafka = driver.broker.client('shadow')
  t.teardown(async () => { await kafka.close() })
  return { driver, kafka }
}

/** The counter of another version. */
function counting (add: (total: number, amount: number) => number): ProcessorDef {
  const { handlers } = counter()
  return counter({
    handlers: {
      ...handlers,
      Add: (context: ProcessorContext, { amount }: Add, { key }: { readonly key: string }) => {
        const total = add(context.store(counts).get(key) ?? 0, amount)
        context.store(counts).put(key, total)
        context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total, atMs: context.nowMs } })
      }
    }
  } as object)
}

test('a shadow of the same version writes what is in the log: ids, times, timers and all', async t => {
  const { driver, kafka } = await recorded(t)
  const before = driver.broker.entries(totals.name, 0).length
  t.match(await runShadow({ ...options, kafka, node: counter() }), { inputs: 6, outputs: 5, same: 5, differences: [], deadLetters: 1 })
  t.equal(driver.broker.entries(totals.name, 0).length, before, 'nothing is written')
})

test('a shadow of another version tells every output that would be another one', async t => {
  const { kafka } = await recorded(t)
  const { same, differences } = await runShadow({ ...options, kafka, node: counting((total, amount) => total + amount + (amount === 3 ? 1 : 0)) })
  t.equal(same, 2)
  t.match(differences, [
    { topic: 'totals', key: 'a', kind: 'changed', recorded: { total: 5 }, shadow: { total: 6 } },
    { kind: 'changed', recorded: { total: 9 }, shadow: { total: 10 } },
    { kind: 'changed', recorded: { total: 10 }, shadow: { total: 11 } }
  ])
})

test('a shadow tells what would be missing, unless others write the topic, too', async t => {
  const { kafka } = await recorded(t)
  const node = counter({ onTimer: () => {} } as object)
  t.match((await runShadow({ ...options, kafka, node })).differences, [{ kind: 'only in the log', recorded: { type: 'Reminded' } }])
  t.match((await runShadow({ ...options, kafka, node, shared: new Set(['totals']) })).differences, [])
})

test('there is no shadow of a log whose beginning is gone', async t => {
  const { driver, kafka } = await recorded(t)
  driver.broker.log(commands.name, 0).deleteBefore(1n)
  await t.rejects(runShadow({ ...options, kafka, node: counter() }), { code: 'OPS_SHADOW_IMPOSSIBLE', message: /commands-0 is gone/ })
})

test('a shadow whose outputs differ in their instants only tells no difference, and how many they are', async t => {
  const { kafka } = await recorded(t)
  const { handlers } = counter()
  const later = counter({
    handlers: {
      ...handlers,
      Add: (context: ProcessorContext, { amount }: Add, { key }: { readonly key: string }) => {
        const total = (context.store(counts).get(key) ?? 0) + amount
        context.store(counts).put(key, total)
        context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total, atMs: context.nowMs + 120 } })
      }
    }
  } as object)
  t.match(await runShadow({ ...options, kafka, node: later }), { outputs: 5, same: 1, shifted: 4, differences: [] })
})
