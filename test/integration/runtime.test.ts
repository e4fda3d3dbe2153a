import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { changelogNames, changelogTopics, initialiseTasks, type Kafka, partitionKey, systemClock } from '../../streams/index.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { partitionOf } from '../../streams/kafka/murmur2.ts'
import { ownRedis, uniquePrefix, useStack } from '../support/stack.ts'
import { countingTopology, type CountingAppOptions, type CountingTopology, type Total } from './counting-app.ts'

const PARTITIONS = 3
const KEYS = 20
const WORKER = fileURLToPath(new URL('./counting-app.ts', import.meta.url))

interface Setting extends CountingTopology { readonly kafka: Kafka, readonly app: Omit<CountingAppOptions, 'instance'> }

const stack = await useStack(t, { services: ['kafka'] })
const redis = stack === undefined ? undefined : await ownRedis(t)

async function setting (t: Test): Promise<Setting> {
  const brokers = stack?.endpoints.brokers ?? []
  const prefix = uniquePrefix()
  const counting = countingTopology(prefix, PARTITIONS)
  const kafka = createKafkaJs({ brokers, clientId: 'test' })
  await kafka.start()
  t.teardown(async () => { await kafka.close() })
  const config = { 'message.timestamp.type': 'LogAppendTime' }
  const plain = [counting.input.name, counting.output.name, counting.deadLetters].map(name => ({ name, partitions: PARTITIONS, replicas: 1, config }))
  await kafka.admin.createTopics([...plain, ...changelogTopics(counting.topology)])
  await initialiseTasks({ kafka, topology: counting.topology, clock: systemClock, created: new Set(changelogNames(counting.topology)) })
  return { ...counting, kafka, app: { brokers, redisUrl: redis?.endpoint ?? '', prefix, partitions: PARTITIONS } }
}

function start (t: Test, app: Setting['app'], instance: string): ChildProcess {
  const child = spawn(process.execPath, [WORKER, 'run', JSON.stringify({ ...app, instance })], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_OPTIONS: '' } })
  t.teardown(() => { child.kill('SIGKILL') })
  return child
}

/** Resolves when every task of the process runs. */
async function working (child: ChildProcess): Promise<void> {
  const running = new Set<string>()
  let rest = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => { reject(new Error('the process ended')) })
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line.split(' ')[1] === 'running') running.add(line.split(' ')[0] ?? '')
      if (running.size === PARTITIONS) resolve()
    })
  })
}

async function ended (child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await new Promise(resolve => child.once('exit', resolve))
}

/** Sends `count` records over all keys, in bursts. */
async function send ({ kafka, input }: Setting, count: number): Promise<void> {
  const producer = kafka.producer()
  for (let sent = 0; sent < count; sent += 50) {
    await producer.send(Array.from({ length: Math.min(50, count - sent) }, (_, n) => {
      const key = `key-${(sent + n) % KEYS}`
      return { topic: input.name, partition: partitionOf(key, PARTITIONS), key: Buffer.from(key), value: input.value.encode({ type: 'Add', amount: 1 }), headers: [] }
    }))
  }
}

/** Reads committed totals until there are `count`, and a moment more for any that should not be there. */
async function totals ({ kafka, output }: Setting, count: number): Promise<Map<string, number[]>> {
  const seen = new Map<string, number[]>()
  const readers = Array.from({ length: PARTITIONS }, (_, partition) => kafka.openReader({ topic: output.name, partition, offset: 0n }))
  let records = 0
  const deadline = Date.now() + 60_000
  for (let calm = 0; calm < 10;) {
    for (const reader of readers) {
      for (const { key, value } of reader.take(10_000)) {
        const name = key?.toString() ?? ''
        seen.set(name, [...seen.get(name) ?? [], (output.value.decode(value ?? Buffer.alloc(0)) as Total).total])
        records++
      }
    }
    calm = records >= count ? calm + 1 : 0
    if (Date.now() > deadline) break
    await pause(50)
  }
  for (const reader of readers) reader.close()
  return seen
}

function check (t: Test, seen: Map<string, number[]>, count: number): void {
  t.equal([...seen.values()].reduce((sum, list) => sum + list.length, 0), count, 'as many outputs as inputs')
  for (const [key, list] of seen) t.strictSame(list, Array.from({ length: list.length }, (_, n) => n + 1), `${key}: every total once, in order`)
}

if (stack !== undefined && redis !== undefined) {
  t.test('the runtime on a real broker and Redis counts exactly once while its process is killed again and again', async t => {
    const setup = await setting(t)
    let child = start(t, setup.app, 'one')
    for (let round = 0; round < 5; round++) {
      await working(child)
      const sent = send(setup, 1000)
      await pause(20 + round * 25)
      child.kill('SIGKILL')
      await Promise.all([ended(child), sent])
      child = start(t, setup.app, 'one')
    }
    await send(setup, 500)
    check(t, await totals(setup, 5500), 5500)
    const ends = await setup.kafka.endOffsets([{ topic: setup.output.name, partition: 0 }])
    t.ok((ends.get(partitionKey(setup.output.name, 0)) ?? 0n) > 0n)
    child.kill('SIGTERM')
    await ended(child)
    t.equal(child.exitCode, 0, 'and closes in good order')
  })

  t.test('the runtime on a real broker counts exactly once while its Redis is flushed', async t => {
    const setup = await setting(t)
    const child = start(t, setup.app, 'one')
    await working(child)
    const admin = new Redis(redis.endpoint)
    t.teardown(async () => { await admin.quit() })
    for (let round = 0; round < 4; round++) {
      const sent = send(setup, 400)
      await pause(20 + round * 20)
      await admin.flushall()
      await sent
    }
    await send(setup, 400)
    check(t, await totals(setup, 2000), 2000)
    child.kill('SIGTERM')
    await ended(child)
  })

  t.test('two processes on a real broker share the work, exactly once, while one freezes and comes back', async t => {
    const setup = await setting(t)
    const one = start(t, setup.app, 'one')
    const two = start(t, setup.app, 'two')
    await send(setup, 500)
    await totals(setup, 500)
    one.kill('SIGSTOP')
    await send(setup, 500)
    await pause(12_000)
    one.kill('SIGCONT')
    await send(setup, 500)
    check(t, await totals(setup, 1500), 1500)
    for (const child of [one, two]) {
      child.kill('SIGTERM')
      await ended(child)
    }
  })
}
