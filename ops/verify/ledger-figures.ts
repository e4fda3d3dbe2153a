import { type AccountBalance } from '../../topology/audit/ledger-laws.ts'
import { type AccountName, accounts, isAccount } from '../../topology/ledger/accounts.ts'
import { formatMoney } from '../../topology/money.ts'
import { type RunLedger } from './ledger-rows.ts'

/** Amounts by currency, as decimal text with four decimals; nothing stands for 0. */
export type ByCurrency = Readonly<Record<string, string>>

/** What the entries of a run come to. */
export interface LedgerFigures {
  readonly entries: number
  /** Revenue less what was given back, with adjustments: what the rows of an import come to. */
  readonly net: ByCurrency
  /** Of the credits, what was paid to customers, and what they are owed. */
  readonly creditsPaid: ByCurrency
  readonly creditsOwed: ByCurrency
}

const owed: AccountName = 'customer-credit'

/** The figures of the books of a run. Pure. */
export function ledgerFigures ({ entries, balances }: RunLedger): LedgerFigures {
  const credits = balances.filter(({ account }) => account === owed)
  return {
    entries,
    net: byCurrency(balances.filter(({ account }) => isAccount(account) && accounts[account].class === 'income'), ({ debits, credits }) => credits - debits),
    creditsPaid: byCurrency(credits, ({ debits }) => debits),
    creditsOwed: byCurrency(credits, ({ debits, credits }) => credits - debits)
  }
}

function byCurrency (balances: readonly AccountBalance[], amountOf: (balance: AccountBalance) => bigint): ByCurrency {
  const sums = new Map<string, bigint>()
  for (const balance of balances) sums.set(balance.currency, (sums.get(balance.currency) ?? 0n) + amountOf(balance))
  return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0n).map(([currency, sum]) => [currency, formatMoney(sum)]))
}
