import { type OrderState, type PaymentState, type ReservationState, type ShipmentState, orderPhaseSymbols, paymentStatusSymbols } from '#schemas'
import { type EffectOutcome } from '../../streams/processor.ts'
import { fillTimer, reservationTimer } from '../../topology/inventory/carry-out.ts'
import { type ReservationAction, reservationKey, reservationSteps } from '../../topology/inventory/reservation.ts'
import { wake } from '../../topology/orders/deadlines.ts'
import { partSteps, paymentSteps, shipmentSteps as shipmentFacts } from '../../topology/orders/facts.ts'
import { stimuli } from '../../topology/orders/phases.ts'
import { listTransitions, nextState, unborn } from '../../topology/orders/states.ts'
import { type PaymentRequest, decidePayment } from '../../topology/payments/decide-payment.ts'
import { type GatewayAnswer } from '../../topology/payments/gateway.ts'
import { type PaymentFact, evolvePayment, noPayment, paymentTransitions } from '../../topology/payments/payment.ts'
import { resumeCall, settleCall } from '../../topology/payments/settle-call.ts'
import { shipmentSteps } from '../../topology/shipping/shipment.ts'
import { topics } from '../../topology/topics.ts'
import { type Cell, canonical, nowMs } from './cell.ts'
import { type ProcessName, type Stimulus, type StepResult } from './processes.ts'

export const tables = ['order states', 'order phases', 'parts', 'payment of the order', 'shipment of the order', 'reservations', 'payments', 'shipments'] as const
export type TableName = (typeof tables)[number]

const pairs = (table: Readonly<Record<string, object>>): readonly string[] =>
  Object.entries(table).flatMap(([row, columns]) => Object.keys(columns).map(column => `${row} × ${column}`))

/** Every cell of every state × event table of the saga, `row × column`. */
export const tableCells: Readonly<Record<TableName, readonly string[]>> = {
  'order states': listTransitions().map(({ from, event }) => `${from} × ${event}`),
  'order phases': orderPhaseSymbols.flatMap(phase => stimuli.map(stimulus => `${phase} × ${stimulus}`)),
  parts: pairs(partSteps),
  'payment of the order': pairs(paymentSteps),
  'shipment of the order': pairs(shipmentFacts),
  reservations: pairs(reservationSteps),
  payments: paymentStatusSymbols.flatMap(status => Object.keys(paymentTransitions[status]).map(change => `${status} × ${change}`)),
  shipments: pairs(shipmentSteps)
}

/** Which cells of the tables the steps of a run came through. */
export class Coverage {
  readonly #seen = new Map<TableName, Set<string>>(tables.map(table => [table, new Set()]))

  /** Writes down where a step began and what it was about. */
  note (process: ProcessName, cell: Cell, stimulus: Stimulus, result: StepResult): void {
    if (process === 'orders') this.#noteOrder(cell, stimulus, result)
    else if (process === 'inventory') this.#noteReservation(cell, stimulus, result)
    else if (process === 'payments') this.#notePayment(cell, stimulus)
    else if (stimulus.kind === 'record') this.#add('shipments', rowOf<ShipmentState>(cell, 'ShipmentState')?.status ?? 'none', stimulus.value.type)
  }

  seen (table: TableName): ReadonlySet<string> {
    return this.#seen.get(table) as ReadonlySet<string>
  }

  /** Cells that no step came through, in the order of the table. */
  missing (table: TableName): readonly string[] {
    return tableCells[table].filter(cell => !this.seen(table).has(cell))
  }

  /** Takes over what another run came through. */
  merge (other: Coverage): void {
    for (const table of tables) for (const cell of other.seen(table)) this.#seen.get(table)?.add(cell)
  }

