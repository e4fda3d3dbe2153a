import { Kafka as KafkaJsClient, logLevel } from 'kafkajs'
import { toRecord } from '../../../ops/play/commands.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { changelogOf, topics } from '../../../topology/index.ts'
import { newOrderId, placeOrder } from '../../support/orders.ts'
import { readTasks } from '../evidence/read-tasks.ts'
import { type Act } from '../stage/act.ts'
import { until } from '../../support/until.ts'
import { type Row } from './row.ts'

const partition = 3

/** Waits until the log of the processors names the error. */
async function halts (act: Act, why: string, code: RegExp): Promise<void> {
  await until(() => code.test(act.stage.process('p1').errors), `the processors say ${code}: ${why}`)
}

export const endRows: readonly Row[] = [
  {
    number: 29,
    fault: 'log truncated beyond the progress, partition count grown, topic deleted',
    done: 'records that were not processed are deleted; then a topic gets a ninth partition; then a topic is deleted: each stops its tasks with a reason, at every start, and no progress is reset',
    group: 'end',
    isEnd: true,
    run: async act => {
      const { stage } = act
      const { kafka, state, topology } = stage.outside
      const admin = new KafkaJsClient({ brokers: [...localEndpoints(stage.services.config).brokers], clientId: 'row-29', logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      try {
        const progress = async (): Promise<number | undefined> =>
          (await readTasks(kafka, state, topology)).find(({ task }) => task === `orders-${partition}`)?.inputs[topics.orders.commands.name]
        await stage.process('p1').end()
        const orderIds = Array.from({ length: 3 }, () => newOrderId(partition))
        await act.send(...orderIds.map(orderId => toRecord(topics.orders.commands, orderId, placeOrder(orderId, act.skus[0] ?? ''))))
        const before = await progress()
        // kafkajs looks for the leaders before it has asked for them.
        await admin.fetchTopicOffsets(topics.orders.commands.name)
        await admin.deleteTopicRecords({ topic: topics.orders.commands.name, partitions: [{ partition, offset: '-1' }] })
        for (let start = 0; start < 2; start++) {
          await stage.start('p1', 'processor')
          await halts(act, 'records were deleted', /STR_OFFSET_OUT_OF_RANGE/)
          act.expect(`orders-${partition} keeps its progress ${before}`, await progress() === before)
          await stage.process('p1').end()
        }
        await admin.createPartitions({ topicPartitions: [{ topic: topics.shipping.commands.name, count: 9 }] })
        await stage.start('p1', 'processor').catch(() => {})
        await halts(act, 'a partition was added', /STR_TOPIC_CHANGED/)
        await stage.process('p1').end()
        await admin.deleteTopics({ topics: [topics.payments.commands.name] })
        await stage.start('p1', 'processor').catch(() => {})
        await halts(act, 'a topic was deleted', /STR_TOPIC_MISSING/)
        const ends = await kafka.endOffsets([{ topic: changelogOf('payments'), partition }])
        act.expect('the changelog is still there', [...ends.values()].every(end => end > 0n))
      } finally {
        await admin.disconnect()
      }
    }
  }
]
