import { test } from 'tap'
import { type OrderState } from '#schemas'
import { listReactions, orderPhases } from '../../topology/orders/phases.ts'
import { topics } from '../../topology/topics.ts'
import { type Fact } from '../../topology/orders/facts.ts'
import { reply } from '../topology/orders/order-fixtures.ts'
import { type Check, openScene, runCheck } from './check.ts'
import { Coverage, type TableName, tables } from './coverage.ts'
import { normalMessage } from './cell.ts'
import { orderIds } from './scenario.ts'
import { Search } from './search.ts'
import { readWay, replay, tellWay } from './trace.ts'
import { listedCells, whyUnreached } from './unreached.ts'
import { variants } from './variants.ts'

const small: Check = { scenario: 'plenty', lines: 2, partitions: 2, orders: 1, bound: 1 }

/** Orders that end by themselves, and orders that wait for somebody: those are of one line, as every wait has many ways out. */
const ofTheSystem = (['plenty', 'short', 'free', 'services', 'refused'] as const).map((scenario): Check => ({ ...small, lines: 5, scenario }))
const alone = { lines: 1, partitions: 1 } as const
const ofTheCustomer: readonly Check[] = [
  { ...small, ...alone, scenario: 'amend' }, { ...small, scenario: 'amend', bound: 0 },
  { ...small, ...alone, scenario: 'repay' }, { ...small, ...alone, scenario: 'backorder', bound: 0 },
  { ...small, ...alone, scenario: 'shipping', bound: 0 }, { ...small, ...alone, scenario: 'returns', bound: 0 }
]

/** Rows that only two disturbances or more lead to; `npm run test:model` comes through the rest. */
const deeper: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  'order phases': [
    'fulfilling × RefundFailed', 'fulfilling × ResendDue', 'compensating × RefundFailed', 'amending × LinesReserved', 'amending × LinesExpired', 'clearing × LinesExpired',
    'clearing × BackOrderTimeout', 'queued × LinesRejected', 'queued × LinesUnconfirmed', 'queued × LinesReleased', 'queued × LinesExpired',
    'queued × CompensateOrder', 'queued × StepTimeout', 'voiding × LinesConfirmed', 'voiding × LinesUnconfirmed', 'voiding × LinesReleased',
    'voiding × PaymentFailed', 'voiding × RefundFailed', 'voiding × CompensateOrder', 'voiding × SagaTimeout', 'voiding × ResendDue',
    'repaying × LinesConfirmed', 'stopping × RefundFailed', 'delivered × RefundFailed', 'delivered × ShipmentDelivered', 'delivered × ResendDue'
  ],
  parts: ['LinesExpired × waiting', 'LinesUnconfirmed × waiting'],
  reservations: ['waiting × reserve', 'waiting × unconfirm', 'waiting × expire', 'expired × reserve'],
  payments: ['voiding × PaymentAuthorized', 'voiding × PaymentSucceeded', 'fenced × AttemptFenced']
}

test('every interleaving of an order ends well when at most one thing goes wrong, and every row of the tables is met or explained', async t => {
  const coverage = new Coverage()
  for (const check of [...ofTheSystem, ...ofTheCustomer]) {
    const report = await runCheck(check)
    t.same(report.counterexample, undefined, check.scenario)
    t.ok(report.paths >= report.rests, 'there is a way to every end')
    coverage.merge(report.coverage)
  }
  for (const table of tables) {
    t.same([...listedCells(table)].filter(cell => coverage.seen(table).has(cell)), [], `${table}: no row is called unreachable that was reached`)
    t.same(coverage.missing(table).filter(cell => whyUnreached(table, cell) === undefined), deeper[table] ?? [], `${table}: what is missing has a reason`)
  }
})

test('two orders that compete for the last pieces end well when nothing goes wrong: at most one has them', async t => {
  t.same((await runCheck({ ...small, scenario: 'contest', lines: 5, orders: 2, bound: 0 })).counterexample, undefined)
})

for (const [name, { breaks, bound = 1, scenario = 'plenty', isOfOneLine = false }] of Object.entries(variants)) {
  test(`the model finds a counterexample that can be gone again when ${breaks} (${name})`, async t => {
    const check = { ...small, ...isOfOneLine ? alone : {}, bound, scenario, variant: name }
    const { counterexample } = await runCheck(check)
    if (counterexample === undefined) return t.fail('the build was taken for sound')
    const { why, steps, round } = counterexample
    const told = await replay(check, readWay(tellWay(await replay(check, steps)).join('\n')))
    t.same(told.steps.map(({ id }) => id), steps)
    if (round === undefined) t.equal(told.why, why)
    else t.same((await replay(check, [...steps, ...round, ...round])).steps.length, steps.length + 2 * round.length, 'the round goes on')
  })
}

test('a record that no phase waits for is refused and changes nothing when it is forged, in every state of an order', async t => {
  const { scene, own, others, start } = openScene(small)
  await new Search(scene, own, others, 1).run(start)
  const forged = Object.values(reply).map(make => normalMessage((make as () => Fact)()))
  let refusals = 0
  for (const cell of scene.cells.values) {
    const saga = cell.rows[`orders/${orderIds[0]}`] as OrderState | undefined
    if (saga === undefined) continue
    for (const value of forged) {
      if (orderPhases[saga.phase][value.type as keyof typeof orderPhases.closed] !== 'unexpected') continue
      const topic = value.type.startsWith('Lines') ? topics.inventory.replies : value.type.startsWith('Ship') ? topics.shipping.events : topics.payments.events
      const { refused, cell: after } = scene.processes.orders(cell, { kind: 'record', topic: topic.name, key: orderIds[0], value, place: 0 })
      if (refused === undefined || after !== cell) t.fail(`${value.type} while ${saga.phase}`)
      refusals++
    }
  }
  t.ok(refusals > 0)
})

test('no record of a process is refused by the saga when nobody sends compensations by hand', async t => {
  const calm = (['backorder', 'repay'] as const).map((scenario): Check => ({ ...small, ...alone, scenario, bound: 0 }))
  for (const check of [small, { ...small, ...alone, scenario: 'amend' } as const, ...calm]) {
    const { scene, own, others, start } = openScene(check)
    const result = await new Search(scene, own, others.filter(({ id }) => !id.startsWith('operator')), check.bound).run(start)
    t.ok('worlds' in result)
    const refused = listReactions().filter(({ phase, stimulus, reaction }) => reaction === 'unexpected' && scene.coverage.seen('order phases').has(`${phase} × ${stimulus}`))
    t.same(refused, [], check.scenario)
  }
})

test('a way is refused when a move in it is not possible', async t => {
  await t.rejects(replay(small, ['answer 0']), /not possible after 0 steps/)
  await t.rejects(replay(small, ['jump']), /there is no move/)
})
