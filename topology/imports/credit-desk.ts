import { type ImportAccountState, type ImportCreditNoteState } from '#schemas'
import { type ProcessorContext } from '../../streams/processor.ts'
import { type Cause, eventMeta } from '../envelope.ts'
import { topics } from '../topics.ts'
import { creditNoteKey, customerKey } from './account.ts'
import { type CreditDecision, type CreditView, creditEvent, decideAnew, decideCredit, decideGuestCredit, openCredits } from './decide-credit.ts'
import { DueRefunds, type Occasion, restockOf } from './give-back-commands.ts'
import { giveBack, currencyPaid } from './give-back.ts'
import { noPurchases, purchasesKey } from './purchases.ts'
import { creditNoteStore, purchaseStore } from './stores.ts'

type Written = Pick<ProcessorContext, 'emit' | 'nextId' | 'nowMs' | 'store'>

/**
 * Decides the credits of one customer in one run over the rows of the task, tells the decisions, and asks for the goods and the money to
 * be given back. Lives as long as one handler.
 */
export class CreditDesk {
  readonly #context: Written
  readonly #cause: Cause
  readonly #view: CreditView
  readonly #account: string
  readonly #dues = new DueRefunds()
  /** Rows that have changed: each is written once, however many lines are about its SKU. */
  readonly #changed = new Map<string, typeof noPurchases>()

  /** `account`: the customer's, as it is when the decisions are made. */
  constructor (context: Written, cause: Cause, { runId, customerId, account }: Pick<CreditView, 'runId' | 'customerId'> & { readonly account: ImportAccountState }) {
    this.#context = context
    this.#cause = cause
    this.#view = { runId, customerId, withdrawn: new Set(account.withdrawnOrders) }
    this.#account = customerKey(runId, customerId)
  }

  /** Keeps a credit note until it is ready. */
  keep (note: ImportCreditNoteState): void {
    this.#context.store(creditNoteStore).put(creditNoteKey(this.#account, note.sequence), note)
  }

  /** Takes out a credit note that was kept, and decides it. */
  decideKept (sequence: number): void {
    const notes = this.#context.store(creditNoteStore)
    const key = creditNoteKey(this.#account, sequence)
    const note = notes.get(key)
    if (note === undefined) throw new Error(`the credit note that is number ${sequence} of its file waits, but has no row`)
    notes.delete(key)
    this.decide(note)
  }

  /** Decides a credit note, line by line. */
  decide (note: ImportCreditNoteState): void {
    for (const { sku, credit } of openCredits(note)) this.#apply(sku, 'note', row => decideCredit(row, credit, this.#view))
  }

  /** Decides anew what was given back of these SKUs, because an order that had them no longer counts. */
  decideAnew (skus: readonly string[], { orderId, sequence }: { readonly orderId: string, readonly sequence: number }): void {
    let currency: string | undefined
    for (const sku of skus) {
      const row = this.#apply(sku, sequence, before => decideAnew(before, this.#view))
      currency ??= currencyPaid(row, orderId)
    }
    if (currency === undefined) return
    const meta = eventMeta(this.#context, this.#cause)
    const { customerId } = this.#view
    this.#context.emit(topics.returns.events, { key: orderId, value: { type: 'CreditedOrderWithdrawn', meta, orderId, customerId, currency } })
  }

  /** Writes what was decided, and asks for its money. Called once, at the end. */
  finish (): void {
    for (const [key, row] of this.#changed) this.#context.store(purchaseStore).put(key, row)
    for (const command of this.#dues.commands(this.#view.runId, this.#context.nowMs)) {
      this.#context.emit(topics.compensations.payment, { key: command.orderId, value: command })
    }
  }

  #apply (sku: string, occasion: Occasion, decide: (row: typeof noPurchases) => CreditDecision): typeof noPurchases {
    const key = purchasesKey(this.#account, sku)
    const before = this.#changed.get(key) ?? this.#context.store(purchaseStore).get(key) ?? noPurchases
    const { row: decidedRow, decided } = decide(before)
    const { row, gifts } = giveBack(decidedRow, decided, this.#view)
    if (row !== before) this.#changed.set(key, row)
    const { runId, customerId } = this.#view
    for (const credit of decided) emitCredit(this.#context, this.#cause, creditEvent(sku, credit, runId, customerId))
    for (const gift of gifts) {
      this.#dues.add(gift, occasion)
      if (!gift.comesBack || !gift.credit.stocked) continue
      this.#context.emit(topics.inventory.commands, { key: sku, value: restockOf(sku, gift.credit, runId, this.#context.nowMs) })
    }
    return row
  }
}

/** Tells that the lines of a guest's credit note belong to no purchase. */
export function refuseGuest (context: Written, cause: Cause, note: ImportCreditNoteState, runId: string): void {
  for (const { sku, credit } of openCredits(note)) emitCredit(context, cause, creditEvent(sku, decideGuestCredit(credit), runId, null))
}

/** The event belongs to what its credit note started; its direct cause is the record that made it possible to decide. */
function emitCredit (context: Written, { causationId }: Cause, { key, correlationId, event }: ReturnType<typeof creditEvent>): void {
  const meta = eventMeta(context, { correlationId, causationId }, event.revision)
  context.emit(topics.returns.events, { key, value: { ...event, meta } })
}
