import { type Static, Type } from 'typebox'
import { accounts } from '../../topology/ledger/accounts.ts'

const signed = (description: string) => Type.String({ pattern: '^-?\\d{1,34}\\.\\d{4}$', description: `${description} Decimal text with four places.` })
const names = Object.keys(accounts) as ReadonlyArray<keyof typeof accounts>

const Line = Type.Object({
  account: Type.Enum([...names], { description: 'Account of the ledger.' }),
  class: Type.Enum(['asset', 'liability', 'income', 'expense', 'memo'], { description: 'Where the account stands.' }),
  debits: signed('Everything debited.'),
  credits: signed('Everything credited.'),
  balance: signed('Debits less credits.')
})

const Currency = Type.Object({
  currency: Type.String({ description: 'ISO 4217 code of every amount.' }),
  accounts: Type.Array(Line, { description: 'Every account that was booked to, by name.' }),
  net: signed('What was earned: revenue less what was given back of it, with adjustments and without fees.'),
  difference: signed('All balances together: 0.0000, or the books are wrong.')
})

/** The trial balance: what is on every account. */
export const TrialBalanceSchema = Type.Object({
  currencies: Type.Array(Currency, { description: 'By currency code; empty when nothing was booked.' })
}, { description: 'The trial balance of the ledger.' })

export type TrialBalanceBody = Static<typeof TrialBalanceSchema>
