import { test } from 'tap'
import { ownRedis, ownService } from '../../support/stack.ts'
import { effectCases } from './effects.ts'
import { expected, moments } from './moments.ts'
import { EffectScene, type Killed } from './scene.ts'

test('a provider has what its policy promises, and the record says which, when the process is killed before it hears the answer', async t => {
  const broker = await ownService(t, 'kafka')
  const redis = await ownRedis(t)
  if (broker === undefined || redis === undefined) return
  const scene = await EffectScene.open({ brokers: [broker.endpoint], redisUrl: redis.endpoint })
  t.teardown(async () => { await scene.close() })
  const killed: Killed[] = []
  for (const effect of effectCases.filter(({ name }) => name === 'e-mail' || name === 'text message')) killed.push(await scene.kill(effect, 'given'))
  for (const each of killed) t.same(await scene.verdict(each), expected('given', each.effect.promised), each.effect.name)
})

test('every moment of every policy has a verdict, and only where a call may have been made it is not the plain one', async t => {
  const plain = { times: 1, record: 'done' }
  for (const moment of moments) t.same(expected(moment, 'once'), plain, moment)
  const doubtful = moments.filter(moment => expected(moment, 'atLeastOnce').record !== 'done')
  t.same(doubtful, ['accepted', 'applied', 'called', 'given', 'answered', 'finish sent'])
  for (const moment of doubtful) t.equal(expected(moment, 'atMostOnce').record, 'in doubt', moment)
})
