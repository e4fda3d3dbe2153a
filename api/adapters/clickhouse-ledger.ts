import { namedQuery, runQuery } from '../../sinks/clickhouse/named-query.ts'
import { isAccount } from '../../topology/ledger/accounts.ts'
import { type LedgerBalance, type LedgerBalances } from '../ports.ts'
import { type AnalyticsClient } from './clickhouse-order-history.ts'

const balances = namedQuery<object>()({
  title: 'The trial balance, in 1/10,000 of the unit',
  sql: 'SELECT account, currency, toString(toInt128(debits * 10000)) AS debited, toString(toInt128(credits * 10000)) AS credited FROM trial_balance',
  row: (json): LedgerBalance => {
    const account = String(json['account'])
    if (!isAccount(account)) throw new Error(`${account} is no account of the ledger`)
    return { account, currency: String(json['currency']), debits: BigInt(String(json['debited'])), credits: BigInt(String(json['credited'])) }
  }
})

/** Reads the ledger from analytics, about a second behind the log. Rejects with the client's error. */
export function createClickHouseLedger (client: AnalyticsClient): LedgerBalances {
  return { balances: async () => await runQuery(client, balances, {}) }
}
