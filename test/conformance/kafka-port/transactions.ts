import { partitionKey } from '../../../streams/record.ts'
import { type Case, commitSettled, createTopic, endOf, offsetsOf, readAll, readyUnit, rejectsWith, textRecord, texts, uniqueName } from './scene.ts'

/** The transaction unit: atomicity, its state table, fencing, size limits. */
export const transactionCases: Record<string, Case> = {
  'commit answers first and last offset of each partition when it resolves': async (t, { client }) => {
    const topic = await createTopic(client, 2)
    const unit = await readyUnit(t, client)
    const one = await unit.commit([textRecord(topic, 'a'), textRecord(topic, 'b', 1), textRecord(topic, 'c')])
    t.same([offsetsOf(one, topic, 0), offsetsOf(one, topic, 1)], [{ first: 0n, last: 1n }, { first: 0n, last: 0n }])
    t.ok(Math.abs(one.brokerTimeMs - Date.now()) < 86_400_000, 'the time of the broker in epoch ms')
    const two = await commitSettled(client, unit, [textRecord(topic, 'd')])
    t.ok(offsetsOf(two, topic).first > 1n, 'a marker may take an offset')
    t.notOk(two.offsets.has(partitionKey(topic, 1)))
    t.same(texts(await readAll(t, client, topic)), ['a', 'c', 'd'])
    t.same(texts(await readAll(t, client, topic, 1)), ['b'])
  },

  'commit shows a transaction over several topics as a whole when many follow each other': async (t, { client }) => {
    const [left, right] = [await createTopic(client), await createTopic(client)]
    const unit = await readyUnit(t, client)
    for (let round = 0; round < 29; round++) await unit.commit([textRecord(left, `l${round}`), textRecord(right, `r${round}`)])
    await commitSettled(client, unit, [textRecord(left, 'l29'), textRecord(right, 'r29')])
    t.same(texts(await readAll(t, client, left)), Array.from({ length: 30 }, (_, round) => `l${round}`))
    t.same(texts(await readAll(t, client, right)), Array.from({ length: 30 }, (_, round) => `r${round}`))
    t.equal((await client.startOffsets([{ topic: left, partition: 0 }])).get(partitionKey(left, 0)), 0n)
  },

  'commits of several units go on side by side when they share partitions': async (t, { client }) => {
    const topic = await createTopic(client)
    const units = await Promise.all(Array.from({ length: 5 }, () => readyUnit(t, client)))
    await Promise.all(units.map(async (unit, index) => {
      for (let round = 0; round < 10; round++) await unit.commit([textRecord(topic, `${index}:${round}`)])
      await unit.init() // waits for its markers
    }))
    const seen = texts(await readAll(t, client, topic))
    t.equal(seen.length, 50)
    for (let index = 0; index < 5; index++) {
      t.same(seen.filter((value) => value.startsWith(`${index}:`)), Array.from({ length: 10 }, (_, round) => `${index}:${round}`))
    }
  },

  'unit refuses calls when they are outside its state table': async (t, { client }) => {
    const topic = await createTopic(client)
    const unit = client.openTransactions({ transactionalId: uniqueName('txn') })
    await rejectsWith(t, unit.commit([textRecord(topic, 'early')]), 'STR_TXN_ILLEGAL_STATE')
    await unit.init()
    await rejectsWith(t, unit.commit([]), 'STR_TXN_ILLEGAL_STATE')
    const running = commitSettled(client, unit, [textRecord(topic, 'one')])
    await rejectsWith(t, unit.commit([textRecord(topic, 'beside')]), 'STR_TXN_ILLEGAL_STATE')
    await running
    unit.close()
    await rejectsWith(t, unit.commit([textRecord(topic, 'late')]), 'STR_CLOSED')
    await rejectsWith(t, unit.init(), 'STR_CLOSED')
    t.same(texts(await readAll(t, client, topic)), ['one'])
  },

  'unit is fenced when another one of its id was initialised': async (t, { harness, client }) => {
    const topic = await createTopic(client)
    const transactionalId = uniqueName('txn')
    const old = await readyUnit(t, client, transactionalId)
    await old.commit([textRecord(topic, 'old')])
    const other = await harness.connect('other-owner')
    t.teardown(() => other.close())
    const owner = await readyUnit(t, other, transactionalId)
    await rejectsWith(t, old.commit([textRecord(topic, 'zombie')]), 'STR_TXN_FENCED')
    await rejectsWith(t, old.commit([textRecord(topic, 'zombie again')]), 'STR_TXN_ILLEGAL_STATE')
    await commitSettled(client, owner, [textRecord(topic, 'new')])
    t.same(texts(await readAll(t, client, topic)), ['old', 'new'])
  },

  'units of one id take turns when each initialises after it was fenced': async (t, { client }) => {
    const topic = await createTopic(client)
    const transactionalId = uniqueName('txn')
    const [first, second] = [await readyUnit(t, client, transactionalId), await readyUnit(t, client, transactionalId)]
    for (let turn = 0; turn < 3; turn++) {
      await first.init()
      await first.commit([textRecord(topic, `first ${turn}`)])
      await rejectsWith(t, second.commit([textRecord(topic, 'fenced')]), 'STR_TXN_FENCED')
      await second.init()
      await commitSettled(client, second, [textRecord(topic, `second ${turn}`)])
    }
    t.same(texts(await readAll(t, client, topic)), [0, 1, 2].flatMap((turn) => [`first ${turn}`, `second ${turn}`]))
  },

  'init ends at once when its signal is aborted': async (t, { client }) => {
    const unit = client.openTransactions({ transactionalId: uniqueName('txn') })
    t.teardown(() => unit.close())
    await t.rejects(unit.init(AbortSignal.abort(new Error('stopped by test'))), { message: 'stopped by test' })
    await unit.init()
  },

  'commit splits by bytes when the transaction is larger than one batch may be': async (t, { client }) => {
    const topic = await createTopic(client, 2, { 'max.message.bytes': '20000' })
    const unit = await readyUnit(t, client)
    const filler = 'x'.repeat(500)
    const result = await unit.commit(Array.from({ length: 400 }, (_, index) => textRecord(topic, `${index}:${filler}`, index % 2)))
    t.same(offsetsOf(result, topic, 1), { first: 0n, last: 199n })
    await commitSettled(client, unit, [textRecord(topic, `400:${filler}`)])
    const seen = (await readAll(t, client, topic)).map((record) => Number(String(record.value).split(':')[0]))
    t.same(seen, Array.from({ length: 201 }, (_, index) => index * 2))
  },

  'commit sends nothing and the unit stays usable when an output is too large': async (t, { client }) => {
    const [small, wide] = [await createTopic(client, 1, { 'max.message.bytes': '2000' }), await createTopic(client)]
    const unit = await readyUnit(t, client)
    const records = [textRecord(wide, 'a'), textRecord(small, 'b'), textRecord(small, 'x'.repeat(2000)), textRecord(wide, 'c')]
    const { context } = await rejectsWith(t, unit.commit(records), 'STR_OUTPUT_TOO_LARGE')
    t.equal(context['index'], 2, 'the index of the record in the call')
    t.same(await Promise.all([endOf(client, small), endOf(client, wide)]), [0n, 0n])
    await commitSettled(client, unit, records.filter((_, index) => index !== 2))
    t.same([texts(await readAll(t, client, small)), texts(await readAll(t, client, wide))], [['b'], ['a', 'c']])
  },

  'commit loses no later record when the broker refused one before': async (t, { client }) => {
    const [good, shrunk] = [await createTopic(client), await createTopic(client)]
    const unit = await readyUnit(t, client)
    await unit.commit([textRecord(good, 'first'), textRecord(shrunk, 'first')])
    await client.admin.alterTopicConfig(shrunk, { 'max.message.bytes': '500' })
    const refused = [textRecord(good, 'refused'), textRecord(shrunk, 'x'.repeat(1000))]
    const { code } = await rejectsWith(t, unit.commit(refused), 'STR_TXN_UNKNOWN', 'STR_OUTPUT_TOO_LARGE')
    if (code === 'STR_TXN_UNKNOWN') await unit.init()
    const { first } = offsetsOf(await commitSettled(client, unit, [textRecord(good, 'second')]), good)
    const seen = await readAll(t, client, good)
    t.same(texts(seen), ['first', 'second'])
    t.equal(seen.at(-1)?.offset, first, 'the answered offset is the one of this record')
  },

  'commit fails and nothing is seen when a topic does not exist': async (t, { client }) => {
    const topic = await createTopic(client)
    const unit = await readyUnit(t, client)
    await rejectsWith(t, unit.commit([textRecord(topic, 'a'), textRecord(uniqueName('missing'), 'b')]), 'STR_TOPIC_MISSING')
    t.equal(await endOf(client, topic), 0n)
  }
}
