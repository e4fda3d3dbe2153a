import { type ReservationState, type StockState } from '#schemas'
import { backOrderOf, chooseFills, placeOf } from '../../../topology/inventory/back-orders.ts'
import { type ReservationRequest, decideReservation } from '../../../topology/inventory/decide-reservation.ts'
import { decideStock } from '../../../topology/inventory/decide-stock.ts'
import { reservationKey } from '../../../topology/inventory/reservation.ts'
import { openStock } from '../../../topology/inventory/stock.ts'
import { type SagaCommand } from '../../../topology/orders/draft.ts'
import { type Fact } from '../../../topology/orders/facts.ts'

const actions = {
  ReserveStock: 'reserve', ConfirmReservation: 'confirm', ExtendReservation: 'extend', ReleaseReservation: 'release', UnconfirmReservation: 'unconfirm'
} as const

/** The stock of some SKUs in maps, driven by the real decisions of inventory. */
export class StockWorld {
  readonly #stocks = new Map<string, StockState>()
  readonly #rows = new Map<string, ReservationState>()

  constructor (opening: Readonly<Record<string, number>>) {
    for (const [sku, pieces] of Object.entries(opening)) this.#stocks.set(sku, openStock(sku, pieces, 0))
  }

  get stocks (): readonly StockState[] { return [...this.#stocks.values()] }
  get reservations (): readonly ReservationState[] { return [...this.#rows.values()] }

  /** Every piece lies on the shelf, nobody has a claim on any. */
  get isFree (): boolean {
    return [...this.#stocks.values()].every(({ reserved, deducted, waiting }) => reserved === 0 && deducted === 0 && waiting === 0)
  }

  /** Pieces sold, by SKU. */
  get deducted (): ReadonlyMap<string, number> {
    return new Map([...this.#stocks].map(([sku, { deducted }]) => [sku, deducted]))
  }

  get reserved (): number {
    return [...this.#stocks.values()].reduce((sum, { reserved, waiting }) => sum + reserved + waiting, 0)
  }

  ask (command: SagaCommand): readonly Fact[] {
    if (!(command.type in actions)) return []
    const asked = command as Extract<SagaCommand, { type: keyof typeof actions }>
    return this.#decide({ ...asked, action: actions[asked.type] })
  }

  /** More pieces of a SKU come in. */
  restock (sku: string, quantity: number): readonly Fact[] {
    const { stock } = decideStock(this.#stocks.get(sku), { type: 'Restock', sku, quantity })
    if (stock !== undefined) this.#stocks.set(sku, stock)
    return this.#fill(sku)
  }

  #decide (request: ReservationRequest): readonly Fact[] {
    const key = reservationKey(request)
    const decision = decideReservation(request, {
      row: this.#rows.get(key), stockOf: sku => this.#stocks.get(sku), partition: request.partition, nowMs: 1_000, correlationId: ''
    })
    for (const stock of decision.stocks) this.#stocks.set(stock.sku, stock)
    if (decision.row !== undefined) this.#rows.set(key, decision.row)
    return [...decision.reply === undefined ? [] : [decision.reply], ...decision.stocks.flatMap(({ sku }) => request.action === 'fill' ? [] : this.#fill(sku))]
  }

  #fill (sku: string): readonly Fact[] {
    if (this.#stocks.get(sku)?.waiting === 0) return []
    const queueOf = (wanted: string) => [...this.#rows.values()]
      .filter(row => row.status === 'waiting' && row.lines.some(line => line.sku === wanted))
      .map(row => ({ place: placeOf(row), entry: backOrderOf(row) }))
      .sort((one, other) => one.place < other.place ? -1 : 1)
    return chooseFills(sku, queueOf, wanted => this.#stocks.get(wanted), 16)
      .flatMap(({ orderId, attempt, partition }) => this.#decide({ action: 'fill', orderId, attempt, partition }))
  }
}
