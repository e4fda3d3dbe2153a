import { isDeepStrictEqual } from 'node:util'
import { type GroupMember } from '../kafka/port.ts'
import { taskId } from '../state/changelog.ts'
import { StreamsError } from '../errors.ts'

/** What a member tells the leader. */
export interface MemberData {
  /** Version of its topology, for people. */
  readonly version: string
  /** Name of the process. */
  readonly instance: string
  /** Partition count of each node it can run. */
  readonly nodes: Readonly<Record<string, number>>
  /** Tasks it runs now. */
  readonly owned: readonly string[]
  /** How often it asked for a new round: makes the data differ, without which the coordinator would not start one. @default 0 */
  readonly asked?: number
}

export interface TaskRef { readonly node: string, readonly partition: number }

/** What a member is told: its tasks, and who has which. */
export interface Assignment {
  readonly tasks: readonly TaskRef[]
  /** Instance by task id, for queries and people. */
  readonly owners: Readonly<Record<string, string>>
  /** The `nodes` of the member that the leader decided on: a static member that restarts gets the assignment of the one before it. */
  readonly nodes?: Readonly<Record<string, number>>
}

/** What one process tells the leader, and whether an assignment was decided on that. */
export class MemberCard {
  readonly #given: Pick<MemberData, 'version' | 'instance' | 'nodes'>
  #asked = 0

  constructor (given: Pick<MemberData, 'version' | 'instance' | 'nodes'>) {
    this.#given = given
  }

  data (owned: readonly string[]): Buffer {
    return encodeMemberData({ ...this.#given, owned, asked: this.#asked })
  }

  /** False when it was decided for other nodes than these: ask for a new round, the data differs then. */
  fits ({ nodes }: Assignment): boolean {
    if (nodes === undefined || isDeepStrictEqual(nodes, this.#given.nodes)) return true
    this.#asked++
    return false
  }
}

export function encodeMemberData (data: MemberData): Buffer {
  return Buffer.from(JSON.stringify(data))
}

export function encodeAssignment (assignment: Assignment): Buffer {
  return Buffer.from(JSON.stringify(assignment))
}

/** An empty buffer is an empty assignment: the group has one before its first leader has spoken. */
export function decodeAssignment (bytes: Buffer): Assignment {
  if (bytes.length === 0) return { tasks: [], owners: {} }
  return read<Assignment>(bytes, 'assignment')
}

interface Member { readonly memberId: string, readonly data: MemberData, readonly tasks: Set<string> }
interface Task extends TaskRef { readonly id: string }

/**
 * Spreads tasks over members. Pure and deterministic: the same members give the same answer, in any order.
 *
 * A task goes only to a member that runs its node with so many partitions, so two versions of a topology can be rolled. A task
 * is the same partition of every input of a node, so co-partitioning holds by construction. Sticky: a task stays where it runs,
 * unless its member has at least two more than another that could take it.
 */
export function assignTasks (members: readonly GroupMember[]): ReadonlyMap<string, Assignment> {
  const all = [...members].sort((a, b) => compare(identityOf(a), identityOf(b))).map(({ memberId, data }): Member => {
    return { memberId, data: read<MemberData>(data, 'member'), tasks: new Set() }
  })
  const tasks = tasksOf(all)
  for (const task of tasks) {
    const able = all.filter(member => canRun(member, task))
    const owner = able.find(member => member.data.owned.includes(task.id)) ?? lightest(able, task)
    owner?.tasks.add(task.id)
  }
  for (const task of balanceOrder(tasks)) {
    const from = all.find(member => member.tasks.has(task.id))
    const to = lightest(all.filter(member => canRun(member, task)), task)
    if (from === undefined || to === undefined || from.tasks.size - to.tasks.size < 2) continue
    from.tasks.delete(task.id)
    to.tasks.add(task.id)
  }
  const owners: Record<string, string> = {}
  for (const member of all) for (const id of member.tasks) owners[id] = member.data.instance
  return new Map(all.map(member => {
    const mine = tasks.filter(task => member.tasks.has(task.id)).map(({ node, partition }) => ({ node, partition }))
    return [member.memberId, { tasks: mine, owners, nodes: member.data.nodes }]
  }))
}

/** Static members keep their place over restarts. */
function identityOf (member: GroupMember): string {
  return member.instanceId ?? member.memberId
}

function tasksOf (members: readonly Member[]): Task[] {
  const counts = new Map<string, number>()
  for (const { data } of members) for (const [node, count] of Object.entries(data.nodes)) counts.set(node, Math.max(counts.get(node) ?? 0, count))
  const names = [...counts.keys()].sort(compare)
  return names.flatMap(node => Array.from({ length: counts.get(node) as number }, (_, partition) => ({ node, partition, id: taskId(node, partition) })))
}

/** Later partitions move first: so the members keep low ones, whatever the number of members was before. */
function balanceOrder (tasks: readonly Task[]): Task[] {
  return [...tasks].sort((a, b) => b.partition - a.partition || compare(a.node, b.node))
}

function canRun (member: Member, task: Task): boolean {
  return (member.data.nodes[task.node] ?? 0) > task.partition
}

/** The member with the fewest tasks; among equals the one with the fewest of that node. */
function lightest (members: readonly Member[], task: Task): Member | undefined {
  const ofNode = (member: Member): number => [...member.tasks].filter(id => id.startsWith(`${task.node}-`)).length
  let best: Member | undefined
  for (const member of members) {
    if (best === undefined || member.tasks.size < best.tasks.size || (member.tasks.size === best.tasks.size && ofNode(member) < ofNode(best))) best = member
  }
  return best
}

function compare (a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function read<T> (bytes: Buffer, what: string): T {
  try {
    return JSON.parse(bytes.toString()) as T
  } catch (error) {
    throw new StreamsError('STR_TOPOLOGY_INVALID', { reason: `the ${what} data of the group cannot be read: another program uses its id` }, error)
  }
}
