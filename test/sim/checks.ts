import { decodeProgress, headerText, type Progress, taskKey } from '../../streams/index.ts'
import { decodePlan } from '../../streams/sink/plan-codec.ts'
import { resumeOffsets } from '../../streams/sink/plan.ts'
import { type MemoryBackend, type MemoryBroker } from '../../streams/testing/index.ts'
import { isProgress, parseChangelogKey, TIMER_STORE } from '../../streams/state/changelog.ts'
import { changelogOf, losesLog } from './injector.ts'
import { committed, decoded, type Decoded } from './log.ts'
import { APPLICATION, archived, cancels, DEAD_LETTERS, events, groupOf, type Order, orders, PARTITIONS, TASKS, totals } from './workload.ts'
import { homeOf, type World } from './world.ts'

/** Something that is not as it must be: the check that says so, and what it found. */
export interface Problem { readonly check: string, readonly found: string }

type Say = (found: string) => void
type Check = (world: World, say: Say) => Promise<void> | void

/** What must hold once everything is quiet. Those of the first table hold also where the broker loses what it acknowledged. */
const always: Readonly<Record<string, Check>> = {
  'every task runs, once': tasksRun,
  'no transaction hangs (R10)': nothingHangs,
  'state is the fold of its changelog (R1, R5)': stateIsFold,
  'progress reaches the end and never goes back (R3)': progressIsWhole
}
const exact: Readonly<Record<string, Check>> = {
  'counts of a key are 1, 2, 3 … in the order of its inputs (R3, R6)': countsAreExact,
  'every input has one end (R7, R8)': inputsHaveOneEnd,
  'totals of a group are 1, 2, 3 …, one for each event': totalsAreExact,
  'timers end once, and never before their inputs (A4, A15)': timersEndOnce,
  'state is what the inputs say': stateIsModel,
  'one row in the sink for each offset': rowsAreExact
}

/** Checks that fail, in the order of the tables; the first one only when that is all that is asked for. */
export async function checkWorld (world: World, isOneEnough: boolean): Promise<Problem[]> {
  if (world.watch.breach !== undefined) return [{ check: 'nobody but the owner writes, and only what is committed (R1, R2)', found: world.watch.breach }]
  const problems: Problem[] = []
  for (const [check, run] of Object.entries(losesLog(world.scenario.faults) ? always : { ...always, ...exact })) {
    let isFirst = true
    await run(world, found => {
      if (isFirst) problems.push({ check, found })
      isFirst = false
    })
    if (isOneEnough && problems.length > 0) break
  }
  return problems
}

function tasksRun (world: World, say: Say): void {
  const owners = new Map<string, string[]>()
  for (const process of world.alive) {
    for (const task of process.streams.tasks()) {
      if (task.state !== 'running') say(`${task.id} is ${task.state} in ${process.id}: ${task.reason?.message}`)
      owners.set(task.id, [...owners.get(task.id) ?? [], process.id])
    }
  }
  if (owners.size !== TASKS) say(`${owners.size} of ${TASKS} tasks: ${[...owners.keys()].join()}`)
  for (const [task, ids] of owners) if (ids.length > 1) say(`${task} is in ${ids.join(' and ')}`)
}

function nothingHangs ({ broker }: World, say: Say): void {
  for (const topic of broker.topicNames()) {
    for (const log of broker.topic(topic)?.logs ?? []) {
      if (log.lastStableOffset !== log.endOffset) say(`${topic}-${log.partition}: ${log.lastStableOffset} of ${log.endOffset} is stable`)
    }
  }
}

/** Rows of one task, as the log has them: `store/key` → value in hexadecimal. */
function foldOf (broker: MemoryBroker, node: string, partition: number): Map<string, string> {
  const rows = new Map<string, string>()
  for (const { key, value } of committed(broker, changelogOf(node), partition)) {
    const parsed = parseChangelogKey(key)
    if (parsed.kind !== 'row') continue
    if (value === null) rows.delete(`${parsed.store}/${parsed.key}`)
    else rows.set(`${parsed.store}/${parsed.key}`, value.toString('hex'))
  }
  return rows
}

const storesOf: Readonly<Record<string, readonly string[]>> = { count: ['counts', 'armed', 'fired', 'fences', TIMER_STORE], sum: ['sums', TIMER_STORE] }

async function rowsOf (backend: MemoryBackend, node: string, partition: number): Promise<Map<string, string>> {
  const task = backend.open(taskKey(APPLICATION, node, partition))
  const rows = new Map<string, string>()
  for (const store of storesOf[node] ?? []) for (const [key, value] of (await task.rows(store)).rows) rows.set(`${store}/${key}`, value.toString('hex'))
  return rows
}

async function stateIsFold ({ broker, backend }: World, say: Say): Promise<void> {
  for (const node of ['count', 'sum']) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const meta = backend.metaOf(taskKey(APPLICATION, node, partition))
      const progress = newestProgress(broker, node, partition)
      if (meta === null || progress === undefined) say(`${node}-${partition} has no ${meta === null ? 'state' : 'progress'}`)
      else if (meta.sequence !== progress.sequence) say(`${node}-${partition} is at sequence ${meta.sequence}, its log at ${progress.sequence}`)
      const difference = differenceOf(foldOf(broker, node, partition), await rowsOf(backend, node, partition))
      if (difference !== undefined) say(`${node}-${partition} ${difference}`)
    }
  }
}

