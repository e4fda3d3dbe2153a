import fc from 'fast-check'
import { test } from 'tap'
import { blankAccount } from '../../../topology/risk/account.ts'
import { releaseExposure } from '../../../topology/risk/assess-order.ts'
import { setCreditLimit } from '../../../topology/risk/credit-limit.ts'
import { orderId, startMs } from '../orders/order-fixtures.ts'
import { Assessor, activityLimit, minuteMs, orderNo, pounds } from './risk-fixtures.ts'

const maintenance = { enabled: true, version: 7 } as const

test('an assessed order counts as activity and as owed, and its decision says on what it was made', t => {
  const risk = new Assessor()
  t.same(risk.ask(), {
    type: 'RiskApproved',
    orderId,
    customerId: 'customer-1',
    recordedOnly: false,
    total: pounds(100),
    currency: 'GBP',
    figures: { activity: pounds(100), activityLimit, exposure: pounds(100), creditLimit: null, maintenanceVersion: null }
  })
  t.match(risk.account, { accountId: 'customer-1', exposures: [{ currency: 'GBP', amount: pounds(100) }], activity: [{ amount: pounds(100) }] })
  t.end()
})

test('the orders of a customer are reviewed when they come to the limit within an hour', t => {
  const risk = new Assessor()
  t.equal(risk.ask({ orderId: orderNo(1), total: pounds(1_500) }).type, 'RiskApproved')
  t.match(risk.ask({ orderId: orderNo(2), total: pounds(500) }, { nowMs: startMs + 60 * minuteMs }), {
    type: 'RiskReviewRequired', reasons: ['activity'], figures: { activity: pounds(2_000) }
  })
  t.equal(risk.ask({ orderId: orderNo(3), total: pounds(1_499) }, { nowMs: startMs + 61 * minuteMs }).type, 'RiskApproved', 'the first one is too long ago')
  t.end()
})

test('a customer who is refused and tries again is still counted', t => {
  const risk = new Assessor()
  risk.account = { ...blankAccount('customer-1'), limits: [{ currency: 'GBP', amount: pounds(10) }] }
  t.equal(risk.ask({ orderId: orderNo(1), total: pounds(1_500) }).type, 'RiskRejected')
  t.match(risk.ask({ orderId: orderNo(2), total: pounds(500) }), { reasons: ['creditLimit', 'activity'], figures: { activity: pounds(2_000) } })
  t.same(risk.account?.exposures, [], 'and owes nothing for it')
  t.end()
})

test('an order that is turned away for maintenance is no activity, and is not owed', t => {
  const risk = new Assessor()
  t.match(risk.ask({ total: pounds(1_999) }, { maintenance }), { type: 'RiskRejected', reasons: ['maintenance'], figures: { maintenanceVersion: 7 } })
  t.same([risk.account?.activity, risk.account?.exposures], [[], []])
  t.equal(risk.ask({ orderId: orderNo(2), total: pounds(1_999) }).type, 'RiskApproved')
  t.end()
})

for (const channel of ['import', 'backoffice'] as const) {
  test(`a decision is only recorded, and the order owed whatever it says, when it comes by ${channel}`, t => {
    const risk = new Assessor()
    t.match(risk.ask({ channel, total: pounds(5_000) }, { maintenance }), { type: 'RiskRejected', recordedOnly: true, reasons: ['maintenance', 'activity'] })
    t.same(risk.account?.exposures, [{ currency: 'GBP', amount: pounds(5_000) }])
    t.end()
  })
}

test('an imported order is judged by the time at which it was placed, and apart from the others', t => {
  const risk = new Assessor()
  const import2010 = { channel: 'import', placedAt: Date.UTC(2010, 11, 1, 8, 26) } as const
  t.equal(risk.ask({ ...import2010, orderId: orderNo(1), total: pounds(1_500) }).type, 'RiskApproved')
  t.equal(risk.ask({ orderId: orderNo(2), total: pounds(1_500) }).type, 'RiskApproved', 'what is imported now was not ordered now')
  t.match(risk.ask({ ...import2010, orderId: orderNo(3), total: pounds(500), placedAt: import2010.placedAt + 30 * minuteMs }), { reasons: ['activity'] })
  t.equal(risk.ask({ ...import2010, orderId: orderNo(4), total: pounds(1_999), placedAt: import2010.placedAt + 1_000 * minuteMs }).type, 'RiskApproved')
  t.end()
})

