import { type EvaluationContext } from '@openfeature/server-sdk'
import { test } from 'tap'
import { type RecordExposure } from '#schemas'
import { createExposureHook, exposureIdOf, surfaceAttribute, unitAttribute } from '../../../api/flags/exposure-log.ts'
import { type BehaviourCommand } from '../../../topology/topics.ts'

const dayMs = 86_400_000

function scene ({ memory = 100 } = {}) {
  const written: RecordExposure[] = []
  let nowMs = 10 * dayMs
  let isAway = false
  const log = {
    append: async (commands: readonly BehaviourCommand[]): Promise<void> => {
      if (isAway) throw new Error('away')
      written.push(...commands as readonly RecordExposure[])
    }
  }
  const hook = createExposureHook({ log, clock: { now: () => nowMs }, memory })
  const evaluate = (context: EvaluationContext, change: object = {}): void => {
    const found = { flagKey: 'button', variant: 'treatment', value: 'new', reason: 'SPLIT', flagMetadata: { experiment: true, version: 7 }, ...change }
    const answer = hook.after?.({ context } as never, found as never)
    if (answer !== undefined) throw new Error('the evaluation waits')
  }
  return { written, evaluate, later: (ms: number) => { nowMs += ms }, leave: (away: boolean) => { isAway = away } }
}

const session = { targetingKey: 'session-1', [unitAttribute]: 'session', [surfaceAttribute]: 'assignExperiments' }

test('who is given a variant by lot or by rule is told, with what was served', t => {
  const { written, evaluate } = scene()
  evaluate(session)
  evaluate({ targetingKey: 'customer-1', [unitAttribute]: 'customer' }, { reason: 'TARGETING_MATCH' })
  t.match(written, [
    { type: 'RecordExposure', experiment: 'button', variant: 'treatment', subject: 'session-1', unit: 'session', reason: 'SPLIT', flagVersion: 7, context: 'assignExperiments', at: 10 * dayMs },
    { subject: 'customer-1', unit: 'customer', reason: 'TARGETING_MATCH', context: '' }
  ])
  t.end()
})

test('nothing is told of what is no experiment, or of who takes no part', t => {
  const { written, evaluate } = scene()
  evaluate(session, { flagMetadata: { experiment: false } })
  evaluate(session, { flagMetadata: {} })
  for (const reason of ['STATIC', 'DEFAULT', 'DISABLED', 'ERROR']) evaluate(session, { reason })
  evaluate(session, { variant: undefined })
  evaluate({})
  t.same(written, [])
  t.end()
})

test('the same exposure is told once a day, and another variant or subject by itself', t => {
  const { written, evaluate, later } = scene()
  for (let n = 0; n < 5; n++) evaluate(session)
  t.equal(written.length, 1)
  evaluate(session, { variant: 'control' })
  evaluate({ ...session, targetingKey: 'session-2' })
  t.equal(written.length, 3)
  later(dayMs)
  evaluate(session)
  t.equal(written.length, 4)
  t.equal(new Set(written.map(({ exposureId }) => exposureId)).size, 4)
  t.end()
})

test('every process gives an exposure the same id', t => {
  const [one, other] = [scene(), scene()]
  one.evaluate(session)
  other.evaluate(session)
  t.equal(one.written[0]?.exposureId, other.written[0]?.exposureId)
  t.equal(one.written[0]?.exposureId, exposureIdOf('button', 'treatment', 'session', 'session-1', 10 * dayMs + 5))
  t.end()
})

test('an exposure that could not be written fails nothing, and is told when its subject asks again', async t => {
  const { written, evaluate, leave } = scene()
  leave(true)
  evaluate(session)
  await new Promise(setImmediate)
  leave(false)
  evaluate(session)
  t.equal(written.length, 1)
})

test('the memory of what was told is bounded: what is forgotten is told again under its id', t => {
  const { written, evaluate } = scene({ memory: 2 })
  for (const targetingKey of ['a', 'b', 'c', 'a']) evaluate({ ...session, targetingKey })
  t.same(written.map(({ subject }) => subject), ['a', 'b', 'c', 'a'])
  t.equal(written[0]?.exposureId, written[3]?.exposureId)
  t.end()
})
