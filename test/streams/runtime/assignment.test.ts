import fc from 'fast-check'
import { test } from 'tap'
import { type GroupMember } from '../../../streams/kafka/port.ts'
import { assignTasks } from '../../../streams/runtime/assignment.ts'
import { type Assignment, decodeAssignment, encodeAssignment, encodeMemberData, MemberCard, type MemberData } from '../../../streams/runtime/member-data.ts'

function member (memberId: string, data: Partial<MemberData>): GroupMember {
  return { memberId, instanceId: undefined, data: encodeMemberData({ version: '1', instance: `host-${memberId}`, nodes: {}, owned: [], ...data }) }
}

function ids (assignment: Assignment | undefined): string[] {
  return (assignment?.tasks ?? []).map(({ node, partition }) => `${node}-${partition}`)
}

const members = fc.uniqueArray(fc.record({
  id: fc.string({ minLength: 1, maxLength: 4 }),
  nodes: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 5 })),
  owned: fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(5)).map(([node, partition]) => `${node}-${partition}`), { maxLength: 6 })
}), { minLength: 1, maxLength: 6, selector: ({ id }) => id })

test('an assignment gives every task to exactly one member that can run it', async () => {
  fc.assert(fc.property(members, given => {
    const assignments = assignTasks(given.map(({ id, nodes, owned }) => member(id, { nodes, owned })))
    const expected = new Set(given.flatMap(({ nodes }) => Object.entries(nodes).flatMap(([node, count]) => Array.from({ length: count }, (_, p) => `${node}-${p}`))))
    const all = [...assignments.values()].flatMap(ids)
    const able = given.every(({ id, nodes }) => (assignments.get(id)?.tasks ?? []).every(({ node, partition }) => (nodes[node] ?? 0) > partition))
    return able && all.length === expected.size && new Set(all).size === all.length && all.every(task => expected.has(task))
  }))
})

test('an assignment is the same in whatever order the members are listed', async () => {
  fc.assert(fc.property(members, given => {
    const list = given.map(({ id, nodes, owned }) => member(id, { nodes, owned }))
    const forwards = JSON.stringify([...assignTasks(list)].sort())
    return forwards === JSON.stringify([...assignTasks([...list].reverse())].sort())
  }))
})

test('an assignment among equals differs by one task at most', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 24 }), fc.array(fc.nat(23)), (count, partitions, owned) => {
    const list = Array.from({ length: count }, (_, n) => member(`m${n}`, { nodes: { a: partitions }, owned: n === 0 ? owned.map(p => `a-${p}`) : [] }))
    const sizes = [...assignTasks(list).values()].map(assignment => assignment.tasks.length)
    return Math.max(...sizes) - Math.min(...sizes) <= 1
  }))
})

test('an assignment does not move a task when nobody joins or leaves', async () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 8 })), (count, nodes) => {
    const fresh = assignTasks(Array.from({ length: count }, (_, n) => member(`m${n}`, { nodes })))
    const again = assignTasks(Array.from({ length: count }, (_, n) => member(`m${n}`, { nodes, owned: ids(fresh.get(`m${n}`)) })))
    return JSON.stringify([...fresh]) === JSON.stringify([...again])
  }))
})

test('a member that joins takes only what it must', async t => {
  const nodes = { a: 6 }
  const owned = (...partitions: number[]): string[] => partitions.map(p => `a-${p}`)
  const after = assignTasks([member('1', { nodes, owned: owned(0, 1, 2) }), member('2', { nodes, owned: owned(3, 4, 5) }), member('3', { nodes })])
  t.equal(ids(after.get('1')).filter(id => owned(0, 1, 2).includes(id)).length, 2)
  t.equal(ids(after.get('2')).filter(id => owned(3, 4, 5).includes(id)).length, 2)
  t.equal(ids(after.get('3')).length, 2)
})

test('an assignment moves as few tasks as an even spread can be had for', async () => {
  const everyHolder = fc.array(fc.nat(7), { minLength: 30, maxLength: 30 })
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 30 }), everyHolder, (count, partitions, holders) => {
    // Task p was run by holders[p]; a holder that is no member has left, and its tasks have to go somewhere in any case.
    const ownedBy = (n: number): string[] => Array.from({ length: partitions }, (_, p) => p).filter(p => holders[p] === n).map(p => `a-${p}`)
    const list = Array.from({ length: count }, (_, n) => member(`m${n}`, { nodes: { a: partitions }, owned: ownedBy(n) }))
    const after = assignTasks(list)
    const moved = list.reduce((sum, { memberId }, n) => sum + ownedBy(n).filter(task => !ids(after.get(memberId)).includes(task)).length, 0)
    const sizes = list.map((_, n) => ownedBy(n).length).sort((a, b) => b - a)
    const fewest = sizes.reduce((sum, size, rank) => sum + Math.max(0, size - Math.floor(partitions / count) - (rank < partitions % count ? 1 : 0)), 0)
    return moved === fewest
  }))
})