test('the same question is answered alike and counts once when it is asked again', t => {
  const risk = new Assessor()
  const first = risk.ask({ total: pounds(1_500) })
  const { account } = risk
  t.same(risk.ask({ total: pounds(1_500) }, { nowMs: startMs + 10 * minuteMs, maintenance, activityLimit: 1n }), first)
  t.equal(risk.account, account)
  t.equal(risk.assessed.get(orderId)?.repeats, 1)
  t.end()
})

test('another question under the same order id is refused', t => {
  const risk = new Assessor()
  risk.ask()
  for (const change of [{ total: 1n }, { currency: 'EUR' }, { customerId: 'customer-2' }]) t.throws(() => risk.ask(change), { code: 'STR_RECORD_REFUSED' })
  t.end()
})

test('a guest is judged by the order alone, has no account and owes nothing', t => {
  const risk = new Assessor()
  t.equal(risk.ask({ customerId: null, total: pounds(1_999) }).type, 'RiskApproved')
  t.match(risk.ask({ customerId: null, orderId: orderNo(2), total: pounds(2_000) }), { type: 'RiskReviewRequired', customerId: null })
  t.equal(risk.account, undefined)
  t.notOk([...risk.assessed.values()].some(row => row.exposed))
  t.end()
})

test('what is owed ends once when the order is paid or over', t => {
  const risk = new Assessor()
  risk.ask()
  const released = releaseExposure(risk.account, risk.assessed.get(orderId), { orderId })
  t.same(released.account?.exposures, [])
  t.match(released.assessed, { exposed: false, repeats: 0 })
  const again = releaseExposure(released.account, released.assessed, { orderId })
  t.same([again.account, again.assessed?.repeats], [undefined, 1])
  t.same(releaseExposure(undefined, undefined, { orderId }), {}, 'an order that nobody asked about')
  t.end()
})

test('a credit limit counts what is open, and orders again go on when that is paid', t => {
  const risk = new Assessor()
  const limited = setCreditLimit(undefined, { type: 'SetCreditLimit', customerId: 'customer-1', currency: 'GBP', limit: pounds(150) })
  risk.account = 'account' in limited ? limited.account : undefined
  t.equal(risk.ask({ orderId: orderNo(1) }).type, 'RiskApproved')
  t.match(risk.ask({ orderId: orderNo(2) }), { type: 'RiskRejected', reasons: ['creditLimit'], figures: { exposure: pounds(200), creditLimit: pounds(150) } })
  risk.account = releaseExposure(risk.account, risk.assessed.get(orderNo(1)), { orderId: orderNo(1) }).account
  t.equal(risk.ask({ orderId: orderNo(3) }).type, 'RiskApproved')
  t.match(risk.ask({ orderId: orderNo(4), currency: 'EUR' }), { type: 'RiskReviewRequired', reasons: ['creditCurrency'] })
  t.end()
})

const steps = fc.array(fc.record({
  what: fc.constantFrom('ask', 'ask', 'ask', 'release'), order: fc.integer({ min: 0, max: 11 }), minutes: fc.integer({ min: 0, max: 25 })
}), { maxLength: 60 })
const totals = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 12, maxLength: 12 })

test('activity and what is owed are exact when questions and releases come in any order, again and again', t => {
  fc.assert(fc.property(steps, totals, (drawn, prices) => {
    const risk = new Assessor()
    const asked = new Map<number, number>()
    const open = new Set<number>()
    let atMinute = 0
    return drawn.every(({ what, order, minutes }) => {
      atMinute += minutes
      const id = orderNo(order)
      if (what === 'release') {
        const { account, assessed } = releaseExposure(risk.account, risk.assessed.get(id), { orderId: id })
        risk.account = account ?? risk.account
        if (assessed !== undefined) risk.assessed.set(id, assessed)
        open.delete(order)
      } else {
        const { figures } = risk.ask({ orderId: id, total: pounds(prices[order] as number) }, { nowMs: startMs + atMinute * minuteMs })
        const isNew = !asked.has(order)
        if (isNew) {
          asked.set(order, atMinute)
          open.add(order)
        }
        const within = [...asked].filter(([, minute]) => minute >= atMinute - 60).reduce((sum, [other]) => sum + (prices[other] as number), 0)
        if (isNew && figures.activity !== pounds(within)) return false
      }
      const owed = [...open].reduce((sum, other) => sum + (prices[other] as number), 0)
      return (risk.account?.exposures[0]?.amount ?? 0n) === pounds(owed)
    })
  }), { numRuns: 1_000 })
  t.pass('every sum was exact')
  t.end()
})
