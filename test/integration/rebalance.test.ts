import { setTimeout as pause } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { listen } from '../../streams/index.ts'
import { useStack } from '../support/stack.ts'
import { assignmentLogger, countingTopology, startCountingApp, type CountingApp, type CountingAppOptions } from './counting-app.ts'
import { CountingProcess, type Told } from './counting-process.ts'
import { CountingScene } from './counting-scene.ts'

const stack = await useStack(t, { services: ['kafka', 'redis'] })

async function scene (t: Test, partitions: number): Promise<CountingScene> {
  return await CountingScene.create(t, { brokers: stack?.endpoints.brokers ?? [], redisUrl: stack?.endpoints.redisUrl ?? '', partitions, keys: 120 })
}

interface Member extends CountingApp { readonly told: Told[] }

async function start (t: Test, { app }: CountingScene, instance: string, given: Partial<CountingAppOptions> = {}): Promise<Member> {
  const told: Told[] = []
  const started = await startCountingApp({ ...app, instance, isStatic: false, ...given }, assignmentLogger(each => { told.push(each) }))
  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => { await (closed ??= started.close()) }
  t.teardown(close)
  return { ...started, close, told }
}

/** Waits until the processes run so many tasks each. */
async function until (wanted: ReadonlyMap<Member, number>): Promise<void> {
  const isThere = (): boolean => [...wanted].every(([{ streams }, count]) => running(streams.tasks()).length === count && streams.tasks().length === count)
  while (!isThere()) await pause(10)
}

function running (tasks: ReturnType<CountingApp['streams']['tasks']>): string[] {
  return tasks.filter(({ state }) => state === 'running').map(({ id }) => id)
}

/** Commits of each task from now on. A task has one owner, so these are the owner's. */
function countCycles (t: Test): Map<string, number> {
  const cycles = new Map<string, number>()
  t.teardown(listen('streams:cycle:committed', ({ processor, partition }) => {
    const id = `${processor}-${partition}`
    cycles.set(id, (cycles.get(id) ?? 0) + 1)
  }))
  return cycles
}

/** Of each generation: how many tasks its members gave away, and the fewest with which it can be made even. */
function moves (members: readonly Member[]): Array<{ readonly generation: number, readonly moved: number, readonly fewest: number }> {
  const generations = [...new Set(members.flatMap(({ told }) => told.map(({ generation }) => generation)))].sort((a, b) => a - b)
  const held = new Map<Member, number>()
  return generations.map(generation => {
    const here = members.flatMap(member => member.told.filter(told => told.generation === generation).map(told => ({ member, told })))
    const before = here.map(({ member }) => held.get(member) ?? 0).sort((a, b) => b - a)
    const moved = here.reduce((sum, { told }) => sum + told.lost.length, 0)
    for (const { member, told } of here) held.set(member, (held.get(member) ?? 0) + told.gained.length - told.lost.length)
    const total = here.reduce((sum, { member }) => sum + (held.get(member) ?? 0), 0)
    const share = (rank: number): number => Math.floor(total / here.length) + Number(rank < total % here.length)
    return { generation, moved, fewest: before.reduce((sum, size, rank) => sum + Math.max(0, size - share(rank)), 0) }
  })
}

