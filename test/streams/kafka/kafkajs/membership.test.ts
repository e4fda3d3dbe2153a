import { type Test, test } from 'tap'
import { BrokerError, brokerErrors, type BrokerErrorName } from '../../../../streams/kafka/wire/broker-error.ts'
import { LinkError } from '../../../../streams/kafka/kafkajs/link.ts'
import { reactionTo } from '../../../../streams/kafka/kafkajs/membership-reactions.ts'
import { type GroupMembership } from '../../../../streams/kafka/port.ts'
import { clientOf, ScriptedBroker } from './scripted-broker.ts'

interface Member {
  readonly membership: GroupMembership
  readonly assignments: string[]
  readonly failures: Error[]
  until (done: () => boolean): Promise<void>
}

async function join (t: Test, broker: ScriptedBroker, instanceId?: string, assign = (): Map<string, Buffer> => new Map()): Promise<Member> {
  const client = await clientOf(t, broker)
  let waiting: Array<() => void> = []
  const wake = (): void => {
    for (const resolve of waiting) resolve()
    waiting = []
  }
  const [assignments, failures]: [string[], Error[]] = [[], []]
  const membership = client.joinGroup({
    groupId: 'group',
    ...(instanceId === undefined ? {} : { instanceId }),
    heartbeatMs: 10,
    memberData: () => Buffer.from('data'),
    assign,
    onAssignment: (assignment) => { assignments.push(assignment.toString()); wake() },
    onFailure: (error) => { failures.push(error); wake() }
  })
  return {
    membership,
    assignments,
    failures,
    until: async (done) => { while (!done()) await new Promise<void>((resolve) => { waiting.push(resolve) }) }
  }
}

test('member delivers its assignment and confirms its generation when all goes well', async (t) => {
  const member = await join(t, await ScriptedBroker.start(t))
  await member.until(() => member.assignments.length === 1)
  t.same(member.assignments, ['ABC'])
  await member.membership.confirm()
  t.equal(member.membership.generation, 1)
})

test('member joins again with the id it was given when the coordinator asks for one', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.fail('joinGroup', brokerErrors.MEMBER_ID_REQUIRED)
  const member = await join(t, broker)
  await member.until(() => member.assignments.length === 1)
  const [first, second] = broker.bodies.get('joinGroup') ?? []
  t.notOk(first?.includes('member-1'))
  t.ok(second?.includes('member-1'))
})

for (const answer of ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'] as const) {
  test(`member joins again when a heartbeat is answered with ${answer}`, async (t) => {
    const broker = await ScriptedBroker.start(t)
    broker.fail('heartbeat', brokerErrors[answer])
    const member = await join(t, broker)
    await member.until(() => member.assignments.length === 2)
    const again = broker.bodies.get('joinGroup')?.at(-1)
    t.equal(again?.includes('member-1'), answer !== 'UNKNOWN_MEMBER_ID', 'the member id is kept unless it is unknown')
    await member.membership.confirm()
    t.same(member.failures, [])
  })
}

for (const answer of ['FENCED_INSTANCE_ID', 'GROUP_AUTHORIZATION_FAILED', 'INCONSISTENT_GROUP_PROTOCOL'] as const) {
  test(`member gives up when it is answered with ${answer}`, async (t) => {
    const broker = await ScriptedBroker.start(t)
    broker.fail('heartbeat', brokerErrors[answer])
    const member = await join(t, broker, 'instance')
    await member.until(() => member.failures.length === 1)
    t.match(member.failures[0], { code: 'STR_MEMBERSHIP_LOST' })
    await t.rejects(member.membership.confirm(), { code: 'STR_MEMBERSHIP_LOST' })
    await member.membership.leave()
    t.equal(broker.count('leaveGroup'), 0)
  })
}

test('member finds its coordinator again when it moved or the connection broke', async (t) => {
  const broker = await ScriptedBroker.start(t)
  let beats = 0
  broker.script('heartbeat', (out) => {
    if (++beats === 2) return 'hang-up'
    out.int32(0).int16(beats === 1 ? brokerErrors.NOT_COORDINATOR : 0)
    return undefined
  })
  const member = await join(t, broker)
  await member.until(() => member.assignments.length === 1)
  await member.membership.confirm()
  t.equal(broker.count('findCoordinator'), 3)
  t.equal(member.assignments.length, 1, 'the assignment goes on')
})

test('member joins again when its sync came too late', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.fail('syncGroup', brokerErrors.REBALANCE_IN_PROGRESS)
  const member = await join(t, broker)
  await member.until(() => member.assignments.length === 1)
  t.equal(broker.count('joinGroup'), 2)
})

test('member never beats without an assignment when its sync was lost', async (t) => {
  const broker = await ScriptedBroker.start(t)
  broker.script('syncGroup', (out, _, call) => {
    if (call === 1) return 'hang-up'
    out.int32(0).int16(0).int32(0)
    return undefined
  })
  const member = await join(t, broker)
  await member.until(() => member.assignments.length === 1)
  const order = broker.calls.filter((call) => call === 'joinGroup' || call === 'heartbeat')
  t.same(order.slice(0, 2), ['joinGroup', 'joinGroup'])
})

test('member gives up when the assignor throws', async (t) => {
  const member = await join(t, await ScriptedBroker.start(t), undefined, () => { throw new Error('a bug') })
  await member.until(() => member.failures.length === 1)
  t.match(member.failures[0], { code: 'STR_MEMBERSHIP_LOST', cause: { message: 'a bug' } })
})

test('member leaves the group when it is dynamic and only stops when it is static', async (t) => {
  for (const [instanceId, leaves] of [[undefined, 1], ['instance', 0]] as const) {
    const broker = await ScriptedBroker.start(t)
    const member = await join(t, broker, instanceId)
    await member.until(() => member.assignments.length === 1)
    await member.membership.leave()
    await member.membership.leave()
    t.equal(broker.count('leaveGroup'), leaves)
    await t.rejects(member.membership.confirm(), { code: 'STR_CLOSED' })
  }
})

test('member stops confirming when the signal aborts while the coordinator is away', async (t) => {
  const broker = await ScriptedBroker.start(t)
  const member = await join(t, broker)
  await member.until(() => member.assignments.length === 1)
  const stop = new AbortController()
  broker.script('heartbeat', () => {
    stop.abort(new Error('stopped'))
    return 'silence'
  })
  await t.rejects(member.membership.confirm(stop.signal), { message: 'stopped' })
})

test('every answer of a coordinator has a reaction when it is known or not', async (t) => {
  const expected: Array<[BrokerErrorName, string]> = [
    ['REBALANCE_IN_PROGRESS', 'join'], ['UNKNOWN_MEMBER_ID', 'join-as-new'], ['NOT_COORDINATOR', 'find-coordinator'],
    ['COORDINATOR_LOAD_IN_PROGRESS', 'wait'], ['FENCED_INSTANCE_ID', 'give-up'], ['GROUP_MAX_SIZE_REACHED', 'give-up'], ['KAFKA_STORAGE_ERROR', 'wait']
  ]
  for (const [name, reaction] of expected) t.equal(reactionTo(new BrokerError(brokerErrors[name], 'Heartbeat')), reaction, name)
  t.equal(reactionTo(new LinkError('gone')), 'find-coordinator')
  t.equal(reactionTo(new TypeError('a bug')), 'give-up')
})
