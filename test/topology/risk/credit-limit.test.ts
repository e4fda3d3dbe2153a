import { test } from 'tap'
import { setCreditLimit } from '../../../topology/risk/credit-limit.ts'
import { pounds } from './risk-fixtures.ts'

const command = { type: 'SetCreditLimit', customerId: 'customer-1', currency: 'GBP', limit: pounds(500) } as const

test('a credit limit is set, changed and removed in its own currency', t => {
  const set = setCreditLimit(undefined, command)
  if (!('account' in set)) return t.fail('it was refused')
  t.match(set.account, { accountId: 'customer-1', limits: [{ currency: 'GBP', amount: pounds(500) }] })
  const both = setCreditLimit(set.account, { ...command, currency: 'EUR', limit: 0n })
  if (!('account' in both)) return t.fail('it was refused')
  t.same(both.account.limits, [{ currency: 'EUR', amount: 0n }, { currency: 'GBP', amount: pounds(500) }])
  const removed = setCreditLimit(both.account, { ...command, limit: null })
  t.same('account' in removed && removed.account.limits, [{ currency: 'EUR', amount: 0n }])
  t.end()
})

test('a credit limit is refused when a rule is broken, with code and field', t => {
  t.match(setCreditLimit(undefined, { ...command, limit: -1n }), { rejection: { code: 'invalid-limit', field: '/limit' } })
  t.match(setCreditLimit(undefined, { ...command, currency: 'XYZ' }), { rejection: { code: 'currency-unknown', field: '/currency' } })
  t.match(setCreditLimit(undefined, { ...command, customerId: '' }), { rejection: { code: 'customer-missing', field: '/customerId' } })
  t.end()
})
