import { test, type Test } from 'tap'
import { createManualClock, createMemoryBroker, type MemoryClient } from '../../../streams/testing/index.ts'
import { encodeProgress, PROGRESS_KEY, writeOwnership } from '../../../streams/state/changelog.ts'
import { replay } from '../../../streams/state/restore.ts'
import { type TransactionUnit } from '../../../streams/kafka/port.ts'
import { type MemoryBroker } from '../../../streams/kafka/memory/index.ts'

const at = { topic: 'log', partition: 0 }

async function log (t: Test): Promise<{ broker: MemoryBroker, kafka: MemoryClient, unit: TransactionUnit }> {
  const broker = createMemoryBroker({ clock: createManualClock() })
  t.teardown(async () => { await broker.close() })
  broker.createTopic({ name: 'log', partitions: 1, replicas: 1, config: {} })
  const kafka = broker.client()
  const unit = kafka.openTransactions({ transactionalId: 'owner' })
  await unit.init()
  return { broker, kafka, unit }
}

async function put (unit: TransactionUnit, ...keys: string[]): Promise<void> {
  await unit.commit(keys.map(key => ({ ...at, key: Buffer.from(key), value: Buffer.from('v'), headers: [] })))
}

async function own (unit: TransactionUnit, incarnation: string): Promise<bigint> {
  return (await writeOwnership(unit, at, { incarnation, instance: 'test', timeMs: 0 })).token
}

test('a replay sees every committed record up to the own ownership record, in order, and no further', async t => {
  const { kafka, unit } = await log(t)
  await put(unit, 'a', 'b')
  const until = await own(unit, 'me')
  await put(unit, 'c')
  const seen: string[] = []
  const { records } = await replay({ kafka, ...at, from: 0n, until, incarnation: 'me', onRecord: record => { seen.push(record.key?.toString() ?? '') } })
  t.same(seen, ['a', 'b', 'owner'])
  t.equal(records, 3)
})

test('a replay starts where it is told', async t => {
  const { kafka, unit } = await log(t)
  await put(unit, 'a', 'b')
  const until = await own(unit, 'me')
  const seen: bigint[] = []
  await replay({ kafka, ...at, from: 1n, until, incarnation: 'me', onRecord: record => { seen.push(record.offset) } })
  t.same(seen, [1n, until])
})

test('a replay ends when the tail of the log is aborted, markers and nothing else', async t => {
  const { broker, kafka, unit } = await log(t)
  await put(unit, 'a')
  const other = kafka.openTransactions({ transactionalId: 'other' })
  await other.init()
  broker.faults.fail({ api: 'endTxn', transactionalId: 'other' }, { phase: 'request' })
  await put(other, 'never').catch(() => {})
  await other.init()
  const until = await own(unit, 'me')
  const seen: string[] = []
  await replay({ kafka, ...at, from: 0n, until, incarnation: 'me', onRecord: record => { seen.push(record.key?.toString() ?? '') } })
  t.same(seen, ['a', 'owner'])
})

test('a replay ends at once when its record is all there is left after compaction', async t => {
  const { broker, kafka, unit } = await log(t)
  for (let n = 0; n < 5; n++) await put(unit, 'a')
  const until = await own(unit, 'me')
  broker.compact('log')
  const { records } = await replay({ kafka, ...at, from: 0n, until, incarnation: 'me', onRecord: () => {} })
  t.equal(records, 2)
})

test('a replay that meets a later ownership record is told that it is fenced', async t => {
  const { kafka, unit } = await log(t)
  const until = await own(unit, 'me')
  await own(unit, 'somebody newer')
  await t.rejects(replay({ kafka, ...at, from: 0n, until, incarnation: 'me', onRecord: () => {} }), { code: 'STR_TXN_FENCED' })
})

test('a replay does not believe a record of another incarnation at its end', async t => {
  const { kafka, unit } = await log(t)
  const until = await own(unit, 'somebody')
  await t.rejects(replay({ kafka, ...at, from: 0n, until, incarnation: 'me', onRecord: () => {} }), { code: 'STR_TXN_UNKNOWN' })
})

test('a replay fails where the log does not begin so early', async t => {
  const { broker, kafka, unit } = await log(t)
  await put(unit, 'a', 'b', 'c')
  const until = await own(unit, 'me')
  broker.deleteRecords('log', 0, 2n)
  await t.rejects(replay({ kafka, ...at, from: 0n, until, incarnation: 'me', onRecord: () => {} }), { code: 'STR_OFFSET_OUT_OF_RANGE' })
})

test('a replay ends with the signal, also while it waits', async t => {
  const { kafka } = await log(t)
  const ended = new AbortController()
  const waiting = replay({ kafka, ...at, from: 0n, until: 100n, incarnation: 'me', onRecord: () => {}, signal: ended.signal })
  ended.abort(new Error('closing'))
  await t.rejects(waiting, { message: 'closing' })
})

test('a replay waits for each batch to be written', async t => {
  const { kafka, unit } = await log(t)
  await put(unit, 'a', 'b', 'c')
  await unit.commit([{ ...at, key: PROGRESS_KEY, value: encodeProgress({ sequence: 1n, contextTimeMs: 0, offsets: new Map() }), headers: [] }])
  const until = await own(unit, 'me')
  const steps: string[] = []
  await replay({
    kafka,
    ...at,
    from: 0n,
    until,
    incarnation: 'me',
    batchRecords: 2,
    onRecord: record => { steps.push(record.key?.toString() ?? '') },
    onBatch: async () => {
      await null
      steps.push('|')
    }
  })
  t.same(steps, ['a', 'b', '|', 'c', 'progress', '|', 'owner', '|'])
})
