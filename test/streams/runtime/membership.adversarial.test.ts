import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { createMemoryBroker, type MemoryBroker, type MemoryClient } from '../../../streams/kafka/memory/index.ts'
import { type GroupMember, type GroupMembership } from '../../../streams/kafka/port.ts'
import { assignTasks } from '../../../streams/runtime/assignment.ts'
import { type Assignment, decodeAssignment, encodeAssignment, encodeMemberData, MemberCard } from '../../../streams/runtime/member-data.ts'
import { taskId } from '../../../streams/state/changelog.ts'
import { createManualClock, type ManualClock } from '../../../streams/time/manual-clock.ts'
import { attack, isCaught } from '../attack.ts'

type Nodes = Readonly<Record<string, number>>
type Assign = typeof assignTasks

const versions: readonly Nodes[] = [{ a: 3, 'a-1': 2 }, { a: 3, 'a-1': 2, b: 4 }, { a: 3, c: 1 }]
const SESSION_MS = 10_000

/** A process of the application, as far as the group is concerned: what `runtime/app.ts` does about its tasks. */
class Process {
  readonly client: MemoryClient
  readonly nodes: Nodes
  readonly membership: GroupMembership
  tasks: readonly string[] = []
  generation = -1
  told = 0
  failure: Error | undefined
  #owners: Readonly<Record<string, string>> = {}

  constructor (broker: MemoryBroker, slot: number, nodes: Nodes, isStatic: boolean, assign: Assign) {
    const card = new MemberCard({ version: '1', instance: `host-${slot}`, nodes })
    this.nodes = nodes
    this.client = broker.client()
    this.membership = this.client.joinGroup({
      groupId: 'g',
      ...isStatic ? { instanceId: `static-${slot}` } : {},
      sessionTimeoutMs: SESSION_MS,
      memberData: () => card.data(),
      assign: members => new Map([...assign(members, this.#owners)].map(([member, assignment]) => [member, encodeAssignment(assignment)])),
      onAssignment: (bytes, generation) => {
        const assignment = decodeAssignment(bytes)
        this.#owners = assignment.owners
        this.tasks = idsOf(assignment)
        this.generation = generation
        this.told++
        if (!card.take(assignment, generation)) this.membership.rejoin()
      },
      onFailure: error => { this.failure = error }
    })
  }

  canRun (id: string): boolean {
    return tasksOf(this.nodes).includes(id)
  }
}

function idsOf ({ tasks }: Assignment): string[] {
  return tasks.map(({ node, partition }) => taskId(node, partition))
}

function tasksOf (nodes: Nodes): string[] {
  return Object.entries(nodes).flatMap(([node, count]) => Array.from({ length: count }, (_, partition) => taskId(node, partition)))
}

type Step = { readonly kind: 'start' | 'leave' | 'crash' | 'freeze' | 'thaw' | 'rejoin', readonly slot: number, readonly version: number } | { readonly kind: 'wait', readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('start' as const), slot: fc.nat(4), version: fc.nat(versions.length - 1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('leave' as const, 'crash' as const, 'freeze' as const, 'thaw' as const, 'rejoin' as const), slot: fc.nat(4), version: fc.constant(0)
    })
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 1_000, 4_000, 15_000) }) }
)

class Group {
  readonly clock: ManualClock = createManualClock()
  readonly broker = createMemoryBroker({ clock: this.clock })
  readonly running = new Map<number, Process>()
  readonly #assign: Assign

  constructor (assign: Assign) {
    this.#assign = assign
  }

  async play (one: Step): Promise<void> {
    if (one.kind === 'wait') return await this.wait(one.ms)
    const process = this.running.get(one.slot)
    switch (one.kind) {
      case 'start': // also a restart, with the same code or other code; odd slots are static
        process?.client.crash()
        this.running.set(one.slot, new Process(this.broker, one.slot, versions[one.version] as Nodes, one.slot % 2 === 1, this.#assign))
        break
      case 'leave':
        process?.membership.leave().catch(() => {})
        this.running.delete(one.slot)
        break
      case 'crash':
        process?.client.crash()
        this.running.delete(one.slot)
        break
      case 'freeze': process?.client.isolate(); break
      case 'thaw': process?.client.heal(); break
      case 'rejoin': process?.membership.rejoin()
    }
    await settle()
  }

  async wait (ms: number): Promise<void> {
    await settle()
    for (let passed = 0; passed < ms; passed += 1_000) {
      await this.clock.advance(Math.min(1_000, ms - passed))
      await settle()
    }
  }

  /** Everybody reachable, and time for sessions to end and rounds to be over. */
  async calm (): Promise<readonly Process[]> {
    for (const { client } of this.running.values()) client.heal()
    await this.wait(4 * SESSION_MS)
    const processes = [...this.running.values()].filter(({ failure }) => failure === undefined)
    return processes
  }
}

async function settle (): Promise<void> {
  for (let n = 0; n < 12; n++) await turn()
}

/** Each task that anybody can run is with one process that can run it, and nobody has two more than another that could take one of its tasks. */
function check (processes: readonly Process[]): void {
  const all = processes.flatMap(({ tasks }) => tasks)
  const wanted = new Set(processes.flatMap(({ nodes }) => tasksOf(nodes)))
  assert.deepStrictEqual([...all].sort(), [...wanted].sort(), 'each task once')
  for (const { tasks, nodes } of processes) assert.deepStrictEqual(tasks.filter(id => !tasksOf(nodes).includes(id)), [], 'only what it knows')
  for (const heavy of processes) {
    for (const light of processes) {
      if (heavy.tasks.length - light.tasks.length >= 2) assert.ok(!heavy.tasks.some(id => light.canRun(id)), `${heavy.tasks.join()} and ${light.tasks.join()}`)
    }
  }
  assert.equal(new Set(processes.map(({ generation }) => generation)).size, processes.length === 0 ? 0 : 1, 'of one generation')
}

function converges (assign: Assign): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25, size: 'max' }), async steps => {
    const group = new Group(assign)
    try {
      for (const one of steps) await group.play(one)
      const processes = await group.calm()
      check(processes)
      // Another round with nobody new moves nothing, and the group is quiet afterwards.
      const before = processes.map(({ tasks }) => tasks.join())
      processes[0]?.membership.rejoin()
      await group.wait(2 * SESSION_MS)
      assert.deepStrictEqual(processes.map(({ tasks }) => tasks.join()), before, 'nothing moves')
      const told = processes.map(one => one.told)
      await group.wait(5_000)
      assert.deepStrictEqual(processes.map(one => one.told), told, 'no round without a reason')
    } finally {
      for (const { client } of group.running.values()) client.crash()
      await group.broker.close()
    }
  })
}

