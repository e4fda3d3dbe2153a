import { test } from 'tap'
import { NO_HEADERS, defineTopic, jsonSerde } from '#streams'
import { createManualClock, createMemoryBroker } from '#streams/testing'
import { openEventFeed } from '../../../ops/play/event-feed.ts'
import { openRun } from '../../../ops/play/run-record.ts'

interface Note { readonly type: 'Note', readonly text: string }
const notes = defineTopic<Note>({ name: 'notes', partitions: 2, cleanup: { policy: 'keep' }, keyName: 'id', value: jsonSerde<Note>() })

function log () {
  const broker = createMemoryBroker({ clock: createManualClock() })
  broker.createTopic({ name: 'notes', partitions: 2, replicas: 1, config: {} })
  const kafka = broker.client()
  const write = async (partition: number, value: Buffer): Promise<void> => {
    await kafka.producer().send([{ topic: 'notes', partition, key: Buffer.from('k'), value, headers: NO_HEADERS }])
  }
  return { broker, kafka, write, note: (text: string) => notes.value.encode({ type: 'Note', text }) }
}

test('a run begins at the end of its topics, and a later process of the run counts from the same place', async t => {
  const { broker, kafka, write, note } = log()
  t.teardown(async () => { await broker.close() })
  await write(0, note('before'))
  const options = { dataDir: t.testdir(), runId: 'r1', source: 'test', kafka, topics: [notes], nowMs: 5 }
  const first = await openRun(options)
  t.same([...first.from], [['notes-0', 1n], ['notes-1', 0n]])
  await write(0, note('after'))
  t.same(await openRun({ ...options, nowMs: 9 }), first, 'the record is kept')
  t.same((await openRun({ ...options, runId: 'r2' })).from.get('notes-0'), 2n, 'another run has its own')
  t.same((await openRun({ ...options, dataDir: null })).from.get('notes-0'), 2n, 'without a folder nothing is kept')
})

test('a feed hands over what is there and what comes, in order, and passes over what does not decode', async t => {
  const { broker, kafka, write, note } = log()
  t.teardown(async () => { await broker.close() })
  await write(0, note('a'))
  await write(0, Buffer.from('not json'))
  await write(0, note('b'))
  const seen: string[] = []
  const feed = await openEventFeed({
    kafka, topic: notes, from: new Map([['notes-1', 0n]]), onValue: value => { seen.push(value.text) }, onFailure: error => { t.error(error) }
  })
  await feed.caughtUp()
  t.same(seen, ['a', 'b'])
  await write(1, note('c'))
  await feed.caughtUp()
  t.same(seen, ['a', 'b', 'c'])
  await feed.close()
  await write(1, note('d'))
  t.same(seen, ['a', 'b', 'c'], 'nothing after the end')
})
