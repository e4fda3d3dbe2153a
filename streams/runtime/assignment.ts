import { type GroupMember } from '../kafka/port.ts'
import { taskId } from '../state/changelog.ts'
import { type Assignment, decodeMemberData, type MemberData, type TaskRef } from './member-data.ts'

interface Task extends TaskRef { readonly id: string }

/** A member while tasks are dealt out. */
class Member {
  readonly memberId: string
  readonly data: MemberData
  readonly tasks = new Set<string>()
  readonly #ofNode = new Map<string, number>()

  constructor ({ memberId, data }: GroupMember) {
    this.memberId = memberId
    this.data = decodeMemberData(data)
  }

  canRun ({ node, partition }: Task): boolean {
    return (this.data.nodes[node] ?? 0) > partition
  }

  countOf (node: string): number {
    return this.#ofNode.get(node) ?? 0
  }

  add ({ id, node }: Task): void {
    this.tasks.add(id)
    this.#ofNode.set(node, this.countOf(node) + 1)
  }

  remove ({ id, node }: Task): void {
    this.tasks.delete(id)
    this.#ofNode.set(node, this.countOf(node) - 1)
  }
}

/**
 * Spreads tasks over members. Pure and deterministic: the same members give the same answer, in any order.
 *
 * A task goes only to a member that runs its node with so many partitions, so two versions of a topology can be rolled. A task
 * is the same partition of every input of a node, so co-partitioning holds by construction. Sticky: a task stays with the member
 * that was told last to run it, unless that one has at least two more than another that could take it; then the fewest tasks move
 * that make it even.
 *
 * `last` is what the leader knows of the assignment before, instance by task: it speaks for a member that is away during the round,
 * of which the group only has what it said when it joined.
 */
export function assignTasks (members: readonly GroupMember[], last: Readonly<Record<string, string>> = {}): ReadonlyMap<string, Assignment> {
  const all = [...members].sort((a, b) => compare(identityOf(a), identityOf(b))).map(member => new Member(member))
  const tasks = tasksOf(all)
  const free = tasks.filter(task => {
    const able = all.filter(member => member.canRun(task))
    const holder = newestClaim(able, task) ?? able.find(member => member.data.instance === last[task.id])
    holder?.add(task)
    return holder === undefined
  })
  for (const task of free) lightest(all, task)?.add(task)
  const order = balanceOrder(tasks)
  for (let move = widestMove(all, order); move !== undefined; move = widestMove(all, order)) {
    move.from.remove(move.task)
    move.to.add(move.task)
  }
  const owners: Record<string, string> = {}
  for (const member of all) for (const id of member.tasks) owners[id] = member.data.instance
  return new Map(all.map(member => {
    const mine = tasks.filter(task => member.tasks.has(task.id)).map(({ node, partition }) => ({ node, partition }))
    return [member.memberId, { tasks: mine, owners, nodes: member.data.nodes }]
  }))
}

function newestClaim (members: readonly Member[], task: Task): Member | undefined {
  let newest: Member | undefined
  for (const member of members) {
    if (member.data.owned.includes(task.id) && (newest === undefined || generationOf(member) > generationOf(newest))) newest = member
  }
  return newest
}

function generationOf ({ data }: Member): number {
  return data.generation ?? -1
}

interface Move { readonly task: Task, readonly from: Member, readonly to: Member }

/** The move from the heaviest to the lightest: only such moves reach an even spread with as few of them as there can be. */
function widestMove (members: readonly Member[], order: readonly Task[]): Move | undefined {
  let widest: Move | undefined
  let widestGap = 1
  for (const task of order) {
    const from = members.find(member => member.tasks.has(task.id))
    const to = lightest(members, task)
    if (from === undefined || to === undefined || from.tasks.size - to.tasks.size <= widestGap) continue
    widest = { task, from, to }
    widestGap = from.tasks.size - to.tasks.size
  }
  return widest
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

/** Of the members that can run the task the one with the fewest; among equals the one with the fewest of its node. */
function lightest (members: readonly Member[], task: Task): Member | undefined {
  let best: Member | undefined
  for (const member of members) {
    if (!member.canRun(task)) continue
    const isLighter = best === undefined || member.tasks.size < best.tasks.size ||
      (member.tasks.size === best.tasks.size && member.countOf(task.node) < best.countOf(task.node))
    if (isLighter) best = member
  }
  return best
}

function compare (a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
