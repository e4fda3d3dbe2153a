import { test } from 'tap'
import { type OutgoingRecord } from '../../../../streams/record.ts'
import { murmur2 } from '../../../../streams/kafka/murmur2.ts'
import { clientOf, clusterOf, ScriptedBroker, TOPIC } from './scripted-broker.ts'

const one: readonly OutgoingRecord[] = [{ topic: TOPIC, partition: 0, key: null, value: Buffer.from('v'), headers: [] }]

/** Transactional ids that use connections of their own: one for each of the four lanes. */
function idsOfLanes (): string[] {
  const ids = new Map<number, string>()
  for (let n = 0; ids.size < 4; n++) ids.set((murmur2(Buffer.from(`id-${n}`)) & 0x7fffffff) % 4, `id-${n}`)
  return [...ids.values()]
}

test('a transaction does not wait for a fetch, a join, a send or another transaction that is not answered (C1)', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  const [first = '', second = ''] = idsOfLanes()
  const [slow, quick] = [client.openTransactions({ transactionalId: first }), client.openTransactions({ transactionalId: second })]
  await Promise.all([slow.init(), quick.init()])
  const asked = new Set<string>()
  const reached = Promise.withResolvers<void>()
  const silent = (name: string) => () => {
    asked.add(name)
    if (asked.size === 4) reached.resolve()
    return 'silence' as const
  }
  broker.script('fetch', silent('fetch'))
  broker.script('joinGroup', silent('joinGroup'))
  broker.script('produce', silent('produce'))
  client.openReader({ topic: TOPIC, partition: 0, offset: 0n })
  client.joinGroup({ groupId: 'group', memberData: () => Buffer.alloc(0), assign: () => new Map(), onAssignment: () => {}, onFailure: () => {} })
  const sending = client.producer().send(one).catch(() => {})
  await new Promise<void>((resolve) => { setImmediate(resolve) })
  while (asked.size < 3) await new Promise<void>((resolve) => { setImmediate(resolve) })
  broker.fail('produce')
  broker.script('endTxn', silent('endTxn'))
  const held = slow.commit(one).catch(() => {})
  await reached.promise
  broker.fail('endTxn')
  await quick.commit(one)
  t.pass('it committed while four requests were under way')
  await client.close()
  await Promise.all([held, sending])
})

test('offsets for lag tools are not asked for while the member of the group has no generation', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const client = await clientOf(t, broker)
  const joining = Promise.withResolvers<void>()
  broker.script('joinGroup', () => {
    joining.resolve()
    return 'silence'
  })
  client.joinGroup({ groupId: 'group', memberData: () => Buffer.alloc(0), assign: () => new Map(), onAssignment: () => {}, onFailure: () => {} })
  await joining.promise
  const offsets = new Map([['t-0', { topic: TOPIC, partition: 0, offset: 3n }]])
  await client.commitOffsets('group', offsets)
  t.equal(broker.count('offsetCommit'), 0, 'a commit by nobody is refused by a group with members')
  await client.commitOffsets('another', offsets)
  t.equal(broker.count('offsetCommit'), 1)
})

test('a broker that accepts connections and answers nothing is waited for once, then another one is asked', async (t) => {
  const [frozen, good] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  for (const broker of [frozen, good]) broker.script('metadata', clusterOf([frozen, good], 2))
  const client = await clientOf(t, frozen, { requestTimeoutMs: 300 })
  await client.describeTopics([TOPIC])
  const connections = frozen.connections
  for (const name of ['metadata', 'apiVersions', 'describeConfigs'] as const) frozen.script(name, () => 'silence')
  t.equal((await client.describeTopics([TOPIC])).size, 1)
  t.equal(frozen.connections, connections, 'no second wait for the frozen one')
  t.ok(good.count('metadata') > 0)
})

test('an admin request goes to the controller of now when the one of before is gone', async (t) => {
  const [first, second] = [await ScriptedBroker.start(t), await ScriptedBroker.start(t)]
  const controlledBy = (id: number) => (out: Parameters<Parameters<ScriptedBroker['script']>[1]>[0]): undefined => {
    out.int32(0).array([first.port, second.port], (o, port) => { o.int32(port === first.port ? 1 : 2).string('127.0.0.1').int32(port).string(null) })
    out.string('cluster').int32(id).int32(0)
  }
  for (const broker of [first, second]) broker.script('metadata', controlledBy(1))
  const client = await clientOf(t, second)
  await client.admin.deleteTopics([TOPIC])
  t.same([first.count('deleteTopics'), second.count('deleteTopics')], [1, 0])
  first.script('deleteTopics', () => {
    for (const broker of [first, second]) broker.script('metadata', controlledBy(2))
    return 'hang-up'
  })
  await client.admin.deleteTopics([TOPIC])
  t.same([first.count('deleteTopics'), second.count('deleteTopics')], [2, 1])
})
