import { partitionOf } from '../../streams/index.ts'
import { drawFaults, type Fault } from './faults.ts'
import { Random } from './random.ts'
import { type Cancel, type Order, PARTITIONS } from './workload.ts'

/** One input record, before it is in a log. */
export interface Input {
  readonly topic: 'orders' | 'cancels'
  readonly partition: number
  readonly key: string
  readonly value: Order | Cancel
}

/** Records that are appended at one moment. */
export interface Batch {
  readonly atMs: number
  readonly inputs: readonly Input[]
  /** plain: no transaction. committed, aborted: of a foreign producer, whose transaction stays open for `openMs`. */
  readonly how: 'plain' | 'committed' | 'aborted'
  readonly openMs: number
}

/** What differs between worlds beside their records and faults. */
export interface Settings {
  readonly processes: number
  /** Static members come back to their tasks without a round. */
  readonly isStatic: boolean
  /** Clock of each process against the broker's, ms. */
  readonly skewMs: readonly number[]
  readonly cacheBytes: number
  readonly maxCycleRecords: number
  readonly maxUnappliedBytes: number
  readonly sinkRows: number
  /** Longest time that passes between two steps, ms. */
  readonly stepMs: number
}

/** All that a seed decides before anything runs; whose turn it is is decided as it goes. */
export interface Scenario {
  readonly seed: number
  readonly settings: Settings
  readonly batches: readonly Batch[]
  readonly faults: readonly Fault[]
  /** Moment of the last batch and the end of the last fault, ms from the start. */
  readonly endMs: number
}

/** What is left of a scenario when some of it is taken away: the rest stays as it was. */
export interface Cut {
  /** Numbers of faults to leave out. */
  readonly without: readonly number[]
  /** Batches to keep, from the first one on. */
  readonly batches: number
}

/** A quiet time in the middle, longer than tombstones live, ms. */
const STILL_MS = 60_000
const MIN_RECORDS = 200

export function drawScenario (seed: number): Scenario {
  const random = new Random(seed, 1)
  const processes = random.between(2, 3)
  const settings: Settings = {
    processes,
    isStatic: random.chance(0.4),
    skewMs: Array.from({ length: processes }, () => random.between(-1500, 1500)),
    cacheBytes: random.pick([0, 2000, 1 << 16, 1 << 20]),
    maxCycleRecords: random.pick([3, 10, 100, 100]),
    maxUnappliedBytes: random.pick([1, 2000, 1 << 20]),
    sinkRows: random.pick([6, 10, 25]),
    stepMs: random.pick([1, 2, 4])
  }
  const stillMs = random.chance(0.08) ? STILL_MS : 0
  const batches = drawBatches(random, stillMs)
  const lastMs = batches.at(-1)?.atMs ?? 0
  const faults = drawFaults(new Random(seed, 2), { processes, feedMs: lastMs - stillMs, stillMs })
  const endMs = faults.reduce((end, { atMs, forMs }) => Math.max(end, atMs + forMs), lastMs)
  return { seed, settings, batches, faults, endMs }
}

/** The scenario without some of it. */
export function cutScenario (scenario: Scenario, cut: Cut): Scenario {
  return { ...scenario, batches: scenario.batches.slice(0, cut.batches), faults: scenario.faults.filter(({ number }) => !cut.without.includes(number)) }
}

export function recordsOf ({ batches }: Scenario): number {
  return batches.reduce((sum, { inputs }) => sum + inputs.length, 0)
}

/** Bursts and pauses; cancellations go out before, with or after their orders. */
function drawBatches (random: Random, stillMs: number): Batch[] {
  const batches: Batch[] = []
  const keys = random.between(4, 12)
  const late: Array<{ readonly input: Input, readonly atMs: number }> = []
  let atMs = 50
  let records = 0
  for (let number = 0; records < MIN_RECORDS; number++) {
    atMs += random.chance(0.3) ? random.between(0, 3) : random.between(20, 400)
    if (stillMs > 0 && records >= MIN_RECORDS / 2 && !batches.some(batch => batch.atMs >= stillMs)) atMs += stillMs
    const how = random.weighted({ plain: 12, committed: 2, aborted: 1 })
    const inputs: Input[] = []
    const cancelsNow: Input[] = []
    for (let size = random.between(1, 9); size > 0; size--) {
      const input = drawOrder(random, `o${number}-${size}`, keys)
      inputs.push(input)
      if (input.value.type !== 'Order' || input.value.kind !== 'timed' || how !== 'plain' || random.chance(0.4)) continue
      const cancel: Input = { topic: 'cancels', partition: partitionOf(input.key, PARTITIONS), key: input.key, value: { type: 'Cancel', id: input.value.id } }
      if (random.chance(0.3)) cancelsNow.push(cancel)
      else late.push({ input: cancel, atMs: atMs + random.between(0, Math.round(input.value.afterMs * 1.2)) })
    }
    if (cancelsNow.length > 0) batches.push({ atMs: atMs - random.between(0, 10), inputs: cancelsNow, how: 'plain', openMs: 0 })
    batches.push({ atMs, inputs, how, openMs: how === 'plain' ? 0 : random.between(0, 600) })
    records += inputs.length + cancelsNow.length
  }
  for (const { input, atMs } of late) batches.push({ atMs, inputs: [input], how: 'plain', openMs: 0 })
  return batches.sort((a, b) => a.atMs - b.atMs)
}

/** A few lie in a partition that is not that of their key. */
function drawOrder (random: Random, id: string, keys: number): Input {
  const key = `k${random.between(1, keys)}`
  const home = partitionOf(key, PARTITIONS)
  const kind = random.weighted({ plain: 12, timed: 7, poison: 1 })
  const partition = random.chance(0.03) ? (home + 1) % PARTITIONS : home
  return { topic: 'orders', partition, key, value: { type: 'Order', id, kind, afterMs: kind === 'plain' ? 0 : random.between(60, 2500) } }
}
