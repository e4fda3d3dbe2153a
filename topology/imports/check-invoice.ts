import { type ImportedInvoice, type ImportedLine, type InvoiceKind } from '#schemas'
import { isMoney, multiplyMoney } from '../money.ts'

/** A record that breaks a rule of the import: it is kept as a dead letter and changes nothing. */
export class InvalidImport extends Error {
  override readonly name = 'InvalidImport'
}

/** Kinds of invoices that are carried out. */
export type KnownKind = Exclude<InvoiceKind, 'unknown'>
/** An invoice that passed `checkInvoice`. */
export type ValidInvoice = ImportedInvoice & { readonly kind: KnownKind }

interface LineRules {
  /** Sign that every quantity has. */
  readonly quantity: 'positive' | 'negative' | 'any'
  /** True when its amounts are booked here: they must fit into a record, and prices must not be below zero. */
  readonly booked?: true
  /** True when a price below zero has a meaning. */
  readonly signedPrice?: true
}

/** What the lines of an invoice must be, by its kind. Rules about orders are not here: orders reject what breaks them. */
const lineRules: Readonly<Record<KnownKind, LineRules>> = {
  sale: { quantity: 'positive' },
  stockIn: { quantity: 'positive' },
  writeOff: { quantity: 'negative' },
  creditNote: { quantity: 'negative', booked: true },
  adjustment: { quantity: 'any', booked: true, signedPrice: true }
}

/**
 * Checks an invoice as far as the import itself depends on it. `key`: key of its record.
 *
 * @throws {InvalidImport} naming the invoice, the line and the rule; never with personal data.
 */
export function checkInvoice (invoice: ImportedInvoice, key: string): ValidInvoice {
  const { kind, invoiceNo, lines } = invoice
  const problem = headProblem(invoice, key)
  if (problem !== undefined) throw new InvalidImport(`invoice ${invoiceNo}: ${problem}`)
  if (kind === 'unknown') throw new InvalidImport(`invoice ${invoiceNo}: its kind is not known here`)
  const numbers = new Set<number>()
  for (const line of lines) {
    const lineFault = lineProblem(line, kind, numbers)
    if (lineFault !== undefined) throw new InvalidImport(`invoice ${invoiceNo}, line ${line.lineNo}: ${lineFault}`)
  }
  return { ...invoice, kind }
}

function headProblem ({ runId, invoiceNo, customerId, sequence, lines }: ImportedInvoice, key: string): string | undefined {
  if (!/^[\w-]{1,64}$/.test(runId)) return 'its run id is not 1 to 64 letters, digits, - and _'
  if (invoiceNo === '') return 'it has no number'
  if (customerId === '') return 'its customer id is empty: a guest has none'
  if (customerId !== null && key !== customerId) return 'the key of the record is not its customer id'
  if (customerId === null && key !== invoiceNo) return 'the key of the record is not its number, as it is for guests'
  if (sequence < 1) return `its sequence is ${sequence}, they count from 1`
  if (lines.length === 0) return 'it has no lines'
  return undefined
}

function lineProblem ({ lineNo, sku, quantity, unitPrice }: ImportedLine, kind: KnownKind, numbers: Set<number>): string | undefined {
  const rules = lineRules[kind]
  if (lineNo < 1) return 'line numbers count from 1'
  if (numbers.has(lineNo)) return 'two lines have this number'
  numbers.add(lineNo)
  if (sku === '') return 'the SKU is empty'
  if (rules.quantity === 'positive' && quantity < 1) return `the quantities of a ${kind} are above zero, this one is ${quantity}`
  if (rules.quantity === 'negative' && quantity > -1) return `the quantities of a ${kind} are below zero, this one is ${quantity}`
  if (rules.booked === undefined) return undefined
  if (unitPrice < 0n && rules.signedPrice === undefined) return `the prices of a ${kind} are not below zero`
  return isMoney(multiplyMoney(unitPrice, quantity)) ? undefined : 'its amount does not fit into decimal(18, 4)'
}
