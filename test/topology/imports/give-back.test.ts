import { type CreditTake, type ImportCredit, type ImportPurchasesState } from '#schemas'
import fc from 'fast-check'
import { test } from 'tap'
import { creditNoteOf, decideAnew, decideCredit, openCredits } from '../../../topology/imports/decide-credit.ts'
import { DueRefunds, restockOf } from '../../../topology/imports/give-back-commands.ts'
import { currencyPaid, giveBack } from '../../../topology/imports/give-back.ts'
import { addPurchases, noPurchases } from '../../../topology/imports/purchases.ts'
import { customerId, invoice, orderOf, runId } from './import-fixtures.ts'

const view = (...withdrawn: readonly number[]) => ({ runId, customerId, withdrawn: new Set(withdrawn) })
const take = (sequence: number, quantity: number, lineNo = 1): CreditTake => ({ orderId: orderOf(sequence), lineNo, quantity })

/** One customer and SKU: sales and credit notes come in the order of their sequences, and orders may be withdrawn. */
class Account {
  row: ImportPurchasesState = noPurchases
  readonly #withdrawn: number[] = []

  buy (sequence: number, ...quantities: readonly number[]): this {
    const lines = quantities.map((quantity, index) => ({ lineNo: index + 1, quantity }))
    this.row = addPurchases(this.row, { sequence, invoiceNo: `${536_000 + sequence}`, lines })
    return this
  }

  /** What a credit note of that many pieces gives back. */
  credit (sequence: number, quantity: number) {
    const [line] = openCredits(creditNoteOf(invoice('creditNote', sequence, [['A', -quantity]]), 'corr'))
    return this.#keep(decideCredit(this.row, line!.credit, view(...this.#withdrawn)))
  }

  /** What is given back by the lines that are decided anew, because an order was withdrawn. */
  withdraw (sequence: number) {
    this.#withdrawn.push(sequence)
    return this.#keep(decideAnew(this.row, view(...this.#withdrawn)))
  }

