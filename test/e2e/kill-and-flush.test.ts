import { test } from 'tap'
import { serviceNames } from '../../ops/stack/stack.ts'
import { differences, faultsOf, figuresOf } from '../fault/compare.ts'
import { plan } from '../fault/disturb.ts'
import { expectedFigures } from '../fault/expect.ts'
import { runScene } from '../fault/run-scene.ts'
import { ensureWatchdog, newOwnFolder, newPorts } from '../support/shared-stack.ts'
import { whatIsMissing } from '../support/stack.ts'

// The whole of it, with an undisturbed run beside it, more orders and more disturbances, is `npm run test:fault`.
test('every order is accounted for, exactly once, when the processors are killed and Redis forgets everything', async t => {
  const missing = await whatIsMissing(serviceNames)
  if (missing !== undefined) return t.plan(0, missing)
  const play = { orders: 150, seed: '7', inFlight: 60 }
  const folder = newOwnFolder()
  ensureWatchdog()
  const stop = new AbortController()
  t.teardown(() => stop.abort(new Error('the test has ended')))

  const { result, disturbed, faults } = await runScene({
    folder, ports: await newPorts(), play, disturbances: plan(['kill', 'flush'], play), report: line => { t.comment(line) }, signal: stop.signal
  })

  t.same(disturbed.map(({ kind }) => kind), ['kill', 'flush'])
  t.ok(disturbed.every(({ openTransactions }) => openTransactions > 0), 'a transaction was open each time')
  t.ok(disturbed.every(({ settled }) => settled < play.orders), 'orders were open each time')
  t.same(differences(expectedFigures(play), figuresOf(result)), [], 'the figures are those that the orders say')
  t.same(faultsOf(result), [])
  t.ok(result.summary.invariants.checked > play.orders)
  t.same(faults, [], 'every process ended in good order')
})
