import { test } from 'tap'
import { type Role } from '../../../api/permissions.ts'
import { type LedgerBalance } from '../../../api/ports.ts'
import { type ApiUnderTest, buildApi } from '../../support/build-app.ts'

const balance = (account: LedgerBalance['account'], debits: bigint, credits: bigint, currency = 'GBP'): LedgerBalance => ({ account, currency, debits, credits })

async function ask (api: ApiUnderTest, role: Role) {
  return await api.app.inject({ url: '/v1/ledger/trial-balance', headers: { authorization: `Bearer ${await api.token(role, 'somebody')}` } })
}

test('the trial balance shows every account by currency, what was earned, and that nothing is left over', async t => {
  const api = await buildApi(t, {
    balances: () => [
      balance('revenue', 0n, 1_000_000n),
      balance('cash', 1_000_000n, 300_000n),
      balance('returns', 450_000n, 0n),
      balance('customer-credit', 300_000n, 450_000n),
      balance('cash', 5n, 0n, 'EUR'),
      balance('revenue', 0n, 5n, 'EUR')
    ]
  })
  const answer = await ask(api, 'Analyst')
  t.equal(answer.statusCode, 200)
  t.same(answer.json(), {
    currencies: [
      {
        currency: 'EUR',
        accounts: [
          { account: 'cash', class: 'asset', debits: '0.0005', credits: '0.0000', balance: '0.0005' },
          { account: 'revenue', class: 'income', debits: '0.0000', credits: '0.0005', balance: '-0.0005' }
        ],
        net: '0.0005',
        difference: '0.0000'
      },
      {
        currency: 'GBP',
        accounts: [
          { account: 'cash', class: 'asset', debits: '100.0000', credits: '30.0000', balance: '70.0000' },
          { account: 'customer-credit', class: 'liability', debits: '30.0000', credits: '45.0000', balance: '-15.0000' },
          { account: 'returns', class: 'income', debits: '45.0000', credits: '0.0000', balance: '45.0000' },
          { account: 'revenue', class: 'income', debits: '0.0000', credits: '100.0000', balance: '-100.0000' }
        ],
        net: '55.0000',
        difference: '0.0000'
      }
    ]
  })
})

test('books that do not balance are shown as they are', async t => {
  const api = await buildApi(t, { balances: () => [balance('cash', 10_000n, 0n)] })
  t.match((await ask(api, 'Admin')).json(), { currencies: [{ difference: '1.0000' }] })
})

test('the trial balance is empty when nothing was booked', async t => {
  t.same((await ask(await buildApi(t), 'Analyst')).json(), { currencies: [] })
})

test('the trial balance is for those who may see analytics', async t => {
  const api = await buildApi(t)
  for (const role of ['Customer', 'Support', 'WarehouseManager'] as const) t.equal((await ask(api, role)).statusCode, 403, role)
  t.equal((await api.app.inject({ url: '/v1/ledger/trial-balance' })).statusCode, 401)
})

test('the trial balance is answered 503 when analytics does not answer', async t => {
  const api = await buildApi(t, { balances: () => { throw new Error('down') } })
  const answer = await ask(api, 'Analyst')
  t.match([answer.statusCode, answer.json().code], [503, 'analytics-unavailable'])
})
