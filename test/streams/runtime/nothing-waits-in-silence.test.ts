import { test, type Test } from 'tap'
import { type ChannelPayloads, listen, type Logger, silentLogger } from '../../../streams/index.ts'
import { type Kafka } from '../../../streams/kafka/port.ts'
import { describeHeld, HeldPartitions, type HeldPartitionsOptions } from '../../../streams/runtime/held-partitions.ts'
import { createManualClock, createMemoryBroker, type ManualClock, type MemoryBroker } from '../../../streams/testing/index.ts'
import { createApps, running, settle } from './apps.ts'

const R10 = 'R10 an open transaction that holds readers back is reported'

interface Line { readonly message: string, readonly details: Record<string, unknown> }

function logger (): { lines: Line[], logger: Logger } {
  const lines: Line[] = []
  const note = (details: object, message: string): void => { lines.push({ message, details: details as Record<string, unknown> }) }
  return { lines, logger: { ...silentLogger, warn: note, info: note } }
}

interface Watched {
  readonly clock: ManualClock
  readonly broker: MemoryBroker
  readonly lines: Line[]
  readonly told: Array<ChannelPayloads['streams:partition:held']>
  readonly held: HeldPartitions
  /** Opens a transaction of that id with one record in the partition; the returned function ends it. */
  open (transactionalId: string, partition?: number): () => void
  /** Moves the clock on and looks. */
  look (afterMs: number, partitions?: readonly number[]): Promise<void>
}

function watched (t: Test, kafka: (client: Kafka) => HeldPartitionsOptions['kafka'] = client => client): Watched {
  const clock = createManualClock(1_000_000)
  const broker = createMemoryBroker({ clock })
  broker.createTopic({ name: 'in', partitions: 3, replicas: 1, config: {} })
  const { lines, logger: log } = logger()
  const told: Watched['told'] = []
  t.teardown(listen('streams:partition:held', held => { told.push(held) }))
  const held = new HeldPartitions({ kafka: kafka(broker.client()), clock, logger: log, afterMs: 30_000 })
  return { clock, broker, lines, told, held, open: (id, partition = 0) => openTransaction(broker, id, 'in', partition), look }

  async function look (afterMs: number, partitions: readonly number[] = [0, 1, 2]): Promise<void> {
    await clock.advance(afterMs)
    await held.look(partitions.map(partition => ({ topic: 'in', partition })))
  }
}

function openTransaction (broker: MemoryBroker, id: string, topic: string, partition: number): () => void {
  const identity = broker.transactions.initProducer(id, 900_000)
  const log = broker.log(topic, partition)
  broker.transactions.addPartitions(identity, [log])
  log.appendTransactional([{ key: null, value: Buffer.from('open'), headers: [] }], identity.producerId, identity.epoch, broker.clock.now())
  return () => { broker.transactions.endTransaction(identity, 'commit') }
}

test(`${R10} with its producer once it is older than is normal, and once only`, async t => {
  const w = watched(t)
  w.broker.log('in', 0).append([{ key: null, value: null, headers: [] }], 1)
  const end = w.open('foreign')
  await w.look(0)
  await w.look(29_000)
  t.same(w.held.held, [], 'a transaction of half a minute is nothing to talk about')
  await w.look(1_000)
  t.match(w.held.held, [{ topic: 'in', partition: 0, offset: 1n, heldMs: 30_000, holders: [{ producerId: 1000n, transactionalId: 'foreign', firstOffset: 1n }] }])
  await w.look(5_000)
  t.same(w.lines.map(({ message }) => message), ['partition is held back by an open transaction: its readers wait'])
  t.match(w.lines[0]?.details, { topic: 'in', partition: 0, offset: '1', producers: ['1000 (transactional id foreign)'] })
  end()
  await w.look(5_000)
  t.same(w.held.held, [])
  t.same(w.told.map(({ heldMs }) => heldMs), [30_000, 35_000, 0], 'a gauge falls back to 0')
  t.match(w.lines.at(-1)?.message, 'no longer held back')
})

test(`${R10} only when it is the same one all the time: busy partitions are never`, async t => {
  const w = watched(t)
  for (let round = 0; round < 20; round++) {
    const end = w.open('busy')
    await w.look(5_000)
    end()
  }
  t.same([w.held.held, w.lines, w.told], [[], [], []])
})

