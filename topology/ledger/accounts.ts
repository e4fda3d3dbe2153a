/** Where an account stands: what is owned, owed, earned, spent, or only noted. */
export type AccountClass = 'asset' | 'liability' | 'income' | 'expense' | 'memo'

interface Account {
  readonly class: AccountClass
  /** What its balance says, for people. */
  readonly means: string
}

/** Every account of the ledger. Nothing is booked to any other. */
export const accounts = {
  holds: { class: 'memo', means: 'money that providers hold for orders, and that is not ours yet' },
  'holds-contra': { class: 'memo', means: 'the other side of the holds' },
  cash: { class: 'asset', means: 'money taken and not given back, less what providers charge' },
  receivables: { class: 'asset', means: 'what customers owe by corrections of the books' },
  'customer-credit': { class: 'liability', means: 'what is owed to customers: credited, and not paid out' },
  revenue: { class: 'income', means: 'money taken for orders, before anything is given back' },
  returns: { class: 'income', means: 'what was given back of the revenue: paid, or credited' },
  adjustments: { class: 'income', means: 'corrections of the books that no goods stand for, bad debt among them' },
  fees: { class: 'expense', means: 'what providers charge for taking money' }
} as const satisfies Readonly<Record<string, Account>>

/** The name of an account. */
export type AccountName = keyof typeof accounts

/** True for the name of an account of the ledger. */
export function isAccount (name: string): name is AccountName {
  return Object.hasOwn(accounts, name)
}