function differenceOf (expected: ReadonlyMap<string, string>, found: ReadonlyMap<string, string>): string | undefined {
  const text = (hex: string | undefined): string => hex === undefined ? 'nothing' : Buffer.from(hex, 'hex').toString()
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    if (expected.get(key) !== found.get(key)) return `${key}: ${text(found.get(key))} instead of ${text(expected.get(key))}`
  }
  return undefined
}

function progressesOf (broker: MemoryBroker, node: string, partition: number): Progress[] {
  return committed(broker, changelogOf(node), partition).flatMap(({ key, value }) => {
    // A known-bad build has ownership records under this key, too.
    if (key?.toString() !== 'progress' || value === null || (value[0] === 1 && value[1] === 0x7B)) return []
    if (isProgress(value)) return [decodeProgress(value)]
    const plan = decodePlan(value, partition)
    return [{ sequence: plan.sequence, contextTimeMs: Infinity, offsets: resumeOffsets(plan) }]
  })
}

function newestProgress (broker: MemoryBroker, node: string, partition: number): Progress | undefined {
  return progressesOf(broker, node, partition).at(-1)
}

const inputsOf: Readonly<Record<string, readonly string[]>> = { count: ['orders', 'cancels'], sum: ['events'], archive: archived.map(({ name }) => name) }

function progressIsWhole ({ broker }: World, say: Say): void {
  for (const [node, topics] of Object.entries(inputsOf)) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const list = progressesOf(broker, node, partition)
      for (const topic of topics) {
        const last = committed(broker, topic, partition).at(-1)?.offset ?? -1n
        const end = broker.log(topic, partition).endOffset
        const next = list.at(-1)?.offsets.get(topic) ?? -1n
        if (next <= last || next > end) say(`${node}-${partition} is at ${next} of ${topic}, which ends with ${last}`)
      }
      for (const [index, progress] of list.entries()) {
        const before = list[index - 1]
        if (before === undefined) continue
        if (progress.sequence <= before.sequence) say(`${node}-${partition}: sequence ${progress.sequence} after ${before.sequence}`)
        if (progress.contextTimeMs < before.contextTimeMs) say(`${node}-${partition}: context time ${progress.contextTimeMs} after ${before.contextTimeMs}`)
        for (const [topic, next] of progress.offsets) if (next < (before.offsets.get(topic) ?? 0n)) say(`${node}-${partition}: ${topic} went back to ${next}`)
      }
    }
  }
}

/** Inputs of orders that are where they belong: forwarded ones among them. */
function homeOrders (broker: MemoryBroker): Array<Decoded<Order>> {
  return decoded(broker, orders).filter(({ key, partition }) => homeOf(key) === partition)
}

function countsAreExact ({ broker }: World, say: Say): void {
  const expected = new Map<string, string[]>()
  for (const { key, value } of homeOrders(broker)) if (value.kind !== 'poison') expected.set(key, [...expected.get(key) ?? [], value.id])
  const found = new Map<string, string[]>()
  for (const { value } of decoded(broker, events)) {
    if (value.type !== 'Counted') continue
    const list = found.get(value.key) ?? []
    found.set(value.key, [...list, value.id])
    if (value.n !== list.length + 1) say(`${value.key}: order ${value.id} is number ${value.n} and not ${list.length + 1}`)
  }
  for (const [key, ids] of expected) {
    const got = found.get(key) ?? []
    const at = ids.findIndex((id, index) => got[index] !== id)
    if (at >= 0) say(`${key}: order ${ids[at]} is number ${at + 1}, found ${got[at] ?? 'nothing'}`)
    else if (got.length !== ids.length) say(`${key}: ${got.length} counts of ${ids.length} orders, the first too many is ${got[ids.length]}`)
  }
}

function inputsHaveOneEnd ({ broker }: World, say: Say): void {
  const ends = new Map<string, number>()
  for (const { value } of decoded(broker, events)) if (value.type === 'Counted') ends.set(value.id, (ends.get(value.id) ?? 0) + 1)
  const letters = new Map<string, number>()
  for (const { value, headers } of committed(broker, DEAD_LETTERS, 0)) {
    const { id, kind } = JSON.parse(String(value)) as { readonly id: string, readonly kind?: string }
    letters.set(id, (letters.get(id) ?? 0) + 1)
    if (kind !== 'poison' || headerText(headers, 'dlq.topic') !== 'orders') say(`${id} has a dead letter of ${headerText(headers, 'dlq.topic')}: ${headerText(headers, 'dlq.message')}`)
  }
  const ids = new Set<string>()
  for (const { value: { id, kind } } of homeOrders(broker)) {
    if (ids.has(id)) say(`${id} was forwarded twice`)
    ids.add(id)
    const [wanted, other] = kind === 'poison' ? [letters, ends] : [ends, letters]
    if (wanted.get(id) !== 1 || other.has(id)) say(`${id} (${kind}) has ${ends.get(id) ?? 0} counts and ${letters.get(id) ?? 0} dead letters`)
  }
  for (const { value: { id }, key, partition } of decoded(broker, orders)) if (homeOf(key) !== partition && !ids.has(id)) say(`${id} was not forwarded`)
  for (const id of [...ends.keys(), ...letters.keys()]) if (!ids.has(id)) say(`${id} was never committed`)
}

