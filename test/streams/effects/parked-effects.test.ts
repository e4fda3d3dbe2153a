import fc from 'fast-check'
import { type Test, test } from 'tap'
import { defineProcessor, type EffectDef, type EffectOutcome, jsonSerde, type ProcessorDef } from '../../../streams/index.ts'
import { decodeEffect, encodeEffect } from '../../../streams/effects/row.ts'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { type Command, commands, type Total, totals } from '../runtime/counting.ts'

interface Charge { readonly amount: number }

/** A provider that answers when it is told, and a finish that can be broken. */
class Till {
  readonly calls: string[] = []
  isBroken = false
  answer: Promise<EffectOutcome> = Promise.resolve({ kind: 'succeeded', result: 1 })

  get processor (): ProcessorDef {
    const charge: EffectDef<Charge> = {
      name: 'charge',
      request: jsonSerde<Charge>(),
      keyLifeMs: 86_400_000,
      policy: 'at-most-once',
      call: async ({ idempotencyKey }) => {
        this.calls.push(idempotencyKey)
        return await this.answer
      },
      finish: (context, { key, request }, { kind }) => {
        context.emit(totals, { key, value: { type: 'Total', id: `${kind} ${context.nextId()}`, total: request.amount, atMs: 0 } })
        if (this.isBroken) throw new Error('the finish is broken')
      }
    }
    return defineProcessor<Command>({
      name: 'till',
      inputs: [commands],
      outputs: [totals],
      effects: [charge],
      parking: 'key',
      handlers: {
        Add: (context, { amount }, { key }) => { context.startEffect(charge, { key, idempotencyKey: `key-${amount}`, request: { amount } }) },
        Remind: (context, { afterMs }, { key }) => {
          context.emit(totals, { key, value: { type: 'Total', id: `open: ${context.isEffectOpen(charge, key)}`, total: afterMs, atMs: 0 } })
        },
        Fail: (_context, { message }) => { throw new Error(message) }
      }
    })
  }

  async start (t: Test) {
    const driver = await createTestDriver({ nodes: [this.processor] })
    t.teardown(async () => { await driver.close() })
    return {
      driver,
      send: async (command: Command) => {
        await driver.pipe(commands, 'k', command)
        await driver.run()
      },
      told: async () => (await driver.read(totals)).map(({ value }) => `${(value as Total).id.split(' ').slice(0, 2).join(' ').replace(/ [0-9a-f]{8}-.*/, '')} ${(value as Total).total}`)
    }
  }
}

test('an effect whose finish fails is a dead letter, keeps its row, and parks its key', async t => {
  const till = new Till()
  const { driver, send, told } = await till.start(t)
  till.isBroken = true
  await send({ type: 'Add', amount: 5 })
  await send({ type: 'Remind', afterMs: 7 })
  t.match(await driver.deadLetters(), [{ reason: 'STR_HANDLER_FAILED', kind: 'effect', key: Buffer.from('e/charge/k'), parked: 'k', attempts: 1 }])
  t.same(await told(), [], 'nothing of the finish, and the record behind it waits')
  t.match(driver.status()[0]?.parked, { keys: 1, dead: 1, waiting: 1 })
  await driver.advance(3_600_000)
  t.same(till.calls, ['key-5'], 'nobody calls it meanwhile')
  await driver.restart()
  await driver.advance(60_000)
  t.same(till.calls, ['key-5'], 'not even after a restart')
})

test('an effect that is redriven is called again under the same key, finishes, and what waits goes on', async t => {
  const till = new Till()
  const { driver, send, told } = await till.start(t)
  till.isBroken = true
  await send({ type: 'Add', amount: 5 })
  await send({ type: 'Remind', afterMs: 7 })
  await driver.redrive('till', { key: 'k' })
  t.match((await driver.deadLetters()).map(({ attempts }) => attempts), [1, 2], 'still broken: one attempt more')
  till.isBroken = false
  await driver.restart()
  await driver.redrive('till', { key: 'k' })
  t.same(till.calls, ['key-5', 'key-5', 'key-5'])
  const all = await told()
  t.same(all.filter(each => each.startsWith('succeeded')), ['succeeded 5'])
  t.match(driver.status()[0], { parked: { keys: 0 }, openEffects: 0 })
})

