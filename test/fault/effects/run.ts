import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { localEndpoints, startLocal } from '../../../ops/stack/local.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove, stackConfig } from '../../support/shared-stack.ts'
import { effectCases } from './effects.ts'
import { expected, momentTexts, moments } from './moments.ts'
import { EffectScene, type Killed } from './scene.ts'

/**
 * `npm run test:effects [-- --only NAME]`: every effect of the platform, killed with its process (SIGKILL) at each of its steps, against providers in a
 * process of their own; then the ledger of the provider is held against the record. Ends with 0 when each has what its policy promises, and says so.
 */
const { values } = parseArgs({ options: { only: { type: 'string' } } })
const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const folder = newOwnFolder()
ensureWatchdog()
mkdirSync(folder, { recursive: true })
const config = stackConfig(folder, await newPorts())
let wrong = 0
try {
  await startLocal(['kafka', 'redis'], config, say)
  const scene = await EffectScene.open(localEndpoints(config))
  try {
    const killed: Killed[] = []
    for (const effect of effectCases.filter(({ name }) => values.only === undefined || name === values.only)) {
      await scene.prepare(effect)
      for (const moment of moments) {
        killed.push(await scene.kill(effect, moment))
        say(`${effect.name}: killed when ${momentTexts[moment]}`)
      }
      await scene.rest()
    }
    // Only now: what comes late is seen as well.
    say('\neffect | killed when | provider has it | record | must be')
    for (const each of killed) {
      const { times, record } = await scene.verdict(each)
      const must = expected(each.moment, each.effect.promised)
      const isRight = times === must.times && record === must.record
      if (!isRight) wrong++
      say(`${each.effect.name} | ${momentTexts[each.moment]} | ${times} | ${record} | ${isRight ? 'so' : `${must.times}, ${must.record}`}`)
    }
    say(wrong === 0 ? `\n${killed.length} kills: each effect is there as often as its policy says, and its record says which.` : `\n${wrong} of ${killed.length} are wrong`)
  } finally {
    await scene.close()
  }
} finally {
  await remove(folder, () => {})
}
process.exitCode = wrong === 0 ? 0 : 1
