import { test, type Test } from 'tap'
import { NO_HEADERS } from '#streams'
import { createManualClock } from '#streams/testing'
import { lastSent } from '../../../ops/import/last-sent.ts'
import { invoiceRecord } from '../../../ops/import/invoice-record.ts'
import { noPersonal } from '../../../topology/personal.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { FeedWorld, feed, invoices, runId, whileRunning } from './feed-world.ts'

await bindMemoryCodec()

async function start (t: Test, ...args: ConstructorParameters<typeof FeedWorld>): Promise<FeedWorld> {
  const world = await new FeedWorld(...args).start()
  t.teardown(async () => { await world.close() })
  return world
}

/** Fails unless the log has every invoice once, each partition in the order of the file. */
function hasAllOnce (t: Test, world: FeedWorld, count: number): void {
  const written = world.written()
  for (const partition of written) {
    const sequences = partition.map(({ sequence }) => sequence)
    t.same(sequences, sequences.toSorted((a, b) => a - b), 'a partition is in the order of the file')
  }
  t.same(written.flat().map(({ sequence }) => sequence).sort((a, b) => a - b), Array.from({ length: count }, (_, index) => index + 1), 'every invoice is there once')
}

test('a feeder sends every invoice once, in the order of the file by customer, and ends when every order is settled', async t => {
  const world = await start(t)
  const all = invoices(300)
  const orders = await feed({ world, all })
  hasAllOnce(t, world, 300)
  const sales = all.filter(({ kind }) => kind === 'sale').length
  t.equal(orders.settled, sales)
  t.equal(orders.latencies.length, sales)
  t.equal(orders.size, 0)
})

test('a feeder never has more orders open than it may', async t => {
  for (const inFlight of [1, 7, 64, 100]) {
    const world = await start(t)
    world.isPrompt = false
    const all = invoices(400)
    await whileRunning(feed({ world, all, inFlight }), async () => {
      await new Promise(resolve => setImmediate(resolve))
      await world.confirm(3)
    })
    t.ok(world.mostOpen <= inFlight, `${world.mostOpen} of ${inFlight}`)
    hasAllOnce(t, world, 400)
  }
})

test('a feeder goes on where the log ends, wherever the one before it was killed', async t => {
  for (const killAfter of [0, 1, 3, 10, 17]) {
    const world = await start(t)
    world.isPrompt = false
    const all = invoices(250)
    const killed = new AbortController()
    const first = world.broker.client('killed')
    // What it waits for is never answered once it is killed.
    feed({ world, all, inFlight: 30, signal: killed.signal, kafka: first }).catch(() => {})
    for (let turns = 0; turns < killAfter; turns++) {
      await new Promise(resolve => setTimeout(resolve, 2))
      await world.confirm(2)
    }
    first.crash()
    killed.abort(new Error('killed'))
    const before = world.written().flat().length
    world.isPrompt = true
    await world.confirm(5)
    await whileRunning(feed({ world, all, inFlight: 30 }), async () => {
      await new Promise(resolve => setTimeout(resolve, 2))
      await world.confirm(1)
    })
    hasAllOnce(t, world, 250)
    t.ok(world.mostOpen <= 30, `${world.mostOpen} open; ${before} had been sent`)
    t.equal(world.open.length, 0)
  }
})

test('a feeder sends nothing when everything is in the log and settled', async t => {
  const world = await start(t)
  const all = invoices(80)
  await feed({ world, all })
  const orders = await feed({ world, all })
  hasAllOnce(t, world, 80)
  t.equal(orders.settled, 0)
})

test('a feeder sends again what the log no longer has, and waits for no order that is settled', async t => {
  const world = await start(t)
  const all = invoices(40)
  await feed({ world, all })
  const other = await start(t)
  for (const orderId of world.confirmed) other.confirmed.add(orderId)
  other.isPrompt = false
  const orders = await feed({ world: other, all })
  hasAllOnce(t, other, 40)
  t.equal(orders.settled, 0)
})

test('a feeder asks the state about orders whose events it missed, once nothing moves', async t => {
  const clock = createManualClock(1_000_000)
  const world = await start(t, clock)
  world.isPrompt = false
  const all = invoices(10)
  const feeding = feed({ world, all, clock })
  while (world.open.length < 7) await clock.advance(20)
  for (const orderId of world.open) world.confirmed.add(orderId)
  const atMs = clock.now()
  const orders = await whileRunning(feeding, async () => await clock.advance(100))
  t.equal(orders.settled, world.open.length)
  t.ok(clock.now() - atMs >= 5000, 'it asks only when nothing has moved for a while')
})

test('a feeder gives up when no order moves, and names those that are open', async t => {
  const clock = createManualClock(1_000_000)
  const world = await start(t, clock)
  world.isPrompt = false
  const feeding = whileRunning(feed({ world, all: invoices(10), clock, stallMs: 60_000 }), async () => await clock.advance(500))
  await t.rejects(feeding, { code: 'OPS_RUN_STALLED', message: /7 orders are open/ })
})

test('a feeder keeps the pace of the file when it has a speed', async t => {
  const clock = createManualClock(1_000_000)
  const world = await start(t, clock)
  const startedAtMs = clock.now()
  await whileRunning(feed({ world, all: invoices(10), clock, speed: 60 }), async () => await clock.advance(50))
  t.ok(clock.now() - startedAtMs >= 9000, 'nine minutes of the file are nine seconds')
  t.ok(clock.now() - startedAtMs < 11_000)
})

test('how far an import was sent is told by the log, for its own run only', async t => {
  const world = await start(t)
  const { partitions, name } = topics.imports.invoices
  t.same(await lastSent(world.kafka, runId), Array.from({ length: partitions }, () => 0))
  await feed({ world, all: invoices(60) })
  const newest = world.written().map(partition => partition.at(-1)?.sequence ?? 0)
  t.same(await lastSent(world.kafka, runId), newest)
  t.ok(newest.includes(60))
  t.same(await lastSent(world.kafka, 'another'), Array.from({ length: partitions }, () => 0))
  await world.kafka.producer().send([{ topic: name, partition: 0, key: Buffer.from('k'), value: null, headers: NO_HEADERS }])
  t.equal((await lastSent(world.kafka, runId))[0], 0, 'a record that is none')
})

test('an invoice is sent under its customer, or its number when it is a guest\'s, with no personal data', t => {
  const [guest, sale] = invoices(2)
  if (guest === undefined || sale === undefined) throw new Error('two are made')
  const record = invoiceRecord(sale, runId, 5)
  t.equal(String(record.key), '1')
  const value = topics.imports.invoices.value.decode(record.value as Buffer)
  t.match(value, {
    runId,
    sequence: 2,
    invoiceNo: '101',
    kind: 'sale',
    customerId: '1',
    currency: 'GBP',
    country: 'France',
    meta: { issuedAt: 5 },
    lines: [{ lineNo: 1, sku: '85123A', stocked: true, quantity: 2, unitPrice: 10_000n }]
  })
  t.same(value.shippingAddress, noPersonal)
  t.equal(String(invoiceRecord(guest, runId, 5).key), '100')
  const again = topics.imports.invoices.value.decode(invoiceRecord(sale, runId, 9).value as Buffer)
  t.same({ ...again, meta: value.meta }, value, 'sent again it is the same')
  t.equal(again.meta.commandId, value.meta.commandId)
  t.end()
})