test('an effect that is redriven after its key has been forgotten is not called, but left to a person', async t => {
  const till = new Till()
  const { driver, send, told } = await till.start(t)
  till.isBroken = true
  await send({ type: 'Add', amount: 5 })
  till.isBroken = false
  await driver.advance(2 * 86_400_000)
  await driver.redrive('till', { key: 'k' })
  t.same(till.calls, ['key-5'])
  t.same(await told(), ['unknown 5'])
})

test('an effect that is discarded is over', async t => {
  const till = new Till()
  const { driver, send, told } = await till.start(t)
  till.isBroken = true
  await send({ type: 'Add', amount: 5 })
  await send({ type: 'Remind', afterMs: 7 })
  await driver.discard('till', { key: 'k' })
  t.same(await told(), ['open: false 7'])
  t.equal((await driver.deadLetters()).length, 1)
  till.isBroken = false
  await send({ type: 'Add', amount: 6 })
  t.same(await told(), ['succeeded 6'])
})

test('the outcome of an effect is finished when it comes, also while its key is parked', async t => {
  const till = new Till()
  const answer = Promise.withResolvers<EffectOutcome>()
  till.answer = answer.promise
  const { driver, send, told } = await till.start(t)
  await send({ type: 'Remind', afterMs: 0 })
  await driver.pipe(commands, 'k', { type: 'Add', amount: 5 })
  for (let n = 0; n < 20; n++) await new Promise(resolve => setImmediate(resolve))
  await driver.pipe(commands, 'k', { type: 'Fail', message: 'no' })
  for (let n = 0; n < 20; n++) await new Promise(resolve => setImmediate(resolve))
  t.match(driver.status()[0], { parked: { keys: 1 }, openEffects: 1 })
  answer.resolve({ kind: 'succeeded', result: 1 })
  t.same(await told(), ['open: false 0', 'succeeded 5'])
  t.match(driver.status()[0], { parked: { keys: 1 }, openEffects: 0 })
})

test('an effect whose finish fails while its key is parked waits behind what is there', async t => {
  const till = new Till()
  const answer = Promise.withResolvers<EffectOutcome>()
  till.answer = answer.promise
  const { driver, send, told } = await till.start(t)
  const turns = async (): Promise<void> => { for (let n = 0; n < 20; n++) await new Promise(resolve => setImmediate(resolve)) }
  await driver.pipe(commands, 'k', { type: 'Add', amount: 5 })
  await turns()
  await driver.pipe(commands, 'k', { type: 'Fail', message: 'no' })
  await driver.pipe(commands, 'k', { type: 'Remind', afterMs: 7 })
  await turns()
  till.isBroken = true
  answer.resolve({ kind: 'succeeded', result: 1 })
  await driver.run()
  t.match((await driver.deadLetters()).map(({ kind, parked }) => [kind, parked]), [['record', 'k'], ['effect', 'k']])
  t.match(driver.status()[0]?.parked, { keys: 1, dead: 1, waiting: 2 })
  till.isBroken = false
  await driver.discard('till', { key: 'k' })
  t.same(await told(), ['open: true 7', 'succeeded 5'])
  await send({ type: 'Remind', afterMs: 8 })
  t.same(await told(), ['open: false 8'])
})

test('the row of an effect reads back as it was written, failed or not, and one of another version is refused', async t => {
  const row = fc.record({
    idempotencyKey: fc.string({ unit: 'grapheme' }),
    acceptedAtMs: fc.integer(),
    request: fc.uint8Array().map(bytes => Buffer.from(bytes)),
    failures: fc.nat(0xffff),
    isStopped: fc.boolean()
  })
  fc.assert(fc.property(row, given => {
    const read = decodeEffect(encodeEffect(given))
    const isStopped = given.failures > 0 && given.isStopped
    return read.request.equals(given.request) && JSON.stringify({ ...read, request: 0 }) === JSON.stringify({
      acceptedAtMs: given.acceptedAtMs, idempotencyKey: given.idempotencyKey, request: 0, failures: given.failures, isStopped
    })
  }))
  for (const bytes of [Buffer.of(9), Buffer.of(1, 0), Buffer.of(2, 0), Buffer.alloc(0)]) t.throws(() => decodeEffect(bytes), { code: 'STR_CHANGELOG_UNREADABLE' })
})
