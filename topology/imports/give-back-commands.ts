import { type CommandMeta, type ImportCredit, type RefundPayment, type Restock } from '#schemas'
import { defaultTenant } from '../envelope.ts'
import { creditEffectPrefix } from '../ledger/post-payment.ts'
import { multiplyMoney } from '../money.ts'
import { type GiveBack } from './give-back.ts'
import { importReference, importedCommandId } from './import-ids.ts'

/** What led to a decision: the credit note itself, or the order with that sequence, which was withdrawn. */
export type Occasion = number | 'note'

type NamedCredit = Pick<ImportCredit, 'creditNoteNo' | 'correlationId'>

/** Money of an order that a credit note asks back on one occasion: one refund, however many lines and pieces it is for. */
interface Due extends NamedCredit {
  readonly orderId: string
  readonly occasion: Occasion
  amount: bigint
}

/** Adds up what credit lines ask back, by credit note, order and occasion. */
export class DueRefunds {
  readonly #dues = new Map<string, Due>()

  /** A line asks back its price for each of the pieces. */
  add ({ credit: { creditNoteNo, correlationId, unitPrice }, pieces }: GiveBack, occasion: Occasion): void {
    for (const { orderId, quantity } of pieces) {
      const key = `${occasion}/${creditNoteNo}/${orderId}`
      const due = this.#dues.get(key) ?? { creditNoteNo, correlationId, orderId, occasion, amount: 0n }
      due.amount += multiplyMoney(unitPrice, quantity)
      this.#dues.set(key, due)
    }
  }

  /** The refunds, in the order in which they were first asked for; one of nothing is none. `issuedAt`: epoch ms. */
  commands (runId: string, issuedAt: number): readonly RefundPayment[] {
    return [...this.#dues.values()].filter(({ amount }) => amount > 0n).map(due => {
      const { creditNoteNo, orderId, occasion, amount } = due
      const effectId = `${creditEffectPrefix}${importReference(runId, creditNoteNo)}${occasion === 'note' ? '' : `/after-${occasion}`}`
      const meta = metaOf(runId, due, `refund/${orderId}/${occasion}`, issuedAt)
      return { type: 'RefundPayment', meta, orderId, effectId, amount, reason: `credit note ${creditNoteNo}`, ceiling: null, capped: true }
    })
  }
}

/** Puts the goods of a line back into stock. Its id is that of the line: they come back once. `issuedAt`: epoch ms. */
export function restockOf (sku: string, credit: ImportCredit, runId: string, issuedAt: number): Restock {
  return { type: 'Restock', meta: metaOf(runId, credit, `restock/${credit.lineNo}`, issuedAt), sku, quantity: credit.quantity }
}

function metaOf (runId: string, { creditNoteNo, correlationId }: NamedCredit, what: string, issuedAt: number): CommandMeta {
  return { commandId: importedCommandId(runId, creditNoteNo, what), bodyHash: null, issuedAt, correlationId, principal: null, tenant: defaultTenant }
}
