import { test } from 'tap'
import { type GroupMember, type GroupMembership } from '../../../../streams/kafka/port.ts'
import { createMemoryBroker, type MemoryClient } from '../../../../streams/kafka/memory/index.ts'
import { createManualClock } from '../../../../streams/time/manual-clock.ts'

interface Seen {
  assignments: Array<readonly [assignment: string, generation: number]>
  failure: Error | undefined
  membership: GroupMembership
}

/** Gives each member the names of all members, its own data first. */
function assign (members: readonly GroupMember[]): Map<string, Buffer> {
  const all = members.map(member => String(member.data)).sort().join()
  return new Map(members.map(member => [member.memberId, Buffer.from(`${String(member.data)} of ${all}`)]))
}

function join (client: MemoryClient, data: string, instanceId?: string): Seen {
  const seen: Partial<Seen> & Pick<Seen, 'assignments'> = { assignments: [], failure: undefined }
  seen.membership = client.joinGroup({
    groupId: 'g',
    ...instanceId === undefined ? {} : { instanceId },
    sessionTimeoutMs: 10_000,
    memberData: () => Buffer.from(data),
    assign,
    onAssignment: (assignment, generation) => { seen.assignments.push([String(assignment), generation]) },
    onFailure: error => { seen.failure = error }
  })
  return seen as Seen
}

async function turn (): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
}

test('memory group gives a lone member its assignment', async t => {
  const broker = createMemoryBroker({ clock: createManualClock() })
  const a = join(broker.client(), 'a')
  await a.membership.confirm()
  t.same(a.assignments, [['a of a', 1]])
  t.equal(a.membership.generation, 1)
})

test('memory group assigns anew when a member joins and when it leaves', async t => {
  const broker = createMemoryBroker({ clock: createManualClock() })
  const a = join(broker.client(), 'a')
  await turn()
  const b = join(broker.client(), 'b')
  await turn()
  t.same(a.assignments.at(-1), ['a of a,b', 2])
  t.same(b.assignments, [['b of a,b', 2]])
  await b.membership.leave()
  await turn()
  t.same(a.assignments.at(-1), ['a of a', 3])
  await t.rejects(b.membership.confirm(), { code: 'STR_CLOSED' })
})

test('memory group drops a crashed member when its session is over, and not before', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  const a = join(broker.client(), 'a')
  await turn()
  const crashing = broker.client()
  join(crashing, 'b')
  await turn()
  crashing.crash()
  await clock.advance(9_000)
  t.same(a.assignments.at(-1), ['a of a,b', 2])
  await clock.advance(2_000)
  t.same(a.assignments.at(-1), ['a of a', 3])
})

test('memory group keeps the assignment of a static member that comes back, and fences the old one', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  const a = join(broker.client(), 'a', 'one')
  const b = join(broker.client(), 'b', 'two')
  await turn()
  const [assignment, generation] = b.assignments.at(-1) ?? []
  const again = join(broker.client(), 'b', 'two')
  await again.membership.confirm()
  t.same(again.assignments, [[assignment, generation]])
  t.equal(a.membership.generation, generation)
  await clock.advance(1_000)
  t.match(b.failure, { code: 'STR_MEMBERSHIP_LOST' })
  t.equal(again.failure, undefined)
})

test('memory group starts a round when a member asks for one', async t => {
  const broker = createMemoryBroker({ clock: createManualClock() })
  const a = join(broker.client(), 'a')
  await turn()
  a.membership.rejoin()
  await a.membership.confirm()
  t.same(a.assignments.map(([, generation]) => generation), [1, 2])
})

test('memory membership comes back as a new member when its session ended while it was isolated', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  const client = broker.client()
  const a = join(client, 'a')
  const b = join(broker.client(), 'b')
  await turn()
  client.isolate()
  await clock.advance(15_000)
  t.same(b.assignments.at(-1)?.[0], 'b of b')
  client.heal()
  await clock.advance(2_000)
  t.same(a.assignments.at(-1)?.[0], 'a of a,b')
  t.same(b.assignments.at(-1)?.[0], 'b of a,b')
})

test('memory membership does not confirm while it is isolated', async t => {
  const clock = createManualClock()
  const broker = createMemoryBroker({ clock })
  const client = broker.client()
  const a = join(client, 'a')
  await turn()
  client.isolate()
  const abort = new AbortController()
  const confirmed = a.membership.confirm(abort.signal)
  const rejected = t.rejects(confirmed, { message: 'no' })
  await clock.advance(3_000)
  abort.abort(new Error('no'))
  await rejected
})

test('memory membership reports a failing assignor', async t => {
  const broker = createMemoryBroker({ clock: createManualClock() })
  const failure = await new Promise<Error>(resolve => {
    broker.client().joinGroup({
      groupId: 'g',
      memberData: () => Buffer.from(''),
      assign: () => { throw new Error('no assignment') },
      onAssignment: () => {},
      onFailure: resolve
    })
  })
  t.match(failure, { code: 'STR_MEMBERSHIP_LOST', cause: { message: 'no assignment' } })
})
