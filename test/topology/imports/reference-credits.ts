import { type ImportedInvoice } from '#schemas'

/** What a credit line takes: `order line` → pieces, by `creditNoteNo/lineNo`; a text says why it takes nothing. */
export type CreditBook = ReadonlyMap<string, ReadonlyMap<string, number> | string>

/**
 * The rule for credits, told once more and on purpose in another way than the platform does it: every piece ever sold lies on a pile
 * by itself, the newest on top. `counts`: whether the order of that sale counts, as everybody knows in the end.
 */
export function creditsByPiece (invoices: readonly ImportedInvoice[], counts: (sale: ImportedInvoice) => boolean): CreditBook {
  const piles = new Map<string, string[]>()
  const everBought = new Set<string>()
  const book = new Map<string, ReadonlyMap<string, number> | string>()
  for (const invoice of invoices.toSorted((a, b) => a.sequence - b.sequence)) {
    for (const { lineNo, sku, quantity } of invoice.lines) {
      const owner = `${invoice.customerId}|${sku}`
      const pile = piles.get(owner) ?? []
      piles.set(owner, pile)
      if (invoice.kind === 'sale' && invoice.customerId !== null && counts(invoice)) {
        everBought.add(owner)
        for (let piece = 0; piece < quantity; piece++) pile.push(`${invoice.invoiceNo}/${lineNo}`)
      }
      if (invoice.kind !== 'creditNote') continue
      const name = `${invoice.invoiceNo}/${lineNo}`
      if (invoice.customerId === null) book.set(name, 'guest')
      else if (pile.length < -quantity) book.set(name, everBought.has(owner) ? 'notEnoughLeft' : 'neverBought')
      else book.set(name, countOf(pile.splice(pile.length + quantity)))
    }
  }
  return book
}

function countOf (pieces: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const piece of pieces) counts.set(piece, (counts.get(piece) ?? 0) + 1)
  return counts
}
