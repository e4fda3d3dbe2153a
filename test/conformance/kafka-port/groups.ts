import { type Test } from 'tap'
import { type GroupMember, type GroupMembership, type Kafka } from '../../../streams/kafka/port.ts'
import { partitionKey } from '../../../streams/record.ts'
import { type Case, createTopic, uniqueName } from './scene.ts'

interface Joined {
  readonly membership: GroupMembership
  readonly assignments: Array<{ text: string, generation: number }>
  readonly failures: Error[]
  /** Resolves when the condition is met by the newest assignment or a failure. */
  until (condition: (joined: Joined) => boolean): Promise<void>
}

/** Six tasks dealt out over the members, by their instance id or data, so that the outcome is the same whoever leads. */
function dealTasks (members: readonly GroupMember[]): Map<string, Buffer> {
  const names = new Map(members.map((member) => [member.instanceId ?? member.data.toString(), member.memberId]))
  const sorted = [...names.keys()].sort()
  return new Map(sorted.map((name, index) => {
    const tasks = [0, 1, 2, 3, 4, 5].filter((task) => task % sorted.length === index)
    return [names.get(name) ?? '', Buffer.from(tasks.join(','))]
  }))
}

function join (t: Test, client: Kafka, groupId: string, data: () => string, instanceId?: string): Joined {
  let waiters: Array<() => void> = []
  const wake = () => {
    const due = waiters
    waiters = []
    for (const resolve of due) resolve()
  }
  const assignments: Joined['assignments'] = []
  const failures: Error[] = []
  const membership = client.joinGroup({
    groupId,
    ...(instanceId === undefined ? {} : { instanceId }),
    sessionTimeoutMs: 6_000,
    heartbeatMs: 100,
    memberData: () => Buffer.from(data()),
    assign: dealTasks,
    onAssignment: (assignment, generation) => { assignments.push({ text: assignment.toString(), generation }); wake() },
    onFailure: (error) => { failures.push(error); wake() }
  })
  t.teardown(() => membership.leave())
  const joined: Joined = {
    membership,
    assignments,
    failures,
    until: async (condition) => { while (!condition(joined)) await new Promise<void>((resolve) => { waiters.push(resolve) }) }
  }
  return joined
}

const holds = (text: string) => (joined: Joined) => joined.assignments.at(-1)?.text === text

/** Group membership and plain offset commits. */
export const groupCases: Record<string, Case> = {
  'member gets everything when it is alone and confirms its generation': async (t, { client }) => {
    const joined = join(t, client, uniqueName('group'), () => 'a')
    await joined.until(holds('0,1,2,3,4,5'))
    await joined.membership.confirm()
    t.equal(joined.membership.generation, joined.assignments.at(-1)?.generation)
  },

  'members split the work when a second one joins and take it back when it leaves': async (t, { harness, client }) => {
    const other = await harness.connect('second-member')
    t.teardown(() => other.close())
    const groupId = uniqueName('group')
    const first = join(t, client, groupId, () => 'a')
    await first.until(holds('0,1,2,3,4,5'))
    const second = join(t, other, groupId, () => 'b')
    await Promise.all([first.until(holds('0,2,4')), second.until(holds('1,3,5'))])
    await Promise.all([first.membership.confirm(), second.membership.confirm()])
    t.equal(first.membership.generation, second.membership.generation)
    await second.membership.leave()
    await first.until(holds('0,1,2,3,4,5'))
    t.same([first.failures, second.failures], [[], []])
  },

  'member data reaches the leader again when a member asks for a new round': async (t, { client }) => {
    let data = 'old'
    const seen: string[] = []
    let wake = () => {}
    const changed = new Promise<void>((resolve) => { wake = resolve })
    const membership = client.joinGroup({
      groupId: uniqueName('group'),
      sessionTimeoutMs: 6_000,
      heartbeatMs: 100,
      memberData: () => Buffer.from(data),
      assign: (members) => {
        seen.push(members.map((member) => member.data.toString()).join())
        return new Map(members.map((member) => [member.memberId, member.data]))
      },
      onAssignment: (assignment) => {
        if (assignment.toString() === 'new') return wake()
        data = 'new'
        membership.rejoin()
      },
      onFailure: (error) => { throw error }
    })
    t.teardown(() => membership.leave())
    await changed
    t.same(seen, ['old', 'new'])
  },

  'static member keeps its assignment when it comes back under the same instance id': async (t, { harness }) => {
    const groupId = uniqueName('group')
    const expected = { 'instance-a': '0,2,4', 'instance-b': '1,3,5' } as const
    const start = async (instanceId: keyof typeof expected): Promise<Joined & { readonly client: Kafka }> => {
      const client = await harness.connect(instanceId)
      t.teardown(() => client.close())
      return { ...join(t, client, groupId, () => instanceId, instanceId), client }
    }
    const leader = await start('instance-a')
    await leader.until(holds('0,1,2,3,4,5'))
    const follower = await start('instance-b')
    await Promise.all([leader.until(holds('0,2,4')), follower.until(holds('1,3,5'))])
    const { generation } = follower.membership
    for (const [instanceId, gone] of [['instance-b', follower], ['instance-a', leader]] as const) {
      await gone.client.close()
      const back = await start(instanceId)
      await back.until(holds(expected[instanceId]))
      await back.membership.confirm()
      t.equal(back.membership.generation, generation, `no rebalance when ${instanceId} restarted`)
    }
  },

  'static member fails when another one took its instance id': async (t, { harness, client }) => {
    const groupId = uniqueName('group')
    const first = join(t, client, groupId, () => 'a', 'instance-a')
    await first.until(holds('0,1,2,3,4,5'))
    const other = await harness.connect('usurper')
    t.teardown(() => other.close())
    const second = join(t, other, groupId, () => 'a', 'instance-a')
    await second.until(holds('0,1,2,3,4,5'))
    await first.until((joined) => joined.failures.length > 0)
    t.equal(first.failures.length, 1)
    await t.rejects(first.membership.confirm())
    await second.membership.confirm()
  },

  'confirm ends when its signal is aborted': async (t, { client }) => {
    const joined = join(t, client, uniqueName('group'), () => 'a')
    await t.rejects(joined.membership.confirm(AbortSignal.abort(new Error('stopped by test'))), { message: 'stopped by test' })
  },

  'commitOffsets works when the group has no member and when this client is one': async (t, { client }) => {
    const topic = await createTopic(client)
    const groupId = uniqueName('group')
    const at = (offset: bigint) => new Map([[partitionKey(topic, 0), { topic, partition: 0, offset }]])
    await client.commitOffsets(groupId, at(3n))
    const joined = join(t, client, groupId, () => 'a')
    await joined.until(holds('0,1,2,3,4,5'))
    await client.commitOffsets(groupId, at(5n))
    const fixed = uniqueName('group')
    const pinned = join(t, client, fixed, () => 'a', 'instance-a')
    await pinned.until(holds('0,1,2,3,4,5'))
    await client.commitOffsets(fixed, at(7n))
    t.pass('every commit was accepted')
  }
}
