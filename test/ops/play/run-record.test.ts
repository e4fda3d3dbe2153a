import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'tap'
import { NO_HEADERS, defineTopic, jsonSerde } from '#streams'
import { createManualClock, createMemoryBroker } from '#streams/testing'
import { openEventFeed } from '../../../ops/play/event-feed.ts'
import { closeRun, listRuns, openRun } from '../../../ops/play/run-record.ts'

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

const run = { runId: 'r1', kind: 'generator', source: 'test', topics: [notes], nowMs: 5 } as const

test('a run begins at the end of its topics, and a later process of the run counts from the same place', async t => {
  const { broker, kafka, write, note } = log()
  t.teardown(async () => { await broker.close() })
  await write(0, note('before'))
  const options = { ...run, dataDir: t.testdir(), kafka }
  const first = await openRun(options)
  t.same([...first.from], [['notes-0', 1n], ['notes-1', 0n]])
  await write(0, note('after'))
  t.same(await openRun({ ...options, nowMs: 9 }), first, 'the record is kept')
  t.same((await openRun({ ...options, runId: 'r2' })).from.get('notes-0'), 2n, 'another run has its own')
  t.same((await openRun({ ...options, dataDir: null })).from.get('notes-0'), 2n, 'without a folder nothing is kept')
})

test('a run that was played stays so for every later process, and is begun anew in a log that does not hold it', async t => {
  const { broker, kafka, write, note } = log()
  t.teardown(async () => { await broker.close() })
  const options = { ...run, dataDir: t.testdir(), kafka }
  const record = await openRun(options)
  t.equal(record.playedAtMs, null)
  await write(0, note('played'))
  await closeRun(options.dataDir, record, 8)
  t.same(await openRun(options), { ...record, playedAtMs: 8 })
  const empty = log()
  t.teardown(async () => { await empty.broker.close() })
  t.same(await openRun({ ...options, kafka: empty.kafka, nowMs: 9 }), { ...record, startedAtMs: 9 }, 'an empty log has none of it')
  await write(0, note('more'))
  await openRun({ ...options, dataDir: options.dataDir, runId: 'r2', kafka })
  t.equal((await openRun({ ...options, runId: 'r2', kafka: empty.kafka })).from.get('notes-0'), 0n, 'a shorter log is another one')
})

test('a run is begun at the start of the log when a kill or a full disk left half of its record', async t => {
  const { broker, kafka, write, note } = log()
  t.teardown(async () => { await broker.close() })
  const dataDir = t.testdir()
  mkdirSync(join(dataDir, 'runs'))
  for (const [index, half] of ['', '{', '{"runId": "r', '{}', 'null', '[]', '{"from": 1}', '{"from": {"notes-0": "x"}}'].entries()) {
    writeFileSync(join(dataDir, 'runs', `h${index}.json`), half)
    writeFileSync(join(dataDir, 'runs', `h${index}.json.new`), half)
  }
  await write(0, note('sent before'))
  t.same(await listRuns(dataDir), [], 'none of them is a run')
  for (let index = 0; index < 8; index++) {
    const record = await openRun({ ...run, runId: `h${index}`, dataDir, kafka })
    t.equal(record.from.get('notes-0'), 0n)
    t.same(await openRun({ ...run, runId: `h${index}`, dataDir, kafka }), record, 'and is a whole one from then on')
  }
})

test('the runs of a data folder are listed with what they play, none where there is no folder', async t => {
  const { broker, kafka } = log()
  t.teardown(async () => { await broker.close() })
  const dataDir = t.testdir()
  t.same(await listRuns(dataDir), [])
  await openRun({ ...run, dataDir, kafka })
  await openRun({ ...run, runId: 'r2', kind: 'import', source: 'a file', dataDir, kafka })
  t.same((await listRuns(dataDir)).map(({ runId, kind, source }) => [runId, kind, source]).sort(), [['r1', 'generator', 'test'], ['r2', 'import', 'a file']])
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
