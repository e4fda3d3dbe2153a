import { test } from 'tap'
import { riskReasonSymbols } from '#schemas'
import { type Judged, judge, riskRules } from '../../../topology/risk/rules.ts'
import { describeReasons } from '../../../topology/risk/reasons.ts'
import { activityLimit, pounds } from './risk-fixtures.ts'

type Change = Partial<Judged['figures'] & Omit<Judged, 'figures'>>

function judged ({ hasLimit = false, maintenance = false, ...figures }: Change = {}) {
  const calm = { activity: pounds(100), activityLimit, exposure: pounds(100), creditLimit: null, maintenanceVersion: null }
  return judge({ figures: { ...calm, ...figures }, hasLimit, maintenance })
}

test('an order is approved when no rule speaks against it', t => {
  t.same(judged(), { verdict: 'approved', reasons: [] })
  t.end()
})

test('an order is reviewed from exactly the activity limit on', t => {
  t.same(judged({ activity: activityLimit - 1n }), { verdict: 'approved', reasons: [] })
  t.same(judged({ activity: activityLimit }), { verdict: 'review', reasons: ['activity'] })
  t.end()
})

test('no activity is too much when the limit is 0', t => {
  t.same(judged({ activity: pounds(1_000_000), activityLimit: 0n }).verdict, 'approved')
  t.end()
})

test('an order is rejected when more than the credit limit would be owed, not when just as much', t => {
  t.same(judged({ creditLimit: pounds(100), hasLimit: true }).verdict, 'approved')
  t.same(judged({ creditLimit: pounds(100) - 1n, hasLimit: true }), { verdict: 'rejected', reasons: ['creditLimit'] })
  t.end()
})

test('an order is reviewed when its customer has a credit limit in another currency only', t => {
  t.same(judged({ hasLimit: true }), { verdict: 'review', reasons: ['creditCurrency'] })
  t.end()
})

test('an order is rejected during maintenance', t => {
  t.same(judged({ maintenance: true }), { verdict: 'rejected', reasons: ['maintenance'] })
  t.end()
})

test('the strictest rule decides and every one is named when several apply', t => {
  t.same(judged({ maintenance: true, activity: activityLimit, creditLimit: 0n, hasLimit: true }), {
    verdict: 'rejected', reasons: ['maintenance', 'creditLimit', 'activity']
  })
  t.end()
})

test('every reason but an unknown one belongs to a rule, and has words', t => {
  t.same(riskRules.map(rule => rule.reason).sort(), riskReasonSymbols.filter(reason => reason !== 'other').sort())
  for (const reason of riskReasonSymbols) t.ok(describeReasons([reason]).length > 10, reason)
  t.match(describeReasons(['activity', 'maintenance']), /within an hour; no orders/)
  t.end()
})
