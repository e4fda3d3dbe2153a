import fc from 'fast-check'
import { test } from 'tap'
import { type Command, commands, type Done, done, expiring, TTL_MS } from './expiring.ts'
import { type Owner, World } from './world.ts'

type Step =
  | { readonly kind: 'command', readonly command: Command }
  | { readonly kind: 'stop' | 'crash' | 'flush' | 'go-back' | 'second-owner' | 'compact' }
  | { readonly kind: 'break', readonly op: 'read' | 'apply' | 'claim', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'break-broker', readonly api: 'produce' | 'endTxn' | 'listOffsets', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'wait', readonly ms: number }

const key = fc.constantFrom('a', 'b', 'c')
const phase = fc.constantFrom('request' as const, 'answer' as const)
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('Put' as const), key, value: fc.nat(9) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('Get' as const), key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Delete' as const), key }) },
  { weight: 1, arbitrary: fc.constant({ type: 'List' as const }) }
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('command' as const), command }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 250, 499, 500, 999, 1000, 5000) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constantFrom('stop' as const, 'crash' as const, 'flush' as const, 'go-back' as const, 'second-owner' as const, 'compact' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('break' as const), op: fc.constantFrom('read' as const, 'apply' as const, 'claim' as const), phase }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('break-broker' as const), api: fc.constantFrom('produce' as const, 'endTxn' as const, 'listOffsets' as const), phase })
  }
)

/** Replays what was committed, by the context times in it: whatever happened, a row was there exactly as long as it should. */
function check (outputs: readonly Done[]): void {
  const rows = new Map<string, { readonly value: number, readonly dueMs: number }>()
  for (const [index, { command, atMs, rows: seen }] of outputs.entries()) {
    const there = [...rows].filter(([, { dueMs }]) => atMs < dueMs).sort(([a], [b]) => a < b ? -1 : 1).map(([key, { value }]) => [key, value] as const)
    const wanted = command.type === 'List' ? there : command.type === 'Get' ? there.filter(([key]) => key === command.key) : []
    if (JSON.stringify(seen) !== JSON.stringify(wanted)) throw new Error(`${index}: ${JSON.stringify(command)} at ${atMs} found ${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`)
    if (command.type === 'Put') rows.set(command.key, { value: command.value, dueMs: atMs + TTL_MS })
    if (command.type === 'Delete') rows.delete(command.key)
  }
}

async function play (world: World, steps: readonly Step[]): Promise<void> {
  let owner: Owner = await world.own()
  let snapshot = world.backend.snapshot()
  for (const step of steps) {
    switch (step.kind) {
      case 'command': await world.send(commands, 'k', step.command); break
      case 'flush': world.backend.flush(); break
      case 'go-back':
        world.backend.restore(snapshot)
        snapshot = world.backend.snapshot()
        break
      case 'second-owner': world.start(); break
      case 'compact': world.broker.compact(world.changelog); break
      case 'stop': owner.crash(); break
      case 'crash':
        owner.crash()
        owner = world.start()
        break
      case 'break': world.backend.faults.fail({ op: step.op }, { phase: step.phase }); break
      case 'break-broker': {
        const { api, phase } = step
        world.broker.faults.fail({ api, ...api === 'listOffsets' ? {} : { transactionalId: world.transactionalId } }, { phase })
        break
      }
      case 'wait': await world.wait(step.ms)
    }
  }
  world.broker.faults.clear()
  world.backend.faults.clear()
  await world.own()
  for (let n = 0; n < 8; n++) await world.wait(1000)
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 120)

test('a row lives exactly its time, once, whatever is lost, repeated, compacted or restarted meanwhile', { timeout: 280_000 }, async t => {
  const setting = fc.record({ cacheBytes: fc.constantFrom(0, 1 << 20), maxCycleRecords: fc.constantFrom(1, 4, 100) })
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 60 }), setting, async (steps, options) => {
    const ends: Array<() => unknown> = []
    const world = await World.create({ teardown: (end: () => unknown) => { ends.push(end) } } as never, [expiring()], { ...options, stateCheckMs: 1000 })
    try {
      await play(world, steps)
      const outputs = world.committed(done)
      const sent = steps.flatMap(step => step.kind === 'command' ? [step.command] : [])
      if (JSON.stringify(outputs.map(({ command }) => command)) !== JSON.stringify(sent)) throw new Error('not every command once, in order')
      check(outputs)
      const left = { ...await world.rows('sessions'), ...await world.rows('#timers') }
      if (Object.keys(left).length > 0) throw new Error(`left over: ${JSON.stringify(left)}`)
    } finally {
      for (const end of ends) await end()
    }
  }), { numRuns: RUNS })
  t.pass(`${RUNS} histories`)
})