  /** Pieces given by each credit, by the sequence of the note, but those of orders that were withdrawn. */
  get kept (): ReadonlyMap<number, number> {
    const gone = new Set(this.#withdrawn.map(orderOf))
    const keptOf = (given: readonly CreditTake[]): number => given.reduce((sum, part) => gone.has(part.orderId) ? sum : sum + part.quantity, 0)
    return new Map(this.row.credits.map(({ sequence, given }) => [sequence, keptOf(given)]))
  }

  #keep ({ row, decided }: ReturnType<typeof decideCredit>): ReadonlyArray<readonly [sequence: number, pieces: readonly CreditTake[], comesBack: boolean]> {
    const given = giveBack(row, decided, view(...this.#withdrawn))
    this.row = given.row
    return given.gifts.map(({ credit, pieces, comesBack }) => [credit.sequence, pieces, comesBack])
  }
}

test('a matched line gives back what it takes, and its goods come back', t => {
  const account = new Account().buy(1, 5).buy(2, 2)
  t.same(account.credit(3, 4), [[3, [take(2, 2), take(1, 2)], true]])
  t.same(account.credit(4, 4), [], 'an unmatched one gives nothing')
  t.same(account.credit(5, 3), [[5, [take(1, 3)], true]])
  t.match(account.row.credits, [{ cameBack: true, given: [take(2, 2), take(1, 2)] }, { cameBack: false, given: [] }, { given: [take(1, 3)] }])
  t.end()
})

test('the money is asked of an older order when the newer one is withdrawn, and the goods do not come back again', t => {
  const account = new Account().buy(1, 5).buy(2, 5)
  account.credit(3, 4)
  t.same(account.withdraw(2), [[3, [take(1, 4)], false]], 'what was paid out of the withdrawn order went back with all its money')
  t.same(account.withdraw(2), [], 'nothing is asked for twice')
  t.end()
})

test('only what is missing is asked for when a line takes more of an order than before', t => {
  const account = new Account().buy(1, 10).buy(2, 3)
  t.same(account.credit(3, 5), [[3, [take(2, 3), take(1, 2)], true]])
  t.same(account.withdraw(2), [[3, [take(1, 3)], false]])
  t.end()
})

test('no piece of an order is paid twice when one line takes the place of another', t => {
  const account = new Account().buy(1, 5).buy(2, 5)
  account.credit(3, 5)
  account.credit(4, 5)
  t.same(account.row.credits.map(({ takes }) => takes), [[take(2, 5)], [take(1, 5)]])
  t.same(account.withdraw(2), [], 'the first takes what was paid for the second: it stays a credit, and the second has its money')
  t.same(account.row.credits.map(({ takes }) => takes), [[take(1, 5)], []])
  t.end()
})

test('a line that is matched only when decided anew gives back then', t => {
  const account = new Account().buy(1, 5).buy(2, 5)
  account.credit(3, 8)
  t.same(account.credit(4, 3), [])
  t.same(account.withdraw(2), [[4, [take(1, 2)], true]], 'its goods come back, and the pieces of its order that no line was paid for')
  t.end()
})

test('a row knows out of which orders credits were paid, and in which currency', t => {
  const account = new Account().buy(1, 5).buy(2, 2)
  account.credit(3, 2)
  t.equal(currencyPaid(account.row, orderOf(2)), 'GBP')
  t.equal(currencyPaid(account.row, orderOf(1)), undefined)
  t.end()
})

const stepArb = fc.oneof(
  fc.record({ do: fc.constant('buy' as const), quantity: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constant('credit' as const), quantity: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('withdraw' as const), nth: fc.nat(20) })
)

test('however lines are decided anew, none is paid for more pieces than it has, and no piece of an order twice', t => {
  fc.assert(fc.property(fc.array(stepArb, { minLength: 8, maxLength: 30 }), steps => {
    const account = new Account()
    const bought = new Map<string, number>()
    const sales: number[] = []
    const returned = new Map<number, number>()
    for (const [index, step] of steps.entries()) {
      const sequence = index + 1
      if (step.do === 'buy') {
        account.buy(sequence, step.quantity)
        bought.set(orderOf(sequence), step.quantity)
        sales.push(sequence)
      }
      const [oldest] = sales.splice(step.do === 'withdraw' ? step.nth % Math.max(1, sales.length) : sales.length, 1)
      const gifts = step.do === 'credit' ? account.credit(sequence, step.quantity) : step.do === 'withdraw' && oldest !== undefined ? account.withdraw(oldest) : []
      for (const [note, , comesBack] of gifts) if (comesBack) returned.set(note, (returned.get(note) ?? 0) + 1)
      const paid = new Map<string, number>()
      for (const { given } of account.row.credits) for (const { orderId, quantity } of given) paid.set(orderId, (paid.get(orderId) ?? 0) + quantity)
      for (const [orderId, pieces] of paid) if (pieces > (bought.get(orderId) ?? 0)) throw new Error(`${pieces} pieces of ${orderId} are paid`)
      for (const { sequence: note, quantity } of account.row.credits) if ((account.kept.get(note) ?? 0) > quantity) throw new Error(`${note} is paid for more than ${quantity}`)
      if ([...returned.values()].some(times => times > 1)) throw new Error('goods came back twice')
    }
  }), { numRuns: 500 })
  t.pass('500 histories')
  t.end()
})

const credit = (change: Partial<ImportCredit>): ImportCredit => ({
  sequence: 3,
  creditNoteNo: 'C1',
  lineNo: 1,
  revision: 1,
  quantity: 2,
  unitPrice: 100n,
  currency: 'GBP',
  creditedAt: 0,
  correlationId: 'corr',
  takes: [],
  reason: null,
  stocked: true,
  given: [],
  cameBack: true,
  ...change
})

test('a credit note asks an order for one refund, however many of its lines and pieces it is for, and never for more than is left', t => {
  const dues = new DueRefunds()
  dues.add({ credit: credit({}), pieces: [take(1, 2), take(1, 1, 2)], comesBack: true }, 'note')
  dues.add({ credit: credit({ lineNo: 2, unitPrice: 30n }), pieces: [take(1, 1, 3), take(2, 1)], comesBack: true }, 'note')
  dues.add({ credit: credit({ lineNo: 3, unitPrice: 0n }), pieces: [take(4, 1)], comesBack: true }, 'note')
  dues.add({ credit: credit({ creditNoteNo: 'C2' }), pieces: [take(1, 1)], comesBack: true }, 'note')
  dues.add({ credit: credit({}), pieces: [take(1, 1)], comesBack: false }, 7)
  const commands = dues.commands(runId, 99)
  t.match(commands.map(({ orderId, effectId, amount, capped, ceiling }) => [orderId, effectId, amount, capped, ceiling]), [
    [orderOf(1), 'credit/import-run-1/C1', 330n, true, null],
    [orderOf(2), 'credit/import-run-1/C1', 30n, true, null],
    [orderOf(1), 'credit/import-run-1/C2', 100n, true, null],
    [orderOf(1), 'credit/import-run-1/C1/after-7', 100n, true, null]
  ], 'nothing is asked for what was free')
  t.equal(new Set(commands.map(({ meta }) => meta.commandId)).size, commands.length)
  t.match(commands[0]?.meta, { issuedAt: 99, correlationId: 'corr' })
  t.end()
})

test('goods come back under the id of their line, all of them', t => {
  const [first, second] = [restockOf('A', credit({}), runId, 99), restockOf('A', credit({ revision: 2 }), runId, 100)]
  t.match(first, { type: 'Restock', sku: 'A', quantity: 2 })
  t.equal(first.meta.commandId, second.meta.commandId)
  t.not(first.meta.commandId, restockOf('A', credit({ lineNo: 2 }), runId, 99).meta.commandId)
  t.end()
})
