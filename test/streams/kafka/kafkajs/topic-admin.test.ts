import { test } from 'tap'
import { brokerErrors } from '../../../../streams/kafka/wire/broker-error.ts'
import { clientOf, clusterOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

const specs = [{ name: TOPIC, partitions: 1, replicas: 1, config: {} }]

test('a new topic counts as created when every broker knows it, not only the one that was asked', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  const known = clusterOf([first, second], 1)
  let left = 2
  first.script('metadata', known)
  second.script('metadata', (out, input, call) => left-- > 0 ? unknown(out, input, call) : known(out, input, call))
  const { admin } = await clientOf(t, first)
  t.same(await admin.createTopics(specs), [TOPIC])
  t.equal(second.count('metadata'), 3, 'it was asked until it knew')
})

test('a new topic counts as created when its leader serves it, though the leader is the last one to hear of it', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.fail('listOffsets', brokerErrors.UNKNOWN_TOPIC_OR_PARTITION, brokerErrors.NOT_LEADER_OR_FOLLOWER)
  const { admin } = await clientOf(t, broker)
  t.same(await admin.createTopics(specs), [TOPIC])
  t.equal(broker.count('listOffsets'), 3)
})

test('a broker that cannot be asked does not hold up a new topic', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  first.script('metadata', clusterOf([first, second], 1))
  second.script('metadata', () => 'hang-up')
  const { admin } = await clientOf(t, first)
  t.same(await admin.createTopics(specs), [TOPIC])
  t.ok(second.count('metadata') > 0)
})

/** The answer of a broker that has not heard of the topic. */
const unknown: ReturnType<typeof clusterOf> = (out) => {
  out.int32(0).int32(0).string('cluster').int32(1).int32(1).int16(brokerErrors.UNKNOWN_TOPIC_OR_PARTITION).string(TOPIC).boolean(false).int32(0)
  return undefined
}
