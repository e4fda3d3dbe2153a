import { type Kafka, type StateBackend, type SubTopology, type Topology, decodeProgress, partitionKey, partitionsOf, taskKey } from '#streams'
import { readPartition } from '../../../ops/verify/read-partition.ts'
import { changelogTopic, PARKED_STORE, taskId, TIMER_STORE, WAITING_STORE, effectStore } from '../../../streams/state/changelog.ts'
import { type StoreFacts, type TaskFacts } from './evidence.ts'
import { FoldedChangelog, storeFacts, timerIndex } from './fold-changelog.ts'

type Processor = Extract<SubTopology, { readonly kind: 'processor' }>

/** Every processor task: its changelog folded from the start, beside what the state holds. */
export async function readTasks (kafka: Kafka, state: StateBackend, topology: Topology): Promise<TaskFacts[]> {
  const facts: TaskFacts[] = []
  for (const node of topology.nodes) {
    if (node.kind !== 'processor') continue
    for (let partition = 0; partition < partitionsOf(node); partition++) facts.push(await readTask(kafka, state, topology.applicationId, node, partition))
  }
  return facts
}

/** Names of all stores of a processor as the state knows them, those of the runtime included. */
export function storesOf (node: Processor): readonly string[] {
  return [...node.stores.map(({ name }) => name), TIMER_STORE, PARKED_STORE, WAITING_STORE, ...node.effects.map(({ name }) => effectStore(name))]
}

async function readTask (kafka: Kafka, state: StateBackend, applicationId: string, node: Processor, partition: number): Promise<TaskFacts> {
  const at = { topic: changelogTopic(applicationId, node.name), partition }
  const key = partitionKey(at.topic, partition)
  const [starts, ends] = [await kafka.startOffsets([at]), await kafka.endOffsets([at])]
  const folded = new FoldedChangelog(storesOf(node))
  await readPartition(kafka, at, { from: starts.get(key) ?? 0n, end: ends.get(key) ?? 0n }, record => { folded.add(record) })
  const task = state.open(taskKey(applicationId, node.name, partition), node.stores.filter(({ ordered }) => ordered === true).map(({ name }) => name))
  const meta = await task.meta()
  const stored: Record<string, StoreFacts> = {}
  for (const store of folded.stores.keys()) stored[store] = storeFacts(new Map((await task.rows(store)).rows))
  const index = await task.read({ keys: [], timers: { dueMs: Number.MAX_SAFE_INTEGER, limit: 1_000_000 } })
  return {
    task: taskId(node.name, partition),
    processor: node.name,
    partition,
    inputs: Object.fromEntries([...folded.inputs].map(([topic, next]) => [topic, Number(next)])),
    setbacks: folded.setbacks,
    log: folded.facts(),
    state: { ...stored, [timerIndex]: storeFacts(new Map(index.timers.map(({ key, dueMs }) => [key, Buffer.from(String(dueMs))]))) },
    sequence: { log: String(folded.sequence), state: meta === null || meta.progress.length === 0 ? 'none' : String(decodeProgress(meta.progress).sequence) },
    origins: folded.origins
  }
}