if (stack !== undefined) {
  t.test('one process becomes three and one again under load: exact totals, the fewest moves, and tasks that stay never stop', async t => {
    const counting = await scene(t, 12)
    const one = await start(t, counting, 'one')
    await until(new Map([[one, 12]]))
    const load = counting.load()
    const cycles = countCycles(t)
    const [two, three] = await Promise.all([start(t, counting, 'two'), start(t, counting, 'three')])
    await until(new Map([[one, 4], [two, 4], [three, 4]]))
    const during = new Map(cycles)
    const stayed = running(one.streams.tasks())
    t.ok(stayed.every(id => (during.get(id) ?? 0) > 0), 'each task that stays committed while the others were moved')
    t.comment(`cycles of the 4 tasks that stay, during the rebalances: ${stayed.map(id => during.get(id) ?? 0).join(', ')}`)
    const settled = counting.acknowledged
    await counting.until(settled)
    await two.close()
    await three.close()
    await until(new Map([[one, 12]]))
    t.ok(one.streams.tasks().filter(({ id }) => stayed.includes(id)).every(({ acquisitions }) => acquisitions === 1), 'and was acquired once only')
    await load.stop()
    for (const { generation, moved, fewest } of moves([one, two, three])) t.equal(moved, fewest, `generation ${generation}: ${moved} tasks moved`)
    await counting.check(t)
    await counting.checkStable(t)
  })

  t.test('static members are restarted one after another, by goodbye and by kill -9, and not one partition moves', async t => {
    const counting = await scene(t, 6)
    const names = ['one', 'two', 'three']
    const options = (instance: string): CountingAppOptions => ({ ...counting.app, instance, options: { sessionTimeoutMs: 45_000 } })
    const workers = new Map(names.map(name => [name, new CountingProcess(t, options(name))]))
    await Promise.all([...workers.values()].map(async worker => { await worker.until(({ running, told }) => running.size === 2 && told.length > 0) }))
    const load = counting.load()
    const tasks = new Map([...workers].map(([name, worker]) => [name, [...worker.running].sort()]))
    const generation = Math.max(...[...workers.values()].flatMap(({ told }) => told.map(each => each.generation)))
    for (const [round, name] of [...names, ...names].entries()) {
      await workers.get(name)?.end(round < names.length ? 'SIGTERM' : 'SIGKILL')
      const again = new CountingProcess(t, options(name))
      workers.set(name, again)
      await again.until(({ running }) => running.size === 2)
      t.same([...again.running].sort(), tasks.get(name), `${name} has its tasks back`)
    }
    await load.stop()
    for (const [name, { told }] of workers) t.same(told.map(each => [each.generation, each.lost]), [[generation, []]], `${name} saw no rebalance`)
    await counting.check(t)
    await counting.checkStable(t)
    for (const worker of workers.values()) await worker.end('SIGTERM')
  })

  t.test('tasks go on for as long as a round waits for a member that is frozen', async t => {
    const counting = await scene(t, 6)
    const one = await start(t, counting, 'one')
    const frozen = new CountingProcess(t, { ...counting.app, instance: 'frozen', options: { sessionTimeoutMs: 45_000 } })
    await frozen.until(({ running }) => running.size === 3)
    await until(new Map([[one, 3]]))
    const mine = running(one.streams.tasks())
    const load = counting.load()
    frozen.child.kill('SIGSTOP')
    const cycles = countCycles(t)
    const before = one.told.length
    const two = await start(t, counting, 'two')
    const during = new Map(cycles)
    while (one.told.length === before) await pause(20)
    t.ok(mine.every(id => (during.get(id) ?? 0) > 0), 'tasks of a healthy member commit while it joins')
    t.comment(`cycles of the 3 tasks of a healthy member, while the round waited: ${mine.map(id => during.get(id) ?? 0).join(', ')}`)
    t.equal(one.told.at(-1)?.lost.length, 1, 'the frozen one counts with what it has: two tasks for each')
    frozen.child.kill('SIGCONT')
    await until(new Map([[one, 2], [two, 2]]))
    await load.stop()
    await counting.check(t)
    await counting.checkStable(t)
    t.equal(await frozen.end('SIGTERM'), 0)
  })

  t.test('two versions of a topology share one group while they are rolled: a new node runs on new members only', async t => {
    const counting = await scene(t, 6)
    const next = countingTopology(counting.app.prefix, 6, 2).topology
    const [one, two] = [await start(t, counting, 'one', { isStatic: true }), await start(t, counting, 'two', { isStatic: true })]
    await until(new Map([[one, 3], [two, 3]]))
    const load = counting.load()
    await counting.provision(next)
    await one.close()
    const newOne = await start(t, counting, 'one', { isStatic: true, version: 2 })
    await until(new Map([[newOne, 6], [two, 6]]))
    t.ok(two.streams.tasks().every(({ node }) => node === 'counter'), 'an old member runs no node that it does not know')
    t.equal(new Set([...newOne.streams.tasks(), ...two.streams.tasks()].map(({ id }) => id)).size, 12, 'every task runs once')
    await two.close()
    const newTwo = await start(t, counting, 'two', { isStatic: true, version: 2 })
    await until(new Map([[newOne, 6], [newTwo, 6]]))
    await load.stop()
    await counting.check(t)
    const audited = (): boolean => [newOne, newTwo].every(({ streams }) => streams.tasks().every(({ lag }) => lag === 0n))
    while (!audited()) await pause(20)
    await counting.checkStable(t, next)
  })
}
