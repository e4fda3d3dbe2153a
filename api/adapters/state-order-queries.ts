import { StreamsError } from '../../streams/errors.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { type Serde } from '../../streams/serde/serde.ts'
import { decodeProgress, taskKey } from '../../streams/state/changelog.ts'
import { type StateBackend, type StateMeta, type TaskState } from '../../streams/state/port.ts'
import { orderStore, ordersName, viewStore } from '../../topology/orders/process-orders.ts'
import { partitions } from '../../topology/topics.ts'
import { type OrderQueries } from '../ports.ts'
import { type LogPosition } from '../position.ts'

export interface StateQueriesOptions {
  readonly backend: StateBackend
  readonly applicationId: string
}

/**
 * Reads orders where the orders processor keeps them: view, body hash and progress in one read, so that they are of one moment.
 * A task whose state is missing, being restored or in the middle of a large change is not read: STR_STATE_UNAVAILABLE.
 */
export function createStateOrderQueries ({ backend, applicationId }: StateQueriesOptions): OrderQueries {
  const tasks = new Map<number, TaskState>()

  function taskOf (orderId: string): TaskState {
    const partition = partitionOf(orderId, partitions)
    let task = tasks.get(partition)
    if (task === undefined) tasks.set(partition, task = backend.open(taskKey(applicationId, ordersName, partition)))
    return task
  }

  return {
    read: async (orderId, position) => {
      const answer = await taskOf(orderId).read({ keys: [{ store: viewStore.name, key: orderId }, { store: orderStore.name, key: orderId }] })
      const meta = readableMeta(answer.meta, orderId)
      const [view, state] = answer.values
      return {
        view: await decoded(viewStore.value, view),
        bodyHash: (await decoded(orderStore.value, state))?.bodyHash,
        reached: position === undefined || isReached(meta, position)
      }
    }
  }
}

function readableMeta (meta: StateMeta | null, orderId: string): StateMeta {
  if (meta === null || meta.restoring || meta.applying || meta.progress.length === 0) {
    throw new StreamsError('STR_STATE_UNAVAILABLE', { node: ordersName, partition: partitionOf(orderId, partitions), reason: meta === null ? 'missing' : 'being restored' })
  }
  return meta
}

function isReached (meta: StateMeta, position: LogPosition): boolean {
  const next = decodeProgress(meta.progress).offsets.get(position.topic)
  return next !== undefined && next > position.offset
}

async function decoded<T> (serde: Serde<T>, bytes: Buffer | null | undefined): Promise<T | undefined> {
  if (bytes === null || bytes === undefined) return undefined
  await serde.prepare?.(bytes)
  return serde.decode(bytes)
}