test('a group comes to rest with each task once at a member that knows it, after whatever coming, going, freezing and rolling', { timeout: 120_000 }, async () => {
  await fc.assert(converges(assignTasks), attack(60))
})

test('a leader that gives tasks to members that do not know them, or forgets who had what, is caught', { timeout: 120_000 }, async t => {
  const said = ({ data }: GroupMember): { readonly nodes: Nodes } => JSON.parse(data.toString()) as { readonly nodes: Nodes }
  const careless: Assign = (members, last) => {
    const all = Object.assign({}, ...members.map(member => said(member).nodes)) as Nodes
    const given = assignTasks(members.map(member => ({ ...member, data: Buffer.from(JSON.stringify({ ...said(member), nodes: all })) })), last)
    return new Map(members.map(member => [member.memberId, { ...given.get(member.memberId) as Assignment, nodes: said(member).nodes }]))
  }
  t.ok(await isCaught(converges(careless), 20))
  let round = 0
  const forgetful: Assign = members => {
    const shuffled = members.map((member, index) => (
      { ...member, instanceId: String((index + round) % members.length), data: Buffer.from(JSON.stringify({ ...said(member), owned: [], generation: -1 })) }))
    round++
    return assignTasks(shuffled)
  }
  t.ok(await isCaught(converges(forgetful), 40))
})

/** Members of any versions, whose claims may overlap, be old, or be of tasks that are no more. */
const claims = fc.uniqueArray(fc.record({
  id: fc.nat(20),
  version: fc.nat(versions.length - 1),
  owned: fc.array(fc.constantFrom('a-0', 'a-1', 'a-2', 'a-1-0', 'a-1-1', 'b-0', 'b-1', 'b-2', 'b-3', 'c-0', 'gone-0'), { maxLength: 8 }),
  generation: fc.integer({ min: -1, max: 5 })
}), { minLength: 1, maxLength: 5, selector: ({ id }) => id })

test('an assignment needs no second thought: given what it gave, it gives the same again', async () => {
  fc.assert(fc.property(claims, given => {
    const members = (owned: (id: number, before: readonly string[]) => readonly string[], generation?: number): GroupMember[] => given.map(one => ({
      memberId: `m${one.id}`,
      instanceId: undefined,
      data: encodeMemberData({
        version: '1', instance: `h${one.id}`, nodes: versions[one.version] as Nodes, owned: owned(one.id, one.owned), generation: generation ?? one.generation
      })
    }))
    const first = assignTasks(members((_, before) => before))
    const second = assignTasks(members(id => idsOf(first.get(`m${id}`) as Assignment), 6))
    for (const [member, assignment] of first) assert.deepStrictEqual(idsOf(second.get(member) as Assignment), idsOf(assignment))
  }), attack(500))
})

test('an assignment moves no task between two members whose loads already differ by one at most', async () => {
  fc.assert(fc.property(fc.integer({ min: 2, max: 5 }), fc.nat(1_000), (count, seed) => {
    const tasks = tasksOf({ a: 3, 'a-1': 2, b: 4 })
    const owned = Array.from({ length: count }, (_, n) => tasks.filter((_, index) => (index + seed) % count === n))
    const members = owned.map((mine, n) => ({
      memberId: `m${n}`, instanceId: undefined, data: encodeMemberData({ version: '1', instance: `h${n}`, nodes: versions[1] as Nodes, owned: mine, generation: 1 })
    }))
    const given = assignTasks(members)
    for (const [n, mine] of owned.entries()) assert.deepStrictEqual(idsOf(given.get(`m${n}`) as Assignment).sort(), [...mine].sort())
  }), attack(200))
})

test('a leader refuses what another program says of itself, also when it happens to be JSON', async t => {
  const rubbish = ['null', '1', '{}', '[]', '{"nodes":{}}', '{"nodes":{"a":2},"owned":"all","instance":"x"}', '{"nodes":{"a":-1},"owned":[],"instance":"x"}',
    '{"nodes":{"a":1e12},"owned":[],"instance":"x"}', '{"nodes":{"a":1.5},"owned":[],"instance":"x"}', '{"nodes":{},"owned":[1],"instance":"x"}', '\u0000']
  for (const text of rubbish) {
    t.throws(() => assignTasks([{ memberId: 'x', instanceId: undefined, data: Buffer.from(text) }]), { code: 'STR_TOPOLOGY_INVALID' }, text)
  }
  for (const text of ['null', '1', '{}', '{"tasks":[{}],"owners":{}}', '{"tasks":{},"owners":{}}']) {
    t.throws(() => decodeAssignment(Buffer.from(text)), { code: 'STR_TOPOLOGY_INVALID' }, text)
  }
})
