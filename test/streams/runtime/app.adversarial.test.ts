import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { changelogNames, changelogTopics, createStreams, defineTopology, initialiseTasks, type Streams } from '../../../streams/index.ts'
import { partitionOf } from '../../../streams/kafka/murmur2.ts'
import { createManualClock, createMemoryBackend, createMemoryBroker, type ManualClock, type MemoryBroker, type MemoryClient } from '../../../streams/testing/index.ts'
import { createProcessClock, type ProcessClock } from '../../../streams/testing/process-clock.ts'
import { counter, topic, type Command, type Event, type Total } from './counting.ts'

const PARTITIONS = 3
const commands = topic<Command>('commands', PARTITIONS)
const totals = topic<Event>('totals', PARTITIONS)
const topology = defineTopology({ applicationId: 'app', version: '1', nodes: [counter({ inputs: [{ topic: commands }], outputs: [totals] })] })

type Step =
  | { readonly kind: 'send', readonly key: number }
  | { readonly kind: 'start', readonly slot: number }
  | { readonly kind: 'close', readonly slot: number }
  | { readonly kind: 'crash', readonly slot: number }
  | { readonly kind: 'isolate', readonly slot: number }
  | { readonly kind: 'heal', readonly slot: number }
  | { readonly kind: 'flush' }
  | { readonly kind: 'wait', readonly ms: number }

const slot = fc.nat(2)
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('send' as const), key: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('start' as const, 'heal' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('close' as const, 'crash' as const, 'isolate' as const), slot }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 100, 2000, 40_000) }) }
), { minLength: 10, maxLength: 50 })

interface Process { readonly streams: Streams, readonly client: MemoryClient, readonly clock: ProcessClock, crash (): void }

/** Up to three processes of one application, which come, go, die and lose their network. */
class Cluster {
  readonly clock: ManualClock = createManualClock(1_700_000_000_000)
  readonly broker: MemoryBroker = createMemoryBroker({ clock: this.clock })
  readonly backend = createMemoryBackend()
  readonly slots = new Map<number, Process>()
  sent = 0

  async provision (): Promise<void> {
    for (const { name, partitions } of [commands, totals, { name: 'dlq', partitions: 1 }]) this.broker.createTopic({ name, partitions, replicas: 1, config: {} })
    for (const spec of changelogTopics(topology)) this.broker.createTopic(spec)
    await initialiseTasks({ kafka: this.broker.client(), topology, clock: this.clock, created: new Set(changelogNames(topology)) })
  }

  start (slot: number): void {
    if (this.slots.has(slot)) return
    const client = this.broker.client()
    const connection = this.backend.connect()
    const clock = createProcessClock(this.clock)
    const streams = createStreams({
      topology,
      kafka: client,
      state: connection,
      clock,
      instance: client.clientId,
      options: { stateCheckMs: 1000, backoffMs: 50, maxBackoffMs: 1000, sessionTimeoutMs: 10_000 }
    })
    streams.start().catch(() => {})
    const crash = (): void => {
      client.crash()
      connection.crash()
      clock.stop()
    }
    this.slots.set(slot, { streams, client, clock, crash })
  }

  async play (step: Step): Promise<void> {
    const process = 'slot' in step ? this.slots.get(step.slot) : undefined
    switch (step.kind) {
      case 'send': {
        const key = `k${step.key}`
        const value = commands.value.encode({ type: 'Add', amount: 1 })
        await this.broker.client('sender').producer().send([{ topic: 'commands', partition: partitionOf(key, PARTITIONS), key: Buffer.from(key), value, headers: [] }])
        this.sent++
        break
      }
      case 'start': this.start(step.slot); break
      case 'close':
        if (process === undefined) break
        this.slots.delete(step.slot)
        process.client.heal()
        process.streams.close().catch(() => {})
        break
      case 'crash':
        this.slots.delete(step.slot)
        process?.crash()
        break
      case 'isolate': process?.client.isolate(); break
      case 'heal': process?.client.heal(); break
      case 'flush': this.backend.flush(); break
      case 'wait': await this.wait(step.ms)
    }
  }

  async wait (ms: number): Promise<void> {
    const settle = async (): Promise<void> => {
      for (let calm = 0, before = -1; calm < 5; before = this.broker.requests) {
        calm = this.broker.requests === before ? calm + 1 : 0
        await turn()
      }
    }
    await settle()
    await this.clock.advance(ms)
    await settle()
  }

  async end (): Promise<void> {
    for (const process of this.slots.values()) process.crash()
    await this.broker.close()
  }
}

function check (cluster: Cluster): void {
  const byKey = new Map<string, number[]>()
  for (let partition = 0; partition < PARTITIONS; partition++) {
    for (const { kind, outcome, key, value } of cluster.broker.entries('totals', partition)) {
      if (kind !== 'data' || outcome !== 'committed' || key === null || value === null) continue
      const list = byKey.get(key.toString()) ?? []
      list.push((totals.value.decode(value) as Total).total)
      byKey.set(key.toString(), list)
    }
  }
  const count = [...byKey.values()].reduce((sum, list) => sum + list.length, 0)
  if (count !== cluster.sent) throw new Error(`${count} outputs of ${cluster.sent} inputs`)
  for (const [key, list] of byKey) if (list.some((total, index) => total !== index + 1)) throw new Error(`${key}: ${list.join()}`)
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 60)
/** The same histories at every run, but where a search asks for others. */
const SEED = Number(process.env['ADVERSARIAL_SEED'] ?? 20261122)

test('an application does everything exactly once while its processes come, go, die and lose their network', { timeout: 280_000 }, async t => {
  await fc.assert(fc.asyncProperty(steps, async list => {
    const cluster = new Cluster()
    try {
      await cluster.provision()
      cluster.start(0)
      for (const step of list) await cluster.play(step)
      for (const process of cluster.slots.values()) process.client.heal()
      await cluster.wait(0)
      // One that could not start is started again, as its supervisor would.
      for (const [slot, { streams }] of cluster.slots) if (streams.health().state === 'failed') await cluster.play({ kind: 'crash', slot })
      cluster.start(0)
      for (let n = 0; n < 8; n++) await cluster.wait(15_000)
      check(cluster)
    } finally {
      await cluster.end()
    }
  }), { numRuns: RUNS, seed: SEED })
  t.pass(`${RUNS} histories of seed ${SEED}`)
})
