import { type KnownBad } from './edit-sources.ts'
import { logBuilds } from './log-builds.ts'
import { sinkBuilds } from './sink-builds.ts'
import { stateBuilds } from './state-builds.ts'
import { cycleBuilds } from './cycle-builds.ts'

/**
 * Every known-bad build, by name. The simulator has to catch each of them: a checker that was never seen to find anything proves nothing.
 *
 * They are edits of source text, applied while modules are loaded into a thread of their own (`edit-sources.ts`), and not flags or
 * substitutes in the runtime: so production code knows nothing of them, a build differs from the true one by exactly the lines that are
 * shown here, it can break what no port reaches (the order of two statements), and an edit that no longer fits fails at once and says where.
 */
export const knownBad: Readonly<Record<string, KnownBad>> = { ...logBuilds, ...stateBuilds, ...cycleBuilds, ...sinkBuilds }
