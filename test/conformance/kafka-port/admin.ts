import { partitionKey } from '../../../streams/record.ts'
import { type Case, createTopic, endOf, rejectsWith, textRecord, uniqueName } from './scene.ts'

/** Topics, their configuration, and the offsets of their ends. */
export const adminCases: Record<string, Case> = {
  'admin creates a topic only once when asked twice': async (t, { client }) => {
    const spec = { name: uniqueName('topic'), partitions: 3, replicas: 1, config: { 'cleanup.policy': 'compact', 'segment.ms': '60000' } }
    t.same(await client.admin.createTopics([spec]), [spec.name])
    const other = { ...spec, name: uniqueName('topic') }
    t.same(await client.admin.createTopics([spec, other]), [other.name], 'only the missing one is created')
    t.equal((await client.describeTopics([spec.name])).get(spec.name)?.partitions, 3)
    const listed = await client.admin.listTopics()
    t.ok(listed.includes(spec.name) && listed.includes(other.name))
  },

  'admin reads and changes topic configuration when only some names are given': async (t, { client }) => {
    const topic = await createTopic(client, 1, { 'cleanup.policy': 'compact' })
    await client.admin.alterTopicConfig(topic, { 'max.message.bytes': '2000' })
    const config = (await client.admin.topicConfigs([topic])).get(topic)
    t.equal(config?.['max.message.bytes'], '2000')
    t.equal(config?.['cleanup.policy'], 'compact', 'what was not named is kept')
    t.equal(config?.['message.timestamp.type'], 'LogAppendTime')
    t.ok(config?.['retention.ms'] !== undefined, 'defaults are part of the effective configuration')
    t.equal((await client.describeTopics([topic])).get(topic)?.maxMessageBytes, 2000)
  },

  'describeTopics leaves out topics when they do not exist': async (t, { client }) => {
    const topic = await createTopic(client, 2)
    const missing = uniqueName('missing')
    const described = await client.describeTopics([topic, missing])
    t.same([...described.keys()], [topic])
    t.ok((described.get(topic)?.maxMessageBytes ?? 0) > 0)
    t.notOk((await client.admin.listTopics()).includes(missing), 'asking creates nothing')
  },

  'admin deletes a topic when asked': async (t, { client }) => {
    const topic = await createTopic(client)
    await client.admin.deleteTopics([topic])
    t.same([...(await client.describeTopics([topic])).keys()], [])
    t.ok(await client.admin.brokerCount() >= 1)
  },

  'producer answers offsets in the order of its records when they go to several partitions': async (t, { client }) => {
    const topic = await createTopic(client, 2)
    const records = [0, 1, 0, 1, 0].map((partition, index) => textRecord(topic, `v${index}`, partition))
    const answers = await client.producer().send(records)
    t.same(answers.map(({ partition, offset }) => [partition, offset]), [[0, 0n], [1, 0n], [0, 1n], [1, 1n], [0, 2n]])
    t.same(await Promise.all([endOf(client, topic, 0), endOf(client, topic, 1)]), [3n, 2n])
  },

  'producer keeps the order of sends when many are under way': async (t, { client }) => {
    const topic = await createTopic(client)
    const producer = client.producer()
    const answers = await Promise.all(Array.from({ length: 500 }, (_, index) => producer.send([textRecord(topic, String(index))])))
    t.same(answers.map(([answer]) => answer?.offset), Array.from({ length: 500 }, (_, index) => BigInt(index)))
  },

  'producer refuses a record when it is larger than its topic accepts': async (t, { client }) => {
    const topic = await createTopic(client, 1, { 'max.message.bytes': '2000' })
    const { context } = await rejectsWith(t, client.producer().send([textRecord(topic, 'ok'), textRecord(topic, 'x'.repeat(3000))]), 'STR_OUTPUT_TOO_LARGE')
    t.equal(context['index'], 1)
    t.equal((await client.producer().send([textRecord(topic, 'next')])).length, 1)
  },

  'producer fails when the topic does not exist': async (t, { client }) => {
    await rejectsWith(t, client.producer().send([textRecord(uniqueName('missing'), 'x')]), 'STR_TOPIC_MISSING')
  },

  'startOffsets and endOffsets are zero when the topic is empty': async (t, { client }) => {
    const topic = await createTopic(client)
    t.equal((await client.startOffsets([{ topic, partition: 0 }])).get(partitionKey(topic, 0)), 0n)
    t.equal(await endOf(client, topic), 0n)
  },

  'endOffsets fails when the topic does not exist': async (t, { client }) => {
    await rejectsWith(t, client.endOffsets([{ topic: uniqueName('missing'), partition: 0 }]), 'STR_TOPIC_MISSING')
  }
}