function totalsAreExact ({ broker }: World, say: Say): void {
  const expected = new Map<string, string[]>()
  for (const { key, value } of decoded(broker, events)) expected.set(key, [...expected.get(key) ?? [], `${value.type} ${value.id}`])
  const found = new Map<string, string[]>()
  for (const { value } of decoded(broker, totals)) {
    const list = found.get(value.group) ?? []
    found.set(value.group, [...list, `${value.what} ${value.id}`])
    if (value.total !== list.length + 1) say(`${value.group}: ${value.what} ${value.id} is number ${value.total} and not ${list.length + 1}`)
  }
  for (const [group, list] of expected) {
    const got = found.get(group) ?? []
    const at = list.findIndex((each, index) => got[index] !== each)
    if (at >= 0) say(`${group}: ${list[at]} is number ${at + 1}, found ${got[at] ?? 'nothing'}`)
    else if (got.length !== list.length) say(`${group}: ${got.length} totals of ${list.length} events`)
  }
}

/** What became of each timed order: everything that was said of it. */
function timersEndOnce ({ broker }: World, say: Say): void {
  const dueMs = new Map<string, number>()
  const firedMs = new Map<string, number[]>()
  const ended = new Map<string, number>()
  for (const { value } of decoded(broker, events)) {
    if (value.type === 'Counted' && value.dueMs !== null) dueMs.set(value.id, value.dueMs)
    if (value.type === 'Fired') firedMs.set(value.id, [...firedMs.get(value.id) ?? [], value.atMs])
    if (value.type === 'Ended') ended.set(value.id, (ended.get(value.id) ?? 0) + 1)
  }
  const cancelled = new Map(decoded(broker, cancels).map(({ value: { id }, timestampMs }) => [id, timestampMs]))
  for (const { value: { id, kind } } of homeOrders(broker)) {
    const fires = firedMs.get(id) ?? []
    const ends = ended.get(id) ?? 0
    if (kind !== 'timed') {
      if (fires.length > 0) say(`${id} (${kind}) fired`)
      continue
    }
    const due = dueMs.get(id)
    const cancel = cancelled.get(id)
    if (due === undefined ? cancel === undefined : fires.length + ends !== 1) say(`${id}: fired ${fires.length} times, ended ${ends} times, due ${due}`)
    if (fires.length > 0 && due !== undefined && cancel !== undefined && cancel < due) say(`${id} fired although it was cancelled ${due - cancel} ms before it was due`)
    for (const atMs of fires) if (due !== undefined && atMs < due) say(`${id} fired ${due - atMs} ms too early`)
  }
}

async function stateIsModel ({ broker, backend }: World, say: Say): Promise<void> {
  const expected = new Map<string, string>()
  const set = (key: string, value: unknown): void => { expected.set(key, Buffer.from(JSON.stringify(value)).toString('hex')) }
  const numbers = new Map<string, number>()
  for (const { key, value } of homeOrders(broker)) if (value.kind !== 'poison') numbers.set(key, (numbers.get(key) ?? 0) + 1)
  for (const [key, n] of numbers) set(`counts/${key}`, n)
  const known = new Set<string>()
  const groups = new Map<string, number>()
  for (const { value } of decoded(broker, events)) {
    const group = groupOf(value.key)
    groups.set(group, (groups.get(group) ?? 0) + 1)
    if (value.type === 'Counted') known.add(value.id)
    if (value.type === 'Fired') set(`fired/${value.id}`, value.atMs)
  }
  for (const [group, n] of groups) set(`sums/${group}`, n)
  for (const { value: { id } } of decoded(broker, cancels)) if (!known.has(id)) set(`fences/${id}`, true)
  const found = new Map<string, string>()
  for (const node of ['count', 'sum']) {
    for (let partition = 0; partition < PARTITIONS; partition++) for (const [key, value] of await rowsOf(backend, node, partition)) found.set(key, value)
  }
  const difference = differenceOf(expected, found)
  if (difference !== undefined) say(difference)
}

function rowsAreExact ({ broker, target }: World, say: Say): void {
  for (const { name } of archived) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const rows = new Map<bigint, string | null>()
      for (const { offset, value } of target.rows(name, partition)) {
        if (rows.has(offset)) say(`${name}-${partition}: offset ${offset} is there twice`)
        rows.set(offset, value)
      }
      for (const { offset, value } of committed(broker, name, partition)) {
        if (rows.get(offset) !== String(value)) say(`${name}-${partition}: offset ${offset} is ${rows.get(offset) ?? 'missing'}`)
        rows.delete(offset)
      }
      for (const offset of rows.keys()) say(`${name}-${partition}: offset ${offset} was never committed`)
    }
  }
}
