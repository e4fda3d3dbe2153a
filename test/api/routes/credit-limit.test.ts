import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { blankAccount } from '../../../topology/risk/account.ts'
import { topics } from '../../../topology/topics.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

async function ask (api: ApiUnderTest, method: 'GET' | 'PUT', { body = undefined as object | undefined, role = 'Admin' as Role, key = 'key-1' } = {}) {
  const headers = { authorization: `Bearer ${await api.token(role, 'admin-1')}`, ...(method === 'PUT' ? { 'idempotency-key': key } : {}) }
  return await api.app.inject({ method, url: '/v1/users/customer%201/credit-limit', headers, ...(body === undefined ? {} : { payload: body }) })
}

test('a credit limit is in the log under its customer when it is accepted, once for each key', async t => {
  const api = await buildApi(t)
  const answer = await ask(api, 'PUT', { body: { currency: 'GBP', limit: '500.5' } })
  t.equal(answer.statusCode, 202)
  t.same(answer.json(), { customerId: 'customer 1', status: 'accepted', location: '/v1/users/customer%201/credit-limit' })
  t.equal((await ask(api, 'PUT', { body: { currency: 'GBP', limit: '500.5' } })).headers['idempotent-replayed'], 'true')
  t.equal((await ask(api, 'PUT', { body: { currency: 'GBP', limit: '1' } })).statusCode, 422)
  await ask(api, 'PUT', { body: { currency: 'EUR', limit: null }, key: 'key-2' })
  t.match(api.taken(topics.customers.commands), [
    { type: 'SetCreditLimit', customerId: 'customer 1', currency: 'GBP', limit: 5_005_000n, meta: { principal: 'admin-1' } }, { currency: 'EUR', limit: null }
  ])
})

test('a credit limit is refused when it is none, or the sender may not set it', async t => {
  const api = await buildApi(t)
  for (const body of [{ currency: 'XYZ', limit: '1' }, { currency: 'GBP', limit: '-1' }, { currency: 'GBP', limit: 1 }, { currency: 'GBP' }]) {
    t.equal((await ask(api, 'PUT', { body })).statusCode, 422, JSON.stringify(body))
  }
  t.equal((await ask(api, 'PUT', { body: { currency: 'GBP', limit: '1' }, role: 'Support' })).statusCode, 403)
  t.same(api.taken(topics.customers.commands), [])
})

test('what a customer may owe and owes is read from the account, and nothing is known of a stranger', async t => {
  const account = { ...blankAccount('customer 1'), limits: [{ currency: 'GBP', amount: 5_000_000n }], exposures: [{ currency: 'GBP', amount: 12_500n }] }
  const api = await buildApi(t, { accounts: new Map([['customer 1', account]]) })
  t.same((await ask(api, 'GET')).json(), {
    customerId: 'customer 1', limits: [{ currency: 'GBP', amount: '500.0000' }], owed: [{ currency: 'GBP', amount: '1.2500' }]
  })
  t.same((await ask(await buildApi(t), 'GET')).json(), { customerId: 'customer 1', limits: [], owed: [] })
  t.equal((await ask(api, 'GET', { role: 'Customer' })).statusCode, 403)
})
