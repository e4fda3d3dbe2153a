import { test } from 'tap'
import { type OrderFigures, checkFacts } from '../../../topology/audit/fact-laws.ts'

const figures: OrderFigures = { orders: 1, sales: 1, fulfilled: 1, ended: 0, gross: 10n, captured: 10n, refunded: 3n, refunds: 3n }

test('the law of the figures holds when facts add up to what events tell', t => {
  t.same(checkFacts([{ orderId: 'o1', events: figures, facts: figures }, { orderId: 'o2', events: figures, facts: { ...figures } }]), { checked: 2, violations: [] })
  t.end()
})

for (const [name, value] of Object.entries(figures)) {
  test(`the law of the figures is broken when ${name} is counted twice, or not at all`, t => {
    const twice = { ...figures, [name]: typeof value === 'bigint' ? value * 2n + 1n : value * 2 + 1 }
    t.match(checkFacts([{ orderId: 'o1', events: figures, facts: twice }]).violations, [{ law: 'facts', subject: 'o1', message: new RegExp(`^${name} in the facts: ${value} expected`) }])
    t.equal(checkFacts([{ orderId: 'o1', events: twice, facts: figures }]).violations.length, 1)
    t.end()
  })
}
