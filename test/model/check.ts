import { Coverage } from './coverage.ts'
import { disturbances } from './disturbances.ts'
import { countPaths, showLivelock, sortWorlds } from './graph.ts'
import { fulfilmentMoves } from './fulfilment.ts'
import { type Move, ownMoves } from './moves.ts'
import { realProcesses } from './processes.ts'
import { type Scenario, type Size, products } from './scenario.ts'
import { Scene, type World } from './scene.ts'
import { type Counterexample, Search } from './search.ts'
import { variants } from './variants.ts'
import { waitingMoves } from './waiting.ts'

/** What is checked: a scenario of a size, with at most `bound` disturbances. `variant`: the known-bad build instead of the real one. */
export interface Check extends Size {
  readonly scenario: Scenario
  readonly bound: number
  readonly variant?: string
}

/** What a check found: figures of the whole graph, or the way to a broken property. */
export interface Report {
  readonly check: Check
  readonly coverage: Coverage
  readonly worlds: number
  readonly transitions: number
  /** Ways from the start to a rest; a float. */
  readonly paths: number
  readonly rests: number
  readonly depth: number
  readonly seconds: number
  readonly counterexample?: Counterexample & { /** The moves that go round, when it is a livelock. */ readonly round?: readonly string[] }
}

/** The scene of a check with everything that can happen in it. */
export function openScene (check: Check): { readonly scene: Scene, readonly own: readonly Move[], readonly others: readonly Move[], readonly start: World } {
  const real = realProcesses(products)
  const variant = check.variant === undefined ? undefined : variants[check.variant]
  if (check.variant !== undefined && variant === undefined) throw new RangeError(`there is no variant ${check.variant}: ${Object.keys(variants).join(', ')}`)
  const processes = variant === undefined ? real : { ...real, [variant.process]: variant.around(real[variant.process]) }
  const scene = new Scene(check, processes, new Coverage())
  const { scenario } = check
  const own = [...waitingMoves(scene, scenario), ...fulfilmentMoves(scene, scenario), ...ownMoves(scene)]
  return { scene, own, others: disturbances(scene, scenario), start: scene.start(scenario) }
}

/** Searches everything within the bound, then looks for livelocks. */
export async function runCheck (check: Check): Promise<Report> {
  const startedMs = performance.now()
  const { scene, own, others, start } = openScene(check)
  const found = await new Search(scene, own, others, check.bound).run(start)
  const seconds = () => (performance.now() - startedMs) / 1_000
  const { coverage } = scene
  if (!('worlds' in found)) return { check, coverage, worlds: 0, transitions: 0, paths: 0, rests: 0, depth: 0, seconds: seconds(), counterexample: found }
  const { worlds, transitions, rests, depth } = found
  const sorted = sortWorlds(found)
  const figures = { check, coverage, worlds, transitions, rests, depth }
  if (sorted.cyclic.length > 0) {
    const { way, round } = showLivelock(found, sorted.cyclic)
    return { ...figures, paths: 0, seconds: seconds(), counterexample: { why: 'the same things happen for ever and nothing comes of it', steps: way, round } }
  }
  return { ...figures, paths: countPaths(found, sorted), seconds: seconds() }
}
