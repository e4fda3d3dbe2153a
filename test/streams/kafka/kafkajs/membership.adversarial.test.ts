import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { brokerErrors, type BrokerErrorName } from '../../../../streams/kafka/wire/broker-error.ts'
import { attack } from '../../attack.ts'
import { clientOf, ScriptedBroker } from './scripted-broker.ts'

const passing: readonly BrokerErrorName[] = ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS', 'UNKNOWN_SERVER_ERROR', 'REQUEST_TIMED_OUT', 'NETWORK_EXCEPTION']

type Fate = BrokerErrorName | 'hang-up' | 'cut' | 'well'
const fates = fc.array(fc.oneof({ weight: 2, arbitrary: fc.constant<Fate>('well') }, { weight: 3, arbitrary: fc.constantFrom<Fate>(...passing, 'hang-up', 'cut') }), { maxLength: 4, size: 'max' })
const trouble = fc.record({ joinGroup: fates, syncGroup: fates, heartbeat: fates, rejoins: fc.boolean() })
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never

interface Truth { members: number, generation: number, readonly known: Set<string> }

/** A coordinator that answers as it is told at first, and then well: it gives every join a new generation. */
function coordinate (broker: ScriptedBroker, given: Trouble): Truth {
  const truth: Truth = { members: 0, generation: 0, known: new Set() }
  const left = { joinGroup: [...given.joinGroup], syncGroup: [...given.syncGroup], heartbeat: [...given.heartbeat] }
  for (const api of ['joinGroup', 'syncGroup', 'heartbeat'] as const) {
    broker.script(api, out => {
      const fate = left[api].shift() ?? 'well'
      if (fate === 'hang-up') return 'hang-up'
      out.int32(0)
      if (fate === 'cut') return undefined // an answer that ends early
      const code = fate === 'well' ? 0 : brokerErrors[fate]
      out.int16(code)
      if (api === 'heartbeat') return undefined
      if (api === 'syncGroup') {
        out.int32(code === 0 ? 13 : 0)
        if (code === 0) out.int16(0).int32(0).int32(3).int8(65).int8(66).int8(67)
        return undefined
      }
      if (code === 0) truth.generation++
      const id = `member-${++truth.members}`
      out.int32(truth.generation).string('p').string(code === 0 ? 'another' : '').string(code === 0 ? id : '').int32(0)
      return undefined
    })
  }
  return truth
}

async function lives (t: Test, given: Trouble): Promise<void> {
  const broker = await ScriptedBroker.start(t)
  const truth = coordinate(broker, given)
  const generations: number[] = []
  let failure: Error | undefined
  const membership = (await clientOf(t, broker)).joinGroup({
    groupId: 'group',
    heartbeatMs: 2,
    memberData: () => Buffer.from('data'),
    assign: () => new Map(),
    onAssignment: (_, generation) => { generations.push(generation) },
    onFailure: error => { failure = error }
  })
  if (given.rejoins) membership.rejoin()
  for (let n = 0; n < 8; n++) await membership.confirm()
  assert.equal(failure, undefined)
  assert.equal(generations.at(-1), membership.generation, 'what is confirmed is what was told last')
  assert.equal(membership.generation, truth.generation, 'and is the newest there is')
  assert.deepStrictEqual(generations, [...generations].sort((a, b) => a - b))
  await membership.leave()
  await assert.rejects(membership.confirm(), { code: 'STR_CLOSED' })
  const asked = broker.calls.length
  for (let n = 0; n < 5; n++) await new Promise(resolve => { setImmediate(resolve) })
  assert.equal(broker.calls.length, asked, 'nothing is asked after it left')
}

test('member comes back and confirms the newest generation, whatever its coordinator answers, cuts or breaks off in between', async t => {
  const { numRuns, seed } = attack(24)
  await Promise.all(fc.sample(trouble, { numRuns, seed }).map(async given => {
    try {
      await lives(t, given)
    } catch (error) {
      throw new Error(JSON.stringify(given), { cause: error })
    }
  }))
  t.pass(`${numRuns} members`)
})
