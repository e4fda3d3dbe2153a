import { accounts } from '../../topology/ledger/accounts.ts'
import { formatMoney, sumMoney } from '../../topology/money.ts'
import { type LedgerBalance } from '../ports.ts'
import { type TrialBalanceBody } from '../schemas/ledger.ts'

/** Shows the balances by currency and account. Pure. */
export function trialBalanceBody (balances: readonly LedgerBalance[]): TrialBalanceBody {
  const byCurrency = [...Map.groupBy(balances, ({ currency }) => currency)].toSorted(([a], [b]) => a < b ? -1 : 1)
  return {
    currencies: byCurrency.map(([currency, list]) => ({
      currency,
      accounts: list.toSorted((a, b) => a.account < b.account ? -1 : 1).map(({ account, debits, credits }) => ({
        account, class: accounts[account].class, debits: formatMoney(debits), credits: formatMoney(credits), balance: formatMoney(debits - credits)
      })),
      net: formatMoney(sumMoney(list.filter(({ account }) => accounts[account].class === 'income').map(({ debits, credits }) => credits - debits))),
      difference: formatMoney(sumMoney(list.map(({ debits, credits }) => debits - credits)))
    }))
  }
}
