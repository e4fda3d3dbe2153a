import { test } from 'tap'
import { type Summary } from '../../ops/start/summary.ts'
import { type Result, differences, faultsOf, figuresOf } from './compare.ts'
import { plan } from './disturb.ts'
import { expectedFigures } from './expect.ts'

const played = { orders: 300, seed: '7' }

test('expected figures are those of the seed, and add up, when they are worked out twice', t => {
  const figures = expectedFigures(played)
  t.same(expectedFigures(played), figures)
  t.not(expectedFigures({ ...played, seed: '8' })['lines'], figures['lines'])
  t.match(figures, { 'orders.placed': 300, 'orders.confirmed': 280, 'orders.cancelled': 63, lines: 7070, 'revenue.GBP': '84102.1200' })
  t.match(figures['gateway.GBP'], { voided: '0', captured: /^\d+$/, refunded: /^\d+$/ })
  t.end()
})

test('every difference is named when figures are not the wanted ones', t => {
  const figures = expectedFigures(played)
  t.same(differences(figures, { ...figures }), [])
  t.same(differences(figures, { ...figures, lines: 7071, deadLetters: 2 }), ['lines is 7071 instead of 7070', 'deadLetters is 2 instead of 0'])
  const { 'revenue.EUR': lost, ...rest } = figures
  t.same(differences(figures, rest), [`revenue.EUR is undefined instead of ${String(lost)}`])
  t.end()
})

test('a run is faulty when its player, its laws, its rows or its dead letters say so', t => {
  const analytics = { topicRecords: 5, clickhouseRows: 5 }
  const summary = { orders: {}, lines: 1, revenue: {}, credits: {}, invariants: { checked: 9, violations: [] }, analytics } as unknown as Summary
  const good: Result = { exitCode: 0, summary, deadLetters: 0, eventTypes: {}, gateway: { GBP: { captured: '1' } } }
  t.same(faultsOf(good), [])
  t.same(figuresOf(good), { lines: 1, credits: {}, deadLetters: 0, 'gateway.GBP': { captured: '1' } })
  const wrong = { ...summary, invariants: { checked: 9, violations: ['x'] }, analytics: { topicRecords: 5, clickhouseRows: 6 } }
  t.equal(faultsOf({ ...good, exitCode: 1, deadLetters: 3, summary: wrong }).length, 4)
  t.end()
})

test('disturbances lie between 10 % and 90 % of the orders, in order, and only the seed moves them', t => {
  for (let seed = 0; seed < 200; seed++) {
    const points = plan(['kill', 'kill', 'flush'], { orders: 1000, seed: String(seed) }).map(({ atSettled }) => atSettled)
    t.ok(points.every((point, at) => point >= 100 && point <= 900 && point >= (points[at - 1] ?? 0)), `seed ${seed}: ${points.join()}`)
  }
  t.same(plan(['kill'], played), plan(['kill'], played))
  t.end()
})
