import { type StateBackend, partitionOf } from '#streams'
import { type Violation } from '../../topology/audit/law.ts'
import { type GatewaySnapshot, checkMoney } from '../../topology/audit/laws.ts'
import { partitions, paymentStore, paymentsName } from '../../topology/index.ts'
import { alertTries } from '../../topology/payments/backoff.ts'
import { encodedRows } from '../verify/state-rows.ts'

/** What the provider has in its books. */
export interface ProviderBooks {
  /** False when they go back some time only: then an order that they lack says nothing. */
  readonly isWhole: boolean
  readonly entries: readonly GatewaySnapshot[]
}

/** What one look at both sides found. */
export interface PaymentLook {
  /** Payments that were compared. */
  readonly compared: number
  readonly violations: readonly Violation[]
  /** Those that the look before found as well, word for word, and that were not told yet. */
  readonly confirmed: readonly Violation[]
  /** Payments whose void or refund has failed so often that people were told. */
  readonly failing: number
}

/**
 * Holds our payments against the books of their provider. Both are read while they move, so a difference counts when two looks in a
 * row find the same one; a payment with a step under way is left to itself.
 */
export class PaymentReconciler {
  readonly #state: StateBackend
  readonly #readBooks: () => Promise<ProviderBooks>
  #before: ReadonlySet<string> = new Set()
  readonly #told = new Set<string>()

  constructor (state: StateBackend, readBooks: () => Promise<ProviderBooks>) {
    this.#state = state
    this.#readBooks = readBooks
  }

  /** @throws {Error} when one of the sides cannot be read: nothing is concluded. */
  async look (): Promise<PaymentLook> {
    const { isWhole, entries } = await this.#readBooks()
    const byPartition = Map.groupBy(entries, ({ orderId }) => partitionOf(orderId, partitions))
    const violations: Violation[] = []
    let compared = 0
    let failing = 0
    for (let partition = 0; partition < partitions; partition++) {
      const gateway = byPartition.get(partition) ?? []
      const known = new Set(gateway.map(({ orderId }) => orderId))
      const rows = await encodedRows(this.#state, { processor: paymentsName, partition, store: paymentStore })
      const states = rows.map(([, bytes]) => paymentStore.value.decode(bytes))
      failing += states.filter(({ operation }) => operation !== null && operation.tries >= alertTries).length
      const report = checkMoney(states.filter(({ orderId }) => isWhole || known.has(orderId)), { gateway })
      compared += report.checked
      violations.push(...report.violations)
    }
    return { compared, violations, confirmed: this.#confirm(violations), failing }
  }

  #confirm (violations: readonly Violation[]): readonly Violation[] {
    const before = this.#before
    this.#before = new Set(violations.map(wordsOf))
    return violations.filter(violation => before.has(wordsOf(violation)) && !this.#told.has(wordsOf(violation)))
  }

  /** The violation lies in the log: a later look does not confirm it again. */
  told (violation: Violation): void {
    this.#told.add(wordsOf(violation))
  }
}

function wordsOf ({ subject, message }: Violation): string {
  return `${subject} ${message}`
}
