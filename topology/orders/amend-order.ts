import { type AmendLine, type AmendOrder, type OrderLine, type OrderView, type ProductView } from '#schemas'
import { type Body } from '../commands/body.ts'
import { multiplyMoney, sumMoney } from '../money.ts'
import { giveBack } from './compensate.ts'
import { startClock } from './deadlines.ts'
import { type OrderDraft } from './draft.ts'
import { goOnWhenSettled } from './next-attempt.ts'
import { type Rejection, reject } from './price-order.ts'
import { volumeOf, weightOf } from './weight.ts'

/** Attempts to reserve an order at most: every amendment takes less than before, but a piece at a time would take for ever. */
const maxAttempts = 100

/** The lines that an amendment leaves, at the prices of before, or the rule that it breaks. Pure. */
export function amendLines (view: Pick<OrderView, 'lines'>, changes: readonly AmendLine[]): readonly OrderLine[] | Rejection {
  const wanted = new Map<number, number>()
  if (changes.length === 0) return reject('lines-missing', '/lines')
  for (const [index, { lineNo, quantity }] of changes.entries()) {
    const path = `/lines/${index}`
    const line = view.lines.find(candidate => candidate.lineNo === lineNo)
    if (line === undefined) return reject('amend-line-unknown', `${path}/lineNo`, String(lineNo))
    if (wanted.has(lineNo)) return reject('line-number-duplicate', `${path}/lineNo`, String(lineNo))
    if (!Number.isInteger(quantity) || quantity < 0 || quantity >= line.quantity) return reject('amend-not-less', `${path}/quantity`)
    wanted.set(lineNo, quantity)
  }
  const left = view.lines.flatMap(line => {
    const quantity = wanted.get(line.lineNo) ?? line.quantity
    return quantity === 0 ? [] : [{ ...line, quantity, lineTotal: multiplyMoney(line.unitPrice, quantity) }]
  })
  return left.length === 0 ? reject('amend-leaves-nothing', '/lines') : left
}

/**
 * Takes less than was ordered. The stock is reserved anew, under an attempt of its own, once all of the attempt before is given back.
 * `product`: the catalog as it is now, for the weight that is left.
 */
export function amendOrder (draft: OrderDraft, { lines: changes }: Body<AmendOrder>, product: (sku: string) => ProductView | undefined): Rejection | undefined {
  const { view } = draft
  const { orderId, attempt, phase, weightGrams, volumeCm3 } = draft.saga
  if (attempt >= maxAttempts) return reject('amend-too-often', null)
  const lines = amendLines(view, changes)
  if ('code' in lines) return lines
  const total = sumMoney(lines.map(line => line.lineTotal))
  draft.happen({ type: 'OrderAmended', orderId, attempt: attempt + 1, currency: view.currency, lines, total })
  draft.remember({
    phase: 'clearing',
    weightGrams: weightOf(lines, product) ?? weightGrams,
    volumeCm3: volumeOf(lines, product) ?? volumeCm3,
    shortages: [],
    waitDueMs: null,
    waitsSince: null,
    ...startClock(draft.saga, draft.wallMs)
  })
  if (phase === 'queued') {
    draft.remember({ resends: 0, stepDueMs: null })
    giveBack(draft, 'the order was amended')
  }
  goOnWhenSettled(draft)
  return undefined
}
