import { test } from 'tap'
import { type MessageName, fullNames } from '../../schemas/index.ts'
import { type CommerceCodec, bindCodec, changelogOf, commerceSerde, isCommerceSerde, stateSerde } from '../../topology/codec.ts'
import { allTopics, deadLetterTopics, findTopic, partitions, stockPartitions, topics } from '../../topology/topics.ts'

const json: CommerceCodec = {
  serde: topic => ({ encode: value => Buffer.from(JSON.stringify({ topic, value })), decode: bytes => JSON.parse(bytes.toString()).value })
}

test('topics have unique names below one prefix', t => {
  const names = [...allTopics, ...deadLetterTopics].map(topic => topic.name)
  t.equal(new Set(names).size, names.length)
  t.equal(names.length, 50)
  for (const name of names) t.match(name, /^commerce\.[a-z.-]+$/)
  t.end()
})

test('co-partitioned topics have one partition count and the stock has its own', t => {
  const stock = [topics.inventory.commands.name, topics.compensations.inventory.name]
  for (const topic of allTopics) t.equal(topic.partitions, stock.includes(topic.name as typeof stock[number]) ? stockPartitions : partitions, topic.name)
  t.end()
})

test('every record outside the processors\' state is carried by a topic', t => {
  const carried = new Set(allTopics.flatMap(topic => isCommerceSerde(topic.value) ? topic.value.records : []))
  const missing = (Object.keys(fullNames) as MessageName[]).filter(name => !fullNames[name].startsWith('commerce.state.') && !carried.has(name))
  t.same(missing, [])
  t.end()
})

test('event stores keep everything and state topics keep the last record of a key', t => {
  const { orders, payments, shipping, catalog, returns, ledger, identity } = topics
  const kept = [orders.events, payments.events, shipping.events, catalog.events, returns.events, ledger.entries, identity.events]
  for (const topic of kept) t.same(topic.cleanup, { policy: 'keep' })
  for (const topic of [topics.orders.state, topics.catalog.state, topics.flags.state]) t.same(topic.cleanup, { policy: 'compact' })
  t.same(topics.orders.commands.cleanup, { policy: 'delete', retentionMs: 7 * 86_400_000 })
  t.same(topics.identity.commands.cleanup, { policy: 'delete', retentionMs: 86_400_000 }, 'hashes of passwords are kept as short as can be')
  t.end()
})

test('a topic is found by its name', t => {
  t.equal(findTopic('commerce.orders.events'), topics.orders.events)
  t.equal(findTopic('commerce.nothing'), undefined)
  t.end()
})

test('a serde refuses to work before a codec is bound and follows the one bound last', t => {
  const serde = commerceSerde('commerce.catalog.commands', ['CreateProduct'])
  t.throws(() => serde.decode(Buffer.alloc(0)), { message: /before bindCodec/ })
  bindCodec(json)
  const value = { type: 'CreateProduct', sku: 'A' } as unknown as Parameters<typeof serde.encode>[0]
  t.same(serde.decode(serde.encode(value)), value)
  t.equal(serde.prepare?.(Buffer.alloc(0)), null)
  bindCodec({ serde: () => ({ encode: () => Buffer.from('second'), decode: () => { throw new Error('not used') } }) })
  t.equal(serde.encode(value).toString(), 'second')
  t.end()
})

test('a store value belongs to the changelog of its processor', t => {
  const serde = stateSerde('orders', 'OrderView')
  t.equal(serde.topic, 'commerce-orders-changelog')
  t.equal(changelogOf('orders'), serde.topic)
  t.same(serde.records, ['OrderView'])
  t.end()
})