  #noteOrder (cell: Cell, stimulus: Stimulus, { outputs }: StepResult): void {
    const saga = rowOf<OrderState>(cell, 'OrderState')
    let state = (rowOf<{ readonly state: string }>(cell, 'OrderView')?.state ?? unborn) as Parameters<typeof nextState>[0]
    for (const { topic, value } of outputs) {
      if (topic !== topics.orders.events.name) continue
      const event = value.type as Parameters<typeof nextState>[1]
      this.#add('order states', state, event)
      state = nextState(state, event) ?? state
    }
    if (saga === undefined || stimulus.kind === 'answer') return
    if (stimulus.kind === 'timer') {
      const { kind } = wake(saga, stimulus.atMs, stimulus.atMs)
      if (kind !== 'later') this.#add('order phases', saga.phase, kind)
      return
    }
    const { type, attempt, partition } = stimulus.value as { readonly type: string, readonly attempt?: number, readonly partition?: number }
    const isPaid = type in paymentSteps
    if (attempt !== undefined && !(type in shipmentFacts) && attempt !== (isPaid ? saga.paymentAttempt : saga.attempt)) return
    this.#add('order phases', saga.phase, type)
    const part = saga.parts.find(candidate => candidate.partition === partition)
    if (type in partSteps && part !== undefined) this.#add('parts', type, part.progress)
    if (isPaid) this.#add('payment of the order', type, saga.payment)
    if (type in shipmentFacts) this.#add('shipment of the order', type, saga.shipment)
  }

  #noteReservation (cell: Cell, stimulus: Stimulus, result: StepResult): void {
    if (stimulus.kind === 'timer' && stimulus.key.startsWith(fillTimer)) return this.#noteFills(cell, result)
    const command = stimulus.kind === 'record' ? stimulus.value as unknown as { type: string, orderId: string, attempt: number, partition: number } : undefined
    const action = command === undefined ? 'expire' : actions[command.type]
    if (stimulus.kind === 'answer' || action === undefined) return
    const key = command === undefined ? (stimulus as { readonly key: string }).key.slice(reservationTimer.length) : reservationKey(command)
    this.#add('reservations', (cell.rows[`reservations/${key}`] as ReservationState | undefined)?.status ?? 'none', action)
  }

  /** Who waited and waits no longer was filled: a queue names nobody else. */
  #noteFills (before: Cell, { cell }: StepResult): void {
    for (const [key, row] of Object.entries(before.rows)) {
      if (row.type === 'ReservationState' && row !== cell.rows[key] && canonical(row) !== canonical(cell.rows[key])) this.#add('reservations', (row as ReservationState).status, 'fill')
    }
  }

  /** The facts are decided once more: the handler publishes only some of them. */
  #notePayment (cell: Cell, stimulus: Stimulus): void {
    let state = rowOf<PaymentState>(cell, 'PaymentState') ?? noPayment('', '')
    for (const fact of factsOf(state, stimulus)) {
      this.#add('payments', state.status, fact.type === 'CallStarted' ? `${fact.operation.step}Started` : fact.type)
      state = evolvePayment(state, fact)
    }
  }

  #add (table: TableName, row: string, column: string): void {
    this.#seen.get(table)?.add(`${row} × ${column}`)
  }
}

const actions: Readonly<Partial<Record<string, ReservationAction>>> = {
  ReserveStock: 'reserve', ConfirmReservation: 'confirm', ExtendReservation: 'extend', ReleaseReservation: 'release', UnconfirmReservation: 'unconfirm'
}

function factsOf (state: PaymentState, stimulus: Stimulus): readonly PaymentFact[] {
  if (stimulus.kind === 'record') return decidePayment(state, stimulus.value as unknown as PaymentRequest, nowMs, () => '')
  return stimulus.kind === 'timer' ? resumeCall(state, nowMs) : settleCall(state, answerOf(stimulus.outcome), nowMs)
}

function answerOf (outcome: EffectOutcome): GatewayAnswer {
  if (outcome.kind === 'succeeded') return outcome.result as GatewayAnswer
  return outcome.kind === 'unknown' ? outcome : { kind: 'unavailable', code: outcome.code, message: outcome.message }
}

function rowOf<Row> (cell: Cell, type: string): Row | undefined {
  return Object.values(cell.rows).find(row => row.type === type) as unknown as Row | undefined
}
