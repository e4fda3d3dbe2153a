import fc from 'fast-check'
import { test } from 'tap'
import { type Command, commands, type Done, done, expiring, TTL_MS } from './expiring.ts'
import { type Trouble, Troublemaker } from './trouble.ts'
import { World } from './world.ts'

type Step = { readonly kind: 'command', readonly command: Command } | Trouble

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
  const trouble = await Troublemaker.begin(world)
  for (const step of steps) {
    if (step.kind === 'command') await world.send(commands, 'k', step.command)
    else await trouble.make(step)
  }
  await trouble.leave(8)
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 120)

test('a row lives exactly its time, once, whatever is lost, repeated, compacted or restarted meanwhile', { timeout: 280_000 }, async t => {
  const setting = fc.record({ cacheBytes: fc.constantFrom(0, 1 << 20), maxCycleRecords: fc.constantFrom(1, 4, 100) })
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 60 }), setting, async (steps, options) => {
    const world = await World.open([expiring()], { ...options, stateCheckMs: 1000 })
    try {
      await play(world, steps)
      const outputs = world.committed(done)
      const sent = steps.flatMap(step => step.kind === 'command' ? [step.command] : [])
      if (JSON.stringify(outputs.map(({ command }) => command)) !== JSON.stringify(sent)) throw new Error('not every command once, in order')
      check(outputs)
      const left = { ...await world.rows('sessions'), ...await world.rows('#timers') }
      if (Object.keys(left).length > 0) throw new Error(`left over: ${JSON.stringify(left)}`)
    } finally {
      await world.close()
    }
  }), { numRuns: RUNS })
  t.pass(`${RUNS} histories`)
})