test(`${R10} again when another one follows it`, async t => {
  const w = watched(t)
  const end = w.open('first')
  w.open('second')
  await w.look(0)
  await w.look(30_000)
  t.match(w.held.held[0]?.holders, [{ transactionalId: 'first' }, { transactionalId: 'second' }], 'oldest first')
  end()
  await w.look(5_000)
  t.same(w.held.held, [], 'the next one has its time, too')
  await w.look(30_000)
  t.match(w.held.held, [{ offset: 1n, holders: [{ transactionalId: 'second' }] }])
})

test(`${R10} no more when the partition belongs to another process now`, async t => {
  const w = watched(t)
  w.open('one', 0)
  w.open('two', 1)
  await w.look(0)
  await w.look(30_000)
  t.equal(w.held.held.length, 2)
  await w.look(1_000, [1])
  t.match(w.held.held, [{ partition: 1 }])
  await w.look(1_000, [])
  t.same(w.held.held, [])
})

test(`${R10} after as long when the broker was away in between`, async t => {
  const w = watched(t)
  w.open('foreign')
  await w.look(0)
  w.broker.faults.fail({ api: 'listOffsets' }, { phase: 'request', times: 2 })
  await t.rejects(w.look(10_000), { code: 'STR_BROKER_UNAVAILABLE' })
  await t.rejects(w.look(10_000), { code: 'STR_BROKER_UNAVAILABLE' })
  await w.look(10_000)
  t.match(w.held.held, [{ heldMs: 30_000 }])
})

test(`${R10} without a name when the broker cannot tell whose it is`, async t => {
  for (const transactionHolders of [async () => undefined, async () => { throw new Error('refused') }]) {
    const w = watched(t, client => ({ endOffsets: client.endOffsets.bind(client), highWatermarks: client.highWatermarks.bind(client), transactionHolders }))
    w.open('foreign')
    await w.look(0)
    await w.look(30_000)
    t.match(w.held.held, [{ offset: 0n, holders: undefined }])
    t.match(w.held.held.map(describeHeld), [/^in-0 has been held back at offset 0 for 30 s by an open transaction; the broker does not tell whose: /])
  }
})

test(`${R10} in the health of the process, which stays healthy, and its input goes on when the transaction ends`, async t => {
  const w = await createApps(t)
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  const end = openTransaction(w.broker, 'import-job', 'commands', 2)
  await w.send(8)
  await settle(w)
  const before = w.committedTotals()
  for (let round = 0; round < 8; round++) {
    await w.clock.advance(5_000)
    await settle(w)
  }
  t.match(streams.health(), { healthy: true, reasons: [] })
  t.match(streams.health().warnings, [/^commands-2 has been held back at offset 0 for \d+ s by the open transaction of producer \d+ \(transactional id import-job\): /])
  t.equal(w.committedTotals(), before, 'what lies behind it is not read')
  end()
  await w.clock.advance(5_000)
  await settle(w)
  t.same(streams.health().warnings, [])
  t.ok(w.committedTotals() > before)
})

test(`${R10} when it holds back the changelog of a task that is being restored`, async t => {
  const w = await createApps(t)
  openTransaction(w.broker, 'no-friend', 'app-counter-changelog', 1)
  const streams = w.make('one')
  await streams.start()
  await settle(w)
  t.same(running(streams), ['counter-0', 'counter-2', 'counter-3'])
  for (let round = 0; round < 8; round++) {
    await w.clock.advance(5_000)
    await settle(w)
  }
  t.match(streams.health().warnings, [/^counter-1 has been acquiring for \d+ s: /, /^app-counter-changelog-1 has been held back .* \(transactional id no-friend\)/])
})

test('a task that acquires for long is reported, once, until it runs', async t => {
  const w = await createApps(t)
  const { lines, logger: log } = logger()
  const held = w.broker.faults.hold({ api: 'initProducerId', transactionalId: 'app.counter.3' }, { phase: 'answer' })
  const streams = w.make('one', { logger: { ...log, child: () => silentLogger } })
  await streams.start()
  await settle(w)
  for (let round = 0; round < 10; round++) {
    await w.clock.advance(5_000)
    await settle(w)
  }
  t.match(streams.health().warnings, [/^counter-3 has been acquiring for 5\d s: /])
  t.match(lines.filter(({ message }) => message.includes('acquiring')), [{ details: { task: 'counter-3', seconds: 30 } }])
  held.release()
  await settle(w)
  t.same(streams.health().warnings, [])
  t.equal(running(streams).length, 4)
})
