import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { childEnvironment } from '../../ops/config.ts'
import {
  changelogNames, changelogTopics, commandRecord, decodeEvent, type FetchedRecord, headerText, initialiseTasks, type OutgoingRecord, systemClock,
  type ToldEvent, type TypedValue
} from '../../streams/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { watchTopic } from '../support/watch.ts'
import { ownRedis, uniquePrefix, useStack } from '../support/stack.ts'
import { type Done, parkingTopology, type Step } from './parking-app.ts'

const APP = fileURLToPath(new URL('./parking-app.ts', import.meta.url))

const stack = await useStack(t, { services: ['kafka'] })
const redis = stack === undefined ? undefined : await ownRedis(t)

async function setting (t: Test) {
  const brokers = stack?.endpoints.brokers ?? []
  const prefix = uniquePrefix()
  const app = parkingTopology(prefix, false)
  const kafka = createKafkaJs({ brokers, clientId: 'test' })
  await kafka.start()
  t.teardown(async () => { await kafka.close() })
  const names = [app.input.name, app.output.name, app.deadLetters, app.commands, app.events]
  const plain = names.map(name => ({ name, partitions: 1, replicas: 1, config: { 'message.timestamp.type': 'LogAppendTime' } }))
  await kafka.admin.createTopics([...plain, ...changelogTopics(app.topology)])
  await initialiseTasks({ kafka, topology: app.topology, clock: systemClock, created: new Set(changelogNames(app.topology)) })
  const watch = async <V extends TypedValue | Buffer>(name: string, decode: (bytes: Buffer) => V) => {
    const watched = await watchTopic<V>(kafka, { name, partitions: 1, value: { decode } })
    t.teardown(() => { watched.close() })
    return watched
  }
  return {
    ...app,
    done: await watch<Done>(app.output.name, bytes => app.output.value.decode(bytes)),
    events: await watch<ToldEvent>(app.events, decodeEvent),
    letters: await watch<Buffer>(app.deadLetters, bytes => bytes),
    send: async (...records: readonly OutgoingRecord[]) => { await kafka.producer().send(records) },
    step: (key: string, step: string): OutgoingRecord => ({
      topic: app.input.name, partition: 0, key: Buffer.from(key), value: app.input.value.encode({ type: 'Step', step } satisfies Step), headers: []
    }),
    start: (isBroken: boolean): ChildProcess => {
      const options = JSON.stringify({ brokers, redisUrl: redis?.endpoint, prefix, isBroken })
      const child = spawn(process.execPath, [APP, 'run', options], { stdio: ['ignore', 'ignore', 'inherit'], env: childEnvironment() })
      t.teardown(() => { child.kill('SIGKILL') })
      return child
    }
  }
}

async function killed (child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await new Promise(resolve => child.once('exit', resolve))
}

if (stack !== undefined && redis !== undefined) {
  t.test('a parked key outlives kill -9 and FLUSHALL on a real broker, and a mended release handles it in order', async t => {
    const s = await setting(t)
    const broken = s.start(true)
    await s.send(s.step('k', 'a'), s.step('k', 'poison'), s.step('k', 'b'), s.step('other', 'a'))
    await s.events.find('DeadLetterParked', event => event.type === 'DeadLetterParked' && event.key === 'k')
    const other = (record: FetchedRecord): boolean => String(record.key) === 'other'
    await s.done.find('a of other', (_, record) => other(record))
    const letter = (await s.letters.find('letter', () => true)).record
    t.match(['dlq.parked', 'dlq.reason', 'dlq.offset'].map(name => headerText(letter.headers, name)), ['k', 'STR_HANDLER_FAILED', '1'])

    await killed(broken)
    const admin = new Redis(redis.endpoint)
    t.teardown(async () => { await admin.quit() })
    await admin.flushall()
    const again = s.start(true)
    await s.send(s.step('k', 'c'), commandRecord(s.commands, 0, { type: 'Redrive', id: 'too-early', processor: 'steps', filter: { key: 'k' } }))
    await s.events.find('second failure', event => event.type === 'DeadLetterParked' && event.attempts === 2)

    await killed(again)
    s.start(false)
    await s.send(s.step('k', 'd'))
    await s.send(commandRecord(s.commands, 0, { type: 'Redrive', id: 'dry', processor: 'steps', filter: { reason: 'STR_HANDLER_FAILED' }, dryRun: true }))
    const { value: report } = await s.events.find('report', event => event.type === 'CommandReport' && event.id === 'dry')
    t.match(report, { keys: 1, rehearsals: [{ key: 'k', attempts: 2, failure: null }] })
    await s.send(commandRecord(s.commands, 0, { type: 'Redrive', id: 'real', processor: 'steps', filter: { key: 'k' } }))
    await s.done.find('d of k', ({ steps }) => steps.endsWith('d'))
    await s.events.find('KeyReleased', event => event.type === 'KeyReleased' && event.key === 'k')
    const outputs = s.done.seen.flatMap(({ value, record }) => value === undefined || other(record) ? [] : [value])
    t.same(outputs.map(({ steps }) => steps), ['a', 'a poison', 'a poison b', 'a poison b c', 'a poison b c d'])
    t.equal(new Set(outputs.map(({ id }) => id)).size, outputs.length)
    const times = outputs.map(({ atMs }) => atMs)
    t.same(times, [...times].sort((a, b) => a - b), 'each has the time of its place')
  })
}
