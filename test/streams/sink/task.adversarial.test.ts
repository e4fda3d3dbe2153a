import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { test } from 'tap'
import { StreamsError } from '../../../streams/errors.ts'
import { type SinkTarget } from '../../../streams/sink/port.ts'
import { attack, isCaught } from '../attack.ts'
import { createSinkBench, isExact, numbers, type RunningSink, type SinkBench, sorted, stop } from './sink-bench.ts'

type Step =
  | { readonly kind: 'produce' | 'abort', readonly topic: number, readonly count: number }
  | { readonly kind: 'crash' | 'second-owner' | 'close' | 'arrive' }
  | { readonly kind: 'late', readonly count: number }
  | { readonly kind: 'break', readonly call: 'check' | 'insert' | 'count' | 'bounds', readonly phase: 'request' | 'answer', readonly skip: number }
  | { readonly kind: 'break-broker', readonly api: 'produce' | 'endTxn' | 'initProducerId', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'wait', readonly ms: number }

const phase = fc.constantFrom('request' as const, 'answer' as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('produce' as const), topic: fc.nat(1), count: fc.integer({ min: 1, max: 14 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), topic: fc.nat(1), count: fc.integer({ min: 1, max: 14 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'second-owner' as const, 'close' as const, 'arrive' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('late' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('break' as const),
      call: fc.constantFrom('check' as const, 'insert' as const, 'insert' as const, 'count' as const, 'bounds' as const),
      phase,
      skip: fc.nat(2)
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('break-broker' as const), api: fc.constantFrom('produce' as const, 'endTxn' as const, 'initProducerId' as const), phase })
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 50, 150, 1_000, 20_000) }) }
)

/** The network in front of the target: an insert may be reported as lost, and arrive long afterwards. */
class SlowNetwork {
  late = 0
  readonly #held: Array<() => Promise<void>> = []

  wrap (target: SinkTarget, repeats = false): SinkTarget {
    return {
      name: target.name,
      check: async (...given) => { await target.check(...given) },
      cut: (...given) => target.cut(...given),
      freeze: async (...given) => await target.freeze(...given),
      count: async (...given) => await target.count(...given),
      bounds: async (...given) => await target.bounds(...given),
      clear: async (...given) => { await target.clear(...given) },
      place: range => target.place(range),
      insert: async ranges => {
        if (repeats) await target.insert(ranges.map(({ range, rows }) => ({ range: { ...range, token: `${range.token}!` }, rows })))
        if (this.late-- <= 0) return await target.insert(ranges)
        this.#held.push(async () => { await target.insert(ranges) })
        throw new StreamsError('STR_SINK_UNAVAILABLE')
      }
    }
  }

  async arrive (): Promise<void> {
    for (const insert of this.#held.splice(0)) await insert().catch(() => {})
  }
}

async function play (steps: readonly Step[], hasTwice: boolean): Promise<string | undefined> {
  const bench = await createSinkBench()
  const network = new SlowNetwork()
  const others: RunningSink[] = []
  let value = 0
  const start = (): RunningSink => bench.start({ node: bench.node({ wrapped: target => network.wrap(target, hasTwice) }) })
  let running = start()
  for (const one of steps) {
    const topic = 'topic' in one ? bench.topics[one.topic] ?? 'orders' : 'orders'
    switch (one.kind) {
      case 'produce': await bench.produce(topic, numbers(one.count, value)); value += one.count; break
      case 'abort': await bench.abort(topic, numbers(one.count, value)); value += one.count; break
      case 'crash': running.client.crash(); running = start(); break
      case 'close': await stop(bench, running); running = start(); break
      case 'second-owner': others.push(running); running = start(); break
      case 'late': network.late = one.count; break
      case 'arrive': await network.arrive(); break
      case 'break': bench.target.faults.fail({ call: one.call }, { phase: one.phase, skip: one.skip }); break
      case 'break-broker': bench.broker.faults.fail({ api: one.api, transactionalId: 'test.events.0' }, { phase: one.phase }); break
      case 'wait': await wait(bench, one.ms)
    }
    for (const topic of bench.topics) {
      const offsets = bench.actual(topic).map(([offset]) => offset)
      if (new Set(offsets).size !== offsets.length) return `an offset is in ${topic} twice`
    }
  }
  bench.target.faults.clear()
  bench.broker.faults.clear()
  network.late = 0
  for (const other of others) other.client.crash()
  running.client.crash()
  const heir = start()
  await network.arrive()
  await bench.settled()
  await network.arrive()
  await wait(bench, 500)
  const rows = bench.topics.map(topic => `${topic}: ${sorted(bench.actual(topic)).join(' ')} of ${bench.expected(topic).join(' ')}`)
  const outcome = isExact(bench) ? undefined : rows.join('\n')
  const marks = bench.topics.map(topic => bench.plan().marks.get(topic)?.next)
  const ends = bench.topics.map(topic => (bench.expected(topic).at(-1)?.[0] ?? -1n) + 1n)
  await stop(bench, heir)
  if (marks.some((mark, index) => (mark ?? 0n) < (ends[index] ?? 0n))) return `acknowledged ${marks.join()} of ${ends.join()}`
  return outcome
}

async function wait (bench: SinkBench, ms: number): Promise<void> {
  for (let spin = 0; spin < 4; spin++) await turn()
  for (let passed = 0; passed < ms; passed += 250) await bench.clock.advance(Math.min(250, ms - passed))
}

function oneRowPerOffset (hasTwice = false): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 45, size: 'max' }), async steps => {
    const wrong = await play(steps, hasTwice)
    if (wrong !== undefined) throw new Error(wrong)
  })
}

test('sink task holds one row per committed offset, and no other, in whatever history of crashes, second owners, lost answers and late inserts', { timeout: 120_000 }, async () => {
  await fc.assert(oneRowPerOffset(), attack(40))
})

test('sink task that inserted a range under another token each time is caught by the same histories', { timeout: 120_000 }, async t => {
  t.ok(await isCaught(oneRowPerOffset(true), 20))
})
