import { partitionOf } from '#streams'
import { readPartition } from '../../../ops/verify/read-partition.ts'
import { topics } from '../../../topology/index.ts'
import { type Act } from '../stage/act.ts'

/** Whether all of these orders have come to an event of that type. */
export async function haveAll (act: Act, orderIds: readonly string[], type: string): Promise<boolean> {
  for (const orderId of orderIds) if (!(await typesOf(act, orderId)).includes(type)) return false
  return true
}

/** What happened to an order, by the events that are in the log. */
export async function typesOf (act: Act, orderId: string): Promise<string[]> {
  const types: string[] = []
  const { kafka } = act.stage.outside
  for (const topic of [topics.orders.events, topics.orders.rejections]) {
    const at = { topic: topic.name, partition: partitionOf(orderId, topic.partitions) }
    const [end = 0n] = (await kafka.endOffsets([at])).values()
    const values: Buffer[] = []
    await readPartition(kafka, at, { from: 0n, end }, ({ key, value }) => {
      if (key?.toString() === orderId && value !== null) values.push(Buffer.from(value))
    })
    for (const value of values) {
      await topic.value.prepare?.(value)
      types.push(topic.value.decode(value).type)
    }
  }
  return types
}
