import fc from 'fast-check'
import { test } from 'tap'
import { boundsOf, compareKeys, isWithin } from '../../../streams/state/key-range.ts'
import { type RangeRequest } from '../../../streams/state/query.ts'
import { type Command, commands, type Found, found, indexOf, scanner } from './scanning.ts'
import { type Trouble, Troublemaker } from './trouble.ts'
import { World } from './world.ts'

type Step = { readonly kind: 'command', readonly command: Command } | Trouble

const key = fc.constantFrom('a', 'a/1', 'a/2', 'ab', 'b', 'é', '\u{1f600}', '\u{ffff}')
const phase = fc.constantFrom('request' as const, 'answer' as const)
const anyRange = fc.record({ prefix: key, from: key, to: key, after: key }, { requiredKeys: [] })
/** The same few ranges again and again, and others. */
const range: fc.Arbitrary<RangeRequest> = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.oneof(fc.constantFrom({}, { prefix: 'a' }), anyRange))
  .map(([limit, range]) => ({ ...range, limit }))
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('Put' as const), key, value: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('Delete' as const), key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Get' as const), key }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('Scan' as const), range, put: key, remove: key }, { requiredKeys: ['type', 'range'] }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Walk' as const), range }) }
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('command' as const), command }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'flush' as const, 'go-back' as const, 'second-owner' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('break' as const), op: fc.constantFrom('read' as const, 'apply' as const), phase }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break-broker' as const), api: fc.constantFrom('produce' as const, 'endTxn' as const), phase }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 200, 5000) }) }
)

/** What the scanner would emit if nothing ever went wrong, over a plain map. */
function expected (commandsInOrder: readonly Command[]): Found[] {
  const rows = new Map<string, number>()
  const inRange = (range: RangeRequest): Array<readonly [string, number]> =>
    [...rows].filter(([key]) => isWithin(boundsOf(range), key)).sort(([a], [b]) => compareKeys(a, b))
  const outputs: Found[] = []
  let offset = 0
  for (const command of commandsInOrder) {
    switch (command.type) {
      case 'Put': rows.set(command.key, command.value); break
      case 'Delete': rows.delete(command.key); break
      case 'Get': outputs.push({ type: 'Found', rows: rows.has(command.key) ? [[command.key, rows.get(command.key) as number]] : [], next: null }); break
      case 'Walk': outputs.push({ type: 'Found', rows: inRange(command.range), next: null }); break
      case 'Scan': {
        if (command.put !== undefined) rows.set(command.put, offset)
        if (command.remove !== undefined) rows.delete(command.remove)
        const all = inRange(command.range)
        const page = all.slice(0, command.range.limit)
        outputs.push({ type: 'Found', rows: page, next: all.length > page.length ? page.at(-1)?.[0] ?? null : null })
      }
    }
    offset++
  }
  return outputs
}

async function play (world: World, steps: readonly Step[]): Promise<void> {
  const trouble = await Troublemaker.begin(world)
  for (const step of steps) {
    if (step.kind === 'command') await world.send(commands, 'k', step.command)
    else await trouble.make(step)
  }
  await trouble.leave(4)
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 120)

test('scans find exactly what was written before them, once, whatever is lost, repeated or restarted in between', { timeout: 280_000 }, async t => {
  const setting = fc.record({ cacheBytes: fc.constantFrom(0, 1 << 20), maxCycleRecords: fc.constantFrom(1, 4, 100) })
  const isDeclared = fc.boolean()
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 60 }), setting, isDeclared, async (steps, options, isDeclared) => {
    const store = indexOf()
    const node = scanner(store, isDeclared ? { reads: value => value.type === 'Scan' || value.type === 'Walk' ? [[store, value.range]] : [] } : {})
    const world = await World.open([node], { ...options, stateCheckMs: 1000 })
    try {
      await play(world, steps)
      checkOutputs(world.committed(found), expected(steps.flatMap(step => step.kind === 'command' ? [step.command] : [])))
    } finally {
      await world.close()
    }
  }), { numRuns: RUNS })
  t.pass(`${RUNS} histories`)
})

function checkOutputs (seen: readonly Found[], wanted: readonly Found[]): void {
  const rowsOf = (outputs: readonly Found[]): string => JSON.stringify(outputs.map(({ rows }) => rows))
  if (rowsOf(seen) !== rowsOf(wanted)) throw new Error(`found ${rowsOf(seen)}, not ${rowsOf(wanted)}`)
  for (const [index, { next }] of wanted.entries()) {
    // A cursor may lead to an empty page, when what would have followed is removed; but none may be missing.
    if (next !== null && seen[index]?.next !== next) throw new Error(`scan ${index} ends at ${String(seen[index]?.next)}, not at ${next}`)
  }
}
