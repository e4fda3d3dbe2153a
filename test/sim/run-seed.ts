import { setImmediate as turn } from 'node:timers/promises'
import { checkWorld, type Problem } from './checks.ts'
import { Random } from './random.ts'
import { recordsOf, type Scenario } from './scenario.ts'
import { TASKS } from './workload.ts'
import { START_MS, World } from './world.ts'

/** What became of one world. */
export interface Outcome {
  readonly seed: number
  /** Empty = everything held. */
  readonly problems: readonly Problem[]
  readonly processes: number
  readonly tasks: number
  readonly records: number
  /** Steps of the network, which the seed put in order. */
  readonly steps: number
  /** Faults that happened, by kind. */
  readonly faults: ReadonlyMap<string, number>
  /** Virtual time, ms. */
  readonly tookMs: number
}

/** How often it is looked whether everything is quiet, virtual ms. */
const LOOK_MS = 500
/** What holds once must hold still this much later: what is on its way late has arrived by then. */
const STILL_MS = 4000
/** A world that is not right this long after its last fault never will be. */
const PATIENCE_MS = 60_000
/** Steps without an end: something goes round in circles. */
const MAX_STEPS = 400_000

/** Plays a scenario to its quiet end and checks it. The same scenario gives the same outcome and the same trace. */
export async function runScenario (scenario: Scenario, trace?: (line: string) => void): Promise<Outcome> {
  const world = new World(scenario, trace)
  try {
    await world.begin()
    const problems = await play(world)
    for (const { check, found } of problems) world.tell(`WRONG ${check}: ${found}`)
    const { processes } = scenario.settings
    const { happened } = world.injector
    return {
      seed: scenario.seed,
      problems,
      processes: processes + (happened.get('join') ?? 0),
      tasks: TASKS,
      records: recordsOf(scenario),
      steps: world.network.taken,
      faults: happened,
      tookMs: world.clock.now() - START_MS
    }
  } finally {
    await world.end()
  }
}

/** One thing after another, until all is as it must be, or never will be. */
async function play (world: World): Promise<Problem[]> {
  const { clock, network, scenario } = world
  const pace = new Random(scenario.seed, 4)
  const endMs = START_MS + scenario.endMs
  let lookMs = endMs
  let isRight = false
  for (;;) {
    await turn()
    if (world.watch.breach !== undefined) return await checkWorld(world, false)
    if (network.taken > MAX_STEPS) return [{ check: 'it comes to an end', found: `${MAX_STEPS} steps` }]
    if (clock.fire()) continue
    if (clock.now() >= lookMs) {
      world.injector.disarm()
      const wasRight = isRight
      isRight = (await checkWorld(world, true)).length === 0
      if (isRight && wasRight) return []
      if (!isRight && clock.now() > endMs + PATIENCE_MS) return await checkWorld(world, false)
      lookMs = clock.now() + (isRight ? STILL_MS : LOOK_MS)
    }
    if (network.step()) clock.moveTo(clock.now() + pace.between(0, scenario.settings.stepMs))
    else clock.moveTo(Math.min(clock.nextDueMs, network.nextMs, lookMs))
  }
}
