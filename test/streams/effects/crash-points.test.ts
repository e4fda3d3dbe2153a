import { type Test, test } from 'tap'
import { commands, totals } from '../runtime/counting.ts'
import { World } from '../runtime/world.ts'
import { Bank, type BankKind, payer } from './bank.ts'

interface Run {
  /** False when the processor had done all its work before it came to that point. */
  readonly isReached: boolean
  readonly bank: Bank
  /** What was told of each key. */
  readonly told: ReadonlyMap<string, readonly string[]>
}

const keys = ['a', 'b']

/**
 * Pays for two keys and kills the process at the `step`-th end of a call to the broker, the state or the bank, before or after it
 * took effect; then another process takes over, and everything settles.
 */
async function crashAt (t: Test, kind: BankKind, step: number): Promise<Run> {
  const bank = new Bank(kind)
  const world = await World.create(t, [payer(bank, kind)])
  let passed = 0
  let isReached = false
  let end = (): void => {}
  const hit = async (): Promise<void> => {
    if (isReached) await new Promise(() => {})
    if (passed++ !== step) return
    isReached = true
    end()
    await new Promise(() => {})
  }
  world.broker.faults.intercept(async call => { if (call.clientId !== 'sender' && call.api !== 'fetch') await hit() })
  world.backend.faults.intercept(hit)
  bank.pass = hit
  const owner = world.start()
  end = () => { owner.crash() }
  for (const key of keys) await world.send(commands, key, { type: 'Add', amount: 1 })
  await world.wait(100)
  world.broker.faults.intercept(undefined)
  world.backend.faults.intercept(undefined)
  bank.pass = async () => {}
  if (isReached) await world.own()
  for (let second = 0; second < 30; second++) await world.wait(1000)
  const events = world.committed(totals)
  const toldOf = (key: string): string[] => events.flatMap(event => event.type === 'Total' && event.id.startsWith(`${key} `) ? [event.id.slice(2)] : [])
  return { isReached, bank, told: new Map(keys.map(key => [key, toldOf(key)])) }
}

/** Every point in turn; answers how often each key was booked and what was told, as lines. */
async function crashEverywhere (t: Test, kind: BankKind): Promise<ReadonlyMap<string, number>> {
  const seen = new Map<string, number>()
  let step = 0
  for (;; step++) {
    const { isReached, bank, told } = await crashAt(t, kind, step)
    for (const key of keys) {
      const line = `booked ${bank.timesBooked(key)}, told ${told.get(key)?.join() ?? ''}`
      seen.set(line, (seen.get(line) ?? 0) + 1)
    }
    if (!isReached) break
  }
  t.ok(step > 25, `${step} points`)
  return seen
}

const neither = { honoursKeys: false, canBeAsked: false }

test('a provider that honours keys carries out each effect once, wherever its caller is killed', async t => {
  const seen = await crashEverywhere(t, { honoursKeys: true, canBeAsked: false, effect: {} })
  t.same([...seen.keys()], ['booked 1, told succeeded'])
})

test('a provider that can be asked carries out each effect once, wherever its caller is killed', async t => {
  const seen = await crashEverywhere(t, { honoursKeys: false, canBeAsked: true, effect: { keyLifeMs: 0 } })
  t.same([...seen.keys()], ['booked 1, told succeeded'])
})

test('a provider that is neither carries out an at-least-once effect once or twice, wherever its caller is killed', async t => {
  const seen = await crashEverywhere(t, { ...neither, effect: { keyLifeMs: 0, policy: 'at-least-once' } })
  t.same([...seen.keys()].sort(), ['booked 1, told succeeded', 'booked 2, told succeeded'])
})

test('a provider that is neither carries out an at-most-once effect once or not at all, and what is not known is told as unknown', async t => {
  const seen = await crashEverywhere(t, { ...neither, effect: { keyLifeMs: 0, policy: 'at-most-once' } })
  t.same([...seen.keys()].sort(), ['booked 0, told unknown', 'booked 1, told succeeded', 'booked 1, told unknown'])
})

test('the crash points find a provider that is taken for one that honours keys (known-bad switch)', async t => {
  const seen = await crashEverywhere(t, { ...neither, effect: {} })
  t.ok(seen.has('booked 2, told succeeded'))
})
