import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { test } from 'tap'
import { partitionOf } from '#streams'
import { partitions, topics } from '../../topology/topics.ts'
import { usePlatform } from '../support/platform.ts'
import { pythonWith } from '../support/python.ts'
import { openShop } from '../support/shop.ts'
import { watchTopic } from '../support/watch.ts'

/*
 * The example of a producer in Python (docs/examples/python) against a platform: `npm run test:foreign`.
 */

const folder = join(import.meta.dirname, '../../docs/examples/python')

interface SeenEvent { readonly type: string, readonly partition: number }

interface Outcome {
  readonly orders: ReadonlyArray<{ readonly orderId: string, readonly sentTo: number, readonly events: readonly SeenEvent[] }>
  readonly rejected: { readonly command: string, readonly code: string, readonly field: string }
  readonly deadLetters: ReadonlyArray<{ readonly reason: string, readonly processor: string, readonly topic: string }>
}

test('a producer in Python places orders by topic and learns what became of each', async t => {
  const programs = await pythonWith(join(folder, 'requirements.txt'))
  const platform = await usePlatform(t)
  if (platform === undefined) return
  const events = await watchTopic(platform.kafka, topics.orders.events)
  t.teardown(() => { events.close() })
  const [sku = ''] = await openShop(platform, events)
  const { brokers, registryUrl } = platform.endpoints
  const args = [join(folder, 'orders_by_topic.py'), '--brokers', brokers.join(','), '--registry', registryUrl, '--sku', sku]
  const { stdout } = await promisify(execFile)(join(programs, 'python'), ['-B', ...args], { maxBuffer: 1 << 24 })
  const { orders, rejected, deadLetters } = JSON.parse(stdout) as Outcome

  for (const { orderId, events } of orders) {
    t.equal(events.filter(({ type }) => type === 'OrderCreated').length, 1, 'accepted once')
    t.equal(events.at(-1)?.type, 'OrderConfirmed')
    t.ok(events.every(({ partition }) => partition === partitionOf(orderId, partitions)), 'processed where it belongs')
  }
  const isAstray = ({ orderId, sentTo }: Outcome['orders'][number]) => sentTo !== partitionOf(orderId, partitions)
  t.same(orders.slice(0, 4).filter(isAstray), [], 'the partitioner of Java is the one of the platform')
  t.ok(orders.slice(4).some(isAstray), 'the default one of librdkafka is not')
  for (const { orderId } of orders) {
    const all = events.seen.filter(({ value }) => value?.orderId === orderId).map(({ value }) => value?.type)
    t.equal(new Set(all).size, all.length, 'nothing happened to it twice')
  }

  t.match(rejected, { command: 'PlaceOrder', code: 'sku-unknown', field: '/lines/0/sku' })
  t.same(deadLetters.filter(({ processor }) => processor === 'orders'), [{ reason: 'STR_RECORD_UNREADABLE', processor: 'orders', topic: topics.orders.commands.name }])
  t.same(platform.streams.health().reasons, [], 'nothing has failed')
})
