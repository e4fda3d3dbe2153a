import { type Act } from '../stage/act.ts'
import { checkOutRelease, previousRelease } from '../stage/release.ts'
import { type Stage } from '../stage/stage.ts'
import { cast } from './cast.ts'
import { type Row } from './row.ts'

/** Orders of the release before, done before anything is upgraded: the state that the upgrade has to take over. */
const ordersBefore = 40

/** A process of another build reads its topology anew, and shares two cores with the one that it replaces. */
const rollMs = 30_000

/** The platform as the release before leaves it: provisioned, at work, with orders in every state. */
export async function liveAsBefore (stage: Stage): Promise<void> {
  const build = await checkOutRelease(previousRelease)
  await end(stage, 'provision', ['--role', 'provision'], build)
  await Promise.all(Object.entries(cast).map(async ([name, role]) => await stage.start(name, role, { build })))
  await end(stage, 'player', ['--role', 'player', '--exit', '--orders', String(ordersBefore), '--seed', 'before', '--in-flight', '10'], build)
}

async function end (stage: Stage, name: string, args: readonly string[], build: string): Promise<void> {
  const child = stage.run(name, { args, build })
  const code = await child.ended
  if (code !== 0) throw new Error(`${name} of ${build} ended with ${code}: ${child.errors.slice(-500)}`)
}

/** Every process of the platform is replaced by one of that build, one after another; absent = this build. */
async function rollAll (act: Act, kind: string, build: string | undefined): Promise<void> {
  for (const [name, role] of Object.entries(cast)) {
    await act.fault(`${kind}: ${name}`, async () => { await act.stage.restart(name, role, 'end', build === undefined ? {} : { build }) }, { withinMs: rollMs })
  }
  await act.moves()
}

/** A second process of processors, of that build, joins and takes its share; everything is rolled beside it; it leaves. */
async function rollBeside (act: Act, kind: string, beside: string | undefined, to: string | undefined): Promise<void> {
  await act.fault(`${kind}: both builds in one group`, async () => {
    const mixed = await act.stage.start('p2', 'processor', beside === undefined ? {} : { build: beside })
    act.expect(`${kind}: the process of the other build gets tasks`, /"gained":\["/.test(mixed.errors))
  }, { withinMs: rollMs })
  await act.moves()
  await rollAll(act, kind, to)
  await act.fault(`${kind}: only one build again`, async () => {
    const code = await act.stage.process('p2').end()
    act.expect(`${kind}: the process that leaves ends with 0, not ${code}`, code === 0)
  }, { withinMs: rollMs })
  await act.moves()
}

export const upgradeRows: readonly Row[] = [
  {
    number: 28,
    fault: 'upgrade N−1 → N with state, and back',
    done: `the release before (${previousRelease}, or FAULT_RELEASE) runs and keeps its state; this build provisions; processors, sink and API are rolled to it, ` +
      'back, and to it again, each time with both builds in one group for a while',
    group: 'upgrade',
    run: async act => {
      const before = await checkOutRelease(previousRelease)
      await act.moves()
      await rollBeside(act, 'upgrade', undefined, undefined)
      await rollBeside(act, 'rollback', before, before)
      await rollBeside(act, 'upgrade again', undefined, undefined)
    }
  }
]
