import { partitionKey } from '../../../streams/record.ts'
import {
  type Case, commitSettled, createTopic, endOf, readAll, readyUnit, rejectsWith, takeUntil, textRecord, texts, uniqueName, watch
} from './scene.ts'

/** What a read-committed reader sees of transactions that were never committed. */
export const abortCases: Record<string, Case> = {
  'open transaction holds back the end when later ones are committed': async (t, { harness, client }) => {
    const topic = await createTopic(client)
    const unit = await readyUnit(t, client)
    await commitSettled(client, unit, [textRecord(topic, 'before')])
    const stable = await endOf(client, topic)
    const transactionalId = uniqueName('txn')
    const unfinished = await harness.openUnfinished(client, transactionalId)
    await unfinished.append([textRecord(topic, 'open')])
    await unit.commit([textRecord(topic, 'after')])
    t.equal(await endOf(client, topic), stable, 'the end is the last stable offset')
    const watched = watch(t, client, topic)
    t.same(texts(await takeUntil(watched, (_, reader) => reader.position >= stable)), ['before'])

    await unit.init() // its markers are in the log as well
    await readyUnit(t, client, transactionalId)
    const end = await endOf(client, topic)
    t.ok(end > stable, 'markers are in the log when init resolves')
    t.same(texts(await takeUntil(watched, (_, reader) => reader.position >= end)), ['after'])
  },

  'open transaction is told with its producer when somebody asks who holds a partition back': async (t, { harness, client }) => {
    const topic = await createTopic(client, 2)
    const at = (partition: number) => ({ topic, partition })
    const unit = await readyUnit(t, client)
    await commitSettled(client, unit, [textRecord(topic, 'before'), textRecord(topic, 'before', 1)])
    const [first, second] = [uniqueName('txn'), uniqueName('txn')]
    await (await harness.openUnfinished(client, first)).append([textRecord(topic, 'open')])
    await (await harness.openUnfinished(client, second)).append([textRecord(topic, 'open'), textRecord(topic, 'open')])
    const stable = await endOf(client, topic)
    const marks = await client.highWatermarks([at(0), at(1)])
    t.equal(marks.get(partitionKey(topic, 0)), stable + 3n, 'what open transactions wrote counts')
    t.equal(marks.get(partitionKey(topic, 1)), await endOf(client, topic, 1), 'where none is open both ends are the same')
    const holders = await client.transactionHolders(at(0))
    t.match(holders, [{ transactionalId: first, firstOffset: stable }, { transactionalId: second, firstOffset: stable + 1n }], 'oldest first')
    t.ok(holders?.every(({ producerId }) => producerId >= 0n))
    t.same(await client.transactionHolders(at(1)), [], 'a producer that is known there and has nothing open is none')
    await Promise.all([readyUnit(t, client, first), readyUnit(t, client, second)])
    t.same(await client.transactionHolders(at(0)), [])
    t.equal((await client.highWatermarks([at(0)])).get(partitionKey(topic, 0)), await endOf(client, topic), 'nothing hangs')
    await rejectsWith(t, client.transactionHolders({ topic: uniqueName('missing'), partition: 0 }), 'STR_TOPIC_MISSING')
  },

  'reader passes a range of only aborted records and markers when nothing else is there': async (t, { harness, client }) => {
    const topic = await createTopic(client)
    const transactionalId = uniqueName('txn')
    const unfinished = await harness.openUnfinished(client, transactionalId)
    await unfinished.append([textRecord(topic, 'a'), textRecord(topic, 'b')])
    await readyUnit(t, client, transactionalId)
    const end = await endOf(client, topic)
    t.ok(end >= 2n)
    const watched = watch(t, client, topic)
    t.same(await takeUntil(watched, (_, reader) => reader.position >= end), [])
    t.same([watched.reader.queuedRecords, watched.reader.queuedBytes], [0, 0])
  },

  'reader sees no aborted record when several aborted transactions interleave with committed ones': async (t, { harness, client }) => {
    const topic = await createTopic(client)
    const ids = [uniqueName('txn'), uniqueName('txn'), uniqueName('txn')]
    const open = await Promise.all(ids.map((id) => harness.openUnfinished(client, id)))
    const unit = await readyUnit(t, client)
    const producer = client.producer()
    const zero = { topic, partition: 0, key: Buffer.from([0, 0, 0, 0]), value: Buffer.from('aborted zero key'), headers: [] }
    for (let round = 0; round < 4; round++) {
      for (const [index, unfinished] of open.entries()) {
        await unfinished.append([textRecord(topic, `aborted ${index}:${round}`), zero, textRecord(topic, `aborted ${index}:${round} after zero`)])
      }
      await unit.commit([textRecord(topic, `committed ${round}`), { ...zero, value: Buffer.from(`zero ${round}`) }])
      await producer.send([textRecord(topic, `plain ${round}`)])
    }
    await unit.init()
    for (const id of ids.toReversed()) await readyUnit(t, client, id)
    const expected = [0, 1, 2, 3].flatMap((round) => [`committed ${round}`, `zero ${round}`, `plain ${round}`])
    const all = await readAll(t, client, topic)
    t.same(texts(all), expected)
    const end = await endOf(client, topic)
    for (let offset = 0n; offset < end; offset += 1n) {
      const rest = await readAll(t, client, topic, 0, offset)
      t.same(texts(rest), texts(all.filter((record) => record.offset >= offset)), `from offset ${offset}`)
    }
  },

  'reader sees both transactions of one id when an aborted one lies between': async (t, { harness, client }) => {
    const topic = await createTopic(client)
    const transactionalId = uniqueName('txn')
    const first = await readyUnit(t, client, transactionalId)
    await first.commit([textRecord(topic, 'one')])
    await (await harness.openUnfinished(client, transactionalId)).append([textRecord(topic, 'lost')])
    await (await harness.openUnfinished(client, transactionalId)).append([textRecord(topic, 'lost too')])
    const second = await readyUnit(t, client, transactionalId)
    await commitSettled(client, second, [textRecord(topic, 'two')])
    t.same(texts(await readAll(t, client, topic)), ['one', 'two'])
  }
}
