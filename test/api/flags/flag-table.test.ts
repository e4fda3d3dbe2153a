import { type Test, test } from 'tap'
import { type FlagChanged } from '#schemas'
import { createKafkaFlags } from '../../../api/adapters/kafka-flags.ts'
import { type FlagTableNews } from '../../../api/flags/ports.ts'
import { createMemoryBroker } from '../../../streams/kafka/memory/index.ts'
import { type Kafka } from '../../../streams/kafka/port.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { topics } from '../../../topology/topics.ts'
import { toRecord } from '../../../ops/play/commands.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { flagOf, halves } from '../../topology/flags/flag-fixtures.ts'

await bindMemoryCodec()

async function scene (t: Test, { hasTopic = true } = {}) {
  const broker = createMemoryBroker()
  const memory = broker.client()
  await memory.start()
  const provision = (): void => { broker.createTopic({ name: topics.flags.state.name, partitions: topics.flags.state.partitions, replicas: 1, config: {} }) }
  if (hasTopic) provision()
  const clock = createManualClock(1_700_000_000_000)
  let isAway = false
  const kafka: Kafka = new Proxy(memory, {
    get: (target, name) => {
      if (name === 'endOffsets' && isAway) return async () => await new Promise(() => {})
      const value = Reflect.get(target, name) as unknown
      return typeof value === 'function' ? value.bind(target) as unknown : value
    }
  })
  const table = createKafkaFlags({ kafka, clock, probeMs: 100, patienceMs: 50 })
  const news: FlagTableNews[] = []
  table.listen(each => { news.push(each) })
  t.teardown(async () => {
    await table.close()
    await memory.close()
  })
  const write = async (flag: FlagChanged): Promise<void> => { await memory.producer().send([toRecord(topics.flags.state, flag.name, flag)]) }
  return { table, clock, news, provision, write, leave: (away: boolean) => { isAway = away } }
}

test('the table is whole before it follows, and says nothing until then', async t => {
  const { table, clock, news, provision, write } = await scene(t, { hasTopic: false })
  await clock.advance(250)
  t.equal(table.state, 'reading')
  t.same(table.list(), [])
  t.same(news, [])
  provision()
  await write(flagOf('f', halves))
  while (table.state === 'reading') await clock.advance(20)
  await table.whole()
  t.same(table.list().map(({ flag: { name }, version }) => [name, version]), [['f', 0]])
  t.match(news.filter(({ kind }) => kind === 'state'), [{ state: 'following' }])
})

test('the table follows: a change is there at once, with its name, and one that is gone is not', async t => {
  const { table, news, write } = await scene(t)
  await table.whole()
  await write(flagOf('b', halves))
  await write(flagOf('a', halves))
  await table.catchUp()
  t.same(table.list().map(({ flag: { name } }) => name), ['a', 'b'])
  const flag = flagOf('a', halves)
  const { version } = table.get('a')!
  await write({ ...flag, enabled: false })
  await table.catchUp()
  t.match(table.get('a'), { flag: { enabled: false }, version: version + 1 })
  await write({ ...flag, enabled: false, deleted: true })
  await table.catchUp()
  t.equal(table.get('a'), undefined)
  const changed = news.flatMap(each => each.kind === 'changed' ? each.names : [])
  t.equal(changed.filter(name => name === 'a').length, 3)
})

test('the table is stale while the log does not answer, keeps what it knows, and follows again afterwards', async t => {
  const { table, clock, news, write, leave } = await scene(t)
  await table.whole()
  await write(flagOf('f', halves))
  await table.catchUp()
  leave(true)
  while (table.state !== 'stale') await clock.advance(20)
  t.match(table.get('f'), { flag: { name: 'f' } })
  const waiting = t.rejects(table.catchUp(), { code: 'STR_BROKER_UNAVAILABLE' })
  await clock.advance(50)
  await waiting
  leave(false)
  while (table.state === 'stale') await clock.advance(20)
  t.same(news.flatMap(each => each.kind === 'state' ? each.state : []), ['following', 'stale', 'following'])
})

test('a table that is closed tells those who wait for it', async t => {
  const { table } = await scene(t, { hasTopic: false })
  const waiting = t.rejects(table.whole(), { code: 'STR_CLOSED' })
  await table.close()
  await waiting
  await t.rejects(table.catchUp())
})