test('a member that joins takes from the one with the most, not from one that has its share', async t => {
  const nodes = { a: 5 }
  const after = assignTasks([member('1', { nodes, owned: ['a-0', 'a-1', 'a-2'] }), member('2', { nodes, owned: ['a-3', 'a-4'] }), member('3', { nodes })])
  t.same(ids(after.get('2')), ['a-3', 'a-4'])
  t.same([ids(after.get('1')), ids(after.get('3'))], [['a-0', 'a-1'], ['a-2']])
})

test('tasks of a member that left go to the others without moving one of theirs', async t => {
  const nodes = { a: 7 }
  const after = assignTasks([member('1', { nodes, owned: ['a-4', 'a-5', 'a-6'] }), member('2', { nodes, owned: ['a-1', 'a-2'] })])
  t.same(ids(after.get('1')), ['a-3', 'a-4', 'a-5', 'a-6'])
  t.same(ids(after.get('2')), ['a-0', 'a-1', 'a-2'])
})

test('a task that two members claim stays with the one that was told later', async t => {
  const nodes = { a: 4 }
  const sleeper = member('1', { nodes, owned: ['a-0', 'a-1', 'a-2', 'a-3'], generation: 3 })
  const after = assignTasks([sleeper, member('2', { nodes, owned: ['a-2', 'a-3'], generation: 4 })])
  t.same([ids(after.get('1')), ids(after.get('2'))], [['a-0', 'a-1'], ['a-2', 'a-3']])
})

test('a member that is away during a round keeps what the leader knows it has', async t => {
  const nodes = { a: 4 }
  const away = member('away', { nodes, owned: [] }) // what it said when it joined
  const members = [away, member('leader', { nodes, owned: ['a-2', 'a-3'], generation: 7 }), member('new', { nodes })]
  const last = { 'a-0': 'host-away', 'a-1': 'host-away', 'a-2': 'host-leader', 'a-3': 'host-leader' }
  const after = assignTasks(members, last)
  t.ok(ids(after.get('away')).every(task => task === 'a-0' || task === 'a-1'))
  t.ok(ids(after.get('leader')).every(task => task === 'a-2' || task === 'a-3'))
  t.equal(ids(after.get('new')).length, 1)
})

test('a node whose name begins like that of another is counted apart when tasks are spread', async t => {
  const after = assignTasks([member('1', { nodes: { a: 2, 'a-b': 2 } }), member('2', { nodes: { a: 2, 'a-b': 2 } })])
  t.same(ids(after.get('1')), ['a-0', 'a-b-0'])
  t.same(ids(after.get('2')), ['a-1', 'a-b-1'])
})

test('a process tells the leader what it was assigned, in which generation, and asks again when that was not for its nodes', async t => {
  const card = new MemberCard({ version: '2', instance: 'host', nodes: { a: 2, b: 1 } })
  const said = (): MemberData => JSON.parse(card.data().toString()) as MemberData
  t.match(said(), { owned: [], generation: -1, asked: 0 })
  t.equal(card.take({ tasks: [{ node: 'a', partition: 1 }], owners: {}, nodes: { a: 2 } }, 5), false)
  t.match(said(), { owned: ['a-1'], generation: 5, asked: 1 })
  t.equal(card.take({ tasks: [], owners: {}, nodes: { a: 2, b: 1 } }, 6), true)
  t.match(said(), { owned: [], generation: 6, asked: 1 })
})

test('a node that only a newer version knows goes only to members of that version', async t => {
  const after = assignTasks([member('old', { nodes: { a: 2 }, version: '1' }), member('new', { nodes: { a: 2, b: 2 }, version: '2' })])
  t.same(ids(after.get('old')), ['a-0', 'a-1'])
  t.same(ids(after.get('new')), ['b-0', 'b-1'])
})

test('every member is told who has which task', async t => {
  const after = assignTasks([member('1', { nodes: { a: 2 } }), member('2', { nodes: { a: 2 } })])
  t.same(after.get('1')?.owners, { 'a-0': 'host-1', 'a-1': 'host-2' })
  t.same(after.get('2')?.owners, after.get('1')?.owners)
})

test('a static member keeps its place when it comes back under another member id', async t => {
  const as = (memberId: string): GroupMember => ({ ...member(memberId, { nodes: { a: 4 } }), instanceId: 'one' })
  const other = { ...member('other', { nodes: { a: 4 } }), instanceId: 'two' }
  t.same(ids(assignTasks([as('x'), other]).get('x')), ids(assignTasks([as('zzz'), other]).get('zzz')))
})

test('assignments travel as bytes; data of another program is refused', async t => {
  const assignment = { tasks: [{ node: 'a', partition: 1 }], owners: { 'a-1': 'host' } }
  t.same(decodeAssignment(encodeAssignment(assignment)), assignment)
  t.same(decodeAssignment(Buffer.alloc(0)), { tasks: [], owners: {} })
  t.throws(() => decodeAssignment(Buffer.of(0, 1)), { code: 'STR_TOPOLOGY_INVALID' })
  t.throws(() => assignTasks([{ memberId: 'x', instanceId: undefined, data: Buffer.of(0) }]), { code: 'STR_TOPOLOGY_INVALID' })
})
