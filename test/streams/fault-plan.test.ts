import { test } from 'tap'
import { FaultPlan } from '../../streams/fault-plan.ts'

interface Call { readonly op: string, readonly key: string }

const lost = new Error('lost')
const read: Call = { op: 'read', key: 'a' }

test('fault plan lets every call pass when it is empty', async t => {
  const plan = new FaultPlan<Call>(() => lost)
  t.equal(plan.idle, true)
  await t.resolves(plan.pass(read, 'request'))
})

test('fault plan breaks matching calls in their phase, after those it skips, as often as told', async t => {
  const plan = new FaultPlan<Call>(() => lost)
  plan.fail({ op: 'read' }, { phase: 'answer', skip: 1, times: 2 })
  const outcomes: string[] = []
  for (const call of [read, { op: 'write', key: 'a' }, read, read, read]) {
    await plan.pass(call, 'request')
    outcomes.push(await plan.pass(call, 'answer').then(() => 'passed', () => 'lost'))
  }
  t.same(outcomes, ['passed', 'passed', 'lost', 'lost', 'passed'])
  t.equal(plan.idle, true)
})

test('fault plan holds a call until it is released, or loses it then', async t => {
  const plan = new FaultPlan<Call>(() => lost)
  const first = plan.hold({ key: 'a' }, { phase: 'request' })
  const passing = plan.pass(read, 'request')
  t.same(await first.arrived, read)
  first.release()
  await passing
  const second = plan.hold({ key: 'a' }, { phase: 'request' })
  const failing = t.rejects(plan.pass(read, 'request'), lost)
  await second.arrived
  second.release(lost)
  await failing
})

test('fault plan shows every call to the interceptor before the rules, until it is cleared', async t => {
  const plan = new FaultPlan<Call>(() => lost)
  const seen: string[] = []
  plan.intercept((call, phase) => { seen.push(`${call.op} ${phase}`) })
  plan.fail({}, { phase: 'answer' })
  await plan.pass(read, 'request')
  await t.rejects(plan.pass(read, 'answer'), lost)
  plan.clear()
  await plan.pass(read, 'request')
  t.same(seen, ['read request', 'read answer'])
})
