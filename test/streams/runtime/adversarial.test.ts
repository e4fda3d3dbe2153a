import fc from 'fast-check'
import { test } from 'tap'
import { type ProcessorContext, type RecordInfo } from '../../../streams/index.ts'
import { type Add, commands, counter, counts, type Remind, type Total, totals } from './counting.ts'
import { type Owner, World } from './world.ts'

/** What can happen between two sends. */
type Event =
  | { readonly kind: 'send', readonly key: number, readonly amount: number }
  | { readonly kind: 'fail', readonly key: number }
  | { readonly kind: 'crash' }
  | { readonly kind: 'second-owner' }
  | { readonly kind: 'flush' }
  | { readonly kind: 'snapshot' }
  | { readonly kind: 'go-back' }
  | { readonly kind: 'compact' }
  | { readonly kind: 'break-broker', readonly api: 'addPartitions' | 'produce' | 'endTxn' | 'initProducerId' | 'listOffsets' | 'metadata', readonly phase: 'request' | 'answer', readonly skip: number }
  | { readonly kind: 'break-state', readonly op: 'read' | 'apply' | 'claim' | 'rows' | 'wipe' | 'meta', readonly phase: 'request' | 'answer', readonly skip: number }
  | { readonly kind: 'wait', readonly ms: number }

const phase = fc.constantFrom('request' as const, 'answer' as const)
const skip = fc.nat(3)
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('send' as const), key: fc.nat(3), amount: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fail' as const), key: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'crash' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'second-owner' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'snapshot' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'go-back' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'compact' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('break-broker' as const),
      api: fc.constantFrom('addPartitions' as const, 'produce' as const, 'endTxn' as const, 'initProducerId' as const, 'listOffsets' as const, 'metadata' as const),
      phase,
      skip
    })
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('break-state' as const),
      op: fc.constantFrom('read' as const, 'apply' as const, 'claim' as const, 'rows' as const, 'wipe' as const, 'meta' as const),
      phase,
      skip
    })
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 100, 5000) }) }
)

/** Every record sets a timer that counts it once more, so timers, rows and outputs all have to be right. */
const counting = counter({
  handlers: {
    Add: (context: ProcessorContext, { amount }: Add, { key }: RecordInfo) => {
      const total = (context.store(counts).get(key) ?? 0) + amount
      context.store(counts).put(key, total)
      context.timers.set(`${key}/${context.nextId()}`, context.nowMs + 50, String(amount))
      context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total, atMs: context.nowMs } })
    },
    Fail: (context: ProcessorContext, _value: unknown, { key }: RecordInfo) => {
      context.store(counts).put(key, 1_000_000)
      throw new Error('poison')
    },
    Remind: (_context: ProcessorContext, _value: Remind) => {}
  },
  onTimer: (context, { key: timer, payload }) => {
    const key = timer.split('/')[0] ?? ''
    const total = (context.store(counts).get(key) ?? 0) + Number(payload) * 1000
    context.store(counts).put(key, total)
    context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total, atMs: context.nowMs } })
  },
  timerReads: ({ key }) => [[counts, key.split('/')[0] ?? '']]
})

interface Model { readonly rows: Map<string, number>, outputs: number, dead: number }

async function play (world: World, events: readonly Event[], model: Model): Promise<void> {
  let owner: Owner = await world.own()
  const others: Owner[] = []
  let snapshot = world.backend.snapshot()
  for (const step of events) {
    switch (step.kind) {
      case 'send': {
        const key = `k${step.key}`
        await world.send(commands, key, { type: 'Add', amount: step.amount })
        model.rows.set(key, (model.rows.get(key) ?? 0) + step.amount * 1001)
        model.outputs += 2
        break
      }
      case 'fail':
        await world.send(commands, `k${step.key}`, { type: 'Fail', message: '' })
        model.dead++
        break
      case 'crash':
        owner.crash()
        owner = world.start()
        break
      case 'second-owner':
        others.push(world.start())
        break
      case 'flush': world.backend.flush(); break
      case 'snapshot': snapshot = world.backend.snapshot(); break
      case 'go-back': world.backend.restore(snapshot); break
      case 'compact': world.broker.compact(world.changelog); break
      case 'break-broker': {
        const { api, phase, skip } = step
        const isTransactional = api !== 'listOffsets' && api !== 'metadata'
        world.broker.faults.fail({ api, ...isTransactional ? { transactionalId: world.transactionalId } : {} }, { phase, skip })
        break
      }
      case 'break-state': {
        const { op, phase, skip } = step
        world.backend.faults.fail({ op }, { phase, skip })
        break
      }
      case 'wait': await world.wait(step.ms)
    }
  }
  world.broker.faults.clear()
  world.backend.faults.clear()
  for (const other of others) other.crash()
  owner.crash()
  await world.own()
  for (let n = 0; n < 6; n++) await world.wait(1000)
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 150)

test('a task does everything exactly once, in order, under random crashes, cuts, second owners and lost state', { timeout: 280_000 }, async t => {
  const setting = fc.record({
    cacheBytes: fc.constantFrom(0, 1 << 20), maxCycleRecords: fc.constantFrom(1, 3, 100), maxTransactionBytes: fc.constantFrom(1000, 1 << 20)
  })
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 5, maxLength: 40 }), setting, async (events, options) => {
    const model: Model = { rows: new Map(), outputs: 0, dead: 0 }
    const world = await World.open([counting], { ...options, stateCheckMs: 1000 })
    try {
      await play(world, events, model)
      const rows = await world.rows('counts')
      const expected = Object.fromEntries([...model.rows].map(([key, total]) => [key, String(total)]))
      assertSame(rows, expected, 'rows')
      const outputs = world.committed(totals) as Total[]
      assertSame(outputs.length, model.outputs, 'outputs')
      assertSame(new Set(outputs.map(output => output.id)).size, outputs.length, 'ids')
      assertSame(world.broker.entries('dlq', 0).filter(entry => entry.kind === 'data' && entry.outcome === 'committed').length, model.dead, 'dead letters')
      assertSame(world.isStable, true, 'R10')
      let before = 0
      for (const { atMs } of outputs) {
        assertSame(atMs >= before, true, 'context time')
        before = atMs
      }
    } finally {
      await world.close()
    }
  }), { numRuns: RUNS })
  t.pass(`${RUNS} histories`)
})

function assertSame (found: unknown, wanted: unknown, what: string): void {
  const [a, b] = [sorted(found), sorted(wanted)]
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`)
}

function sorted (value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(Object.entries(value).sort()) : String(value)
}
