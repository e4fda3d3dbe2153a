import { type ImportAccountState, type ImportedInvoice } from '#schemas'

/**
 * The account of a customer in a run: which orders are open, which credit notes wait for them. Orders and credit notes are named by
 * the sequence of their invoice. Pure; a function that changes nothing gives the same object back.
 */

/** Key of the account of a customer. The run id has no slash in it, so two accounts never share a key. */
export function customerKey (runId: string, customerId: string): string {
  return `${runId}/customer/${customerId}`
}

/** Key of the account that an invoice belongs to: its customer's, or one of its own when it is a guest's. */
export function accountKey ({ runId, customerId, invoiceNo }: Pick<ImportedInvoice, 'runId' | 'customerId' | 'invoiceNo'>): string {
  return customerId === null ? `${runId}/guest/${invoiceNo}` : customerKey(runId, customerId)
}

/** Key of a credit note that waits. */
export function creditNoteKey (account: string, sequence: number): string {
  return `${account}/${sequence}`
}

/** An account that no invoice has come for yet. */
export const newAccount: ImportAccountState = {
  type: 'ImportAccountState', lastSequence: 0, openOrders: [], withdrawnOrders: [], waitingCredits: [], linesWithoutStock: 0, repeats: 0
}

/** The account after a sale whose order others have still to settle. */
export function openOrder (account: ImportAccountState, sequence: number): ImportAccountState {
  return { ...account, openOrders: [...account.openOrders, sequence] }
}

/** What news about an order means: its first, that it was withdrawn after it had been confirmed, or nothing new. */
export interface Settlement {
  readonly kind: 'settled' | 'withdrawn' | 'repeat'
  readonly account: ImportAccountState
}

/** The account after an order was confirmed, or ended in another way (before that or after it). */
export function settleOrder (account: ImportAccountState, sequence: number, confirmed: boolean): Settlement {
  const { openOrders, withdrawnOrders } = account
  const isOpen = openOrders.includes(sequence)
  if (!isOpen && (confirmed || withdrawnOrders.includes(sequence))) return { kind: 'repeat', account }
  return {
    kind: isOpen ? 'settled' : 'withdrawn',
    account: {
      ...account,
      openOrders: isOpen ? openOrders.filter(open => open !== sequence) : openOrders,
      withdrawnOrders: confirmed ? withdrawnOrders : [...withdrawnOrders, sequence]
    }
  }
}

/** The account after a credit note has come; `takeReady` says whether it really has to wait. */
export function awaitOrders (account: ImportAccountState, sequence: number): ImportAccountState {
  return { ...account, waitingCredits: [...account.waitingCredits, sequence] }
}

/**
 * Takes out the credit notes that no longer wait: those before the oldest open order, in the order of the file. An earlier credit
 * note never waits longer than a later one, so this order is also that in which they are decided.
 */
export function takeReady (account: ImportAccountState): { readonly account: ImportAccountState, readonly ready: readonly number[] } {
  const oldestOpen = account.openOrders[0] ?? Infinity
  const ready = account.waitingCredits.filter(sequence => sequence < oldestOpen)
  return ready.length === 0 ? { account, ready } : { account: { ...account, waitingCredits: account.waitingCredits.slice(ready.length) }, ready }
}
