import { test } from 'tap'
import { ledgerFigures } from '../../../ops/verify/ledger-figures.ts'

test('the figures of the ledger are what was earned, given back and corrected, and what became of credits, by currency', t => {
  const figures = ledgerFigures({
    entries: 9,
    distinct: 9,
    balances: [
      { account: 'cash', currency: 'GBP', debits: 100_0000n, credits: 30_0000n },
      { account: 'revenue', currency: 'GBP', debits: 0n, credits: 100_0000n },
      { account: 'returns', currency: 'GBP', debits: 45_0000n, credits: 0n },
      { account: 'customer-credit', currency: 'GBP', debits: 30_0000n, credits: 45_0000n },
      { account: 'adjustments', currency: 'GBP', debits: 7_0000n, credits: 2_5000n },
      { account: 'revenue', currency: 'EUR', debits: 0n, credits: 5_0000n },
      { account: 'returns', currency: 'EUR', debits: 5_0000n, credits: 0n }
    ]
  })
  t.same(figures, { entries: 9, net: { GBP: '50.5000' }, creditsPaid: { GBP: '30.0000' }, creditsOwed: { GBP: '15.0000' } })
  t.same(ledgerFigures({ entries: 0, distinct: 0, balances: [] }), { entries: 0, net: {}, creditsPaid: {}, creditsOwed: {} })
  t.end()
})
