import {
  type AssessOrder, type AuthorizePayment, type CancelShipment, type CapturePayment, type ConfirmReservation, type CreateShipment, type ExtendReservation,
  type OrderState, type OrderView, type PaymentFailed, type RefundPayment, type ReleaseExposure, type ReleaseReservation, type ReserveStock,
  type UnconfirmReservation, type VoidPayment
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { stockPartitionOf } from '../inventory/routing.ts'
import { type OrderEvent } from '../topics.ts'
import { type TimerChange, timerChange } from './deadlines.ts'
import { type Order, evolve } from './order.ts'
import { type Rejection } from './price-order.ts'

/** What the order saga asks of others. */
export type SagaCommand = Body<
  | ReserveStock | ConfirmReservation | ExtendReservation | ReleaseReservation | UnconfirmReservation
  | AuthorizePayment | CapturePayment | VoidPayment | RefundPayment
  | CreateShipment | CancelShipment
  | AssessOrder | ReleaseExposure
>

export type PartitionOfSku = (sku: string) => number

/** What a customer may be told about, besides the events of the order. */
export type Announcement = Body<PaymentFailed>

/** What is to happen because of one record or timer. */
export interface Decision {
  /** The order afterwards; undefined = nothing is stored. `order.view` is the same object as before when readers see no change. */
  readonly order?: Order
  readonly events: readonly Body<OrderEvent>[]
  readonly commands: readonly SagaCommand[]
  readonly announcements: readonly Announcement[]
  readonly timer: TimerChange
  /** Set when the command is not carried out. */
  readonly rejection?: Rejection
}

/** A command that is not carried out: the order stays as it is. */
export function rejected (rejection: Rejection): Decision {
  return { events: [], commands: [], announcements: [], timer: { kind: 'keep' }, rejection }
}

/**
 * Collects one decision. Local to a pure function: made at its start, read once by `finish`.
 *
 * `nowMs` is context time, epoch ms: when what is decided about happened. `wallMs` is now: where deadlines start. `partitionOf`: the
 * inventory partition of a SKU, the one function that reserves, registers and adjusts by.
 */
export class OrderDraft {
  readonly nowMs: number
  readonly wallMs: number
  readonly partitionOf: PartitionOfSku
  #view: OrderView
  #saga: OrderState
  #ownsSaga = false
  readonly #events: Body<OrderEvent>[] = []
  readonly #commands: SagaCommand[] = []
  readonly #announcements: Announcement[] = []

  constructor (order: Order, nowMs: number, wallMs = nowMs, partitionOf: PartitionOfSku = stockPartitionOf) {
    this.nowMs = nowMs
    this.wallMs = wallMs
    this.partitionOf = partitionOf
    this.#view = order.view
    this.#saga = order.saga
  }

  /** The draft of an order that begins with this event. */
  static born (saga: OrderState, event: Body<OrderEvent>, nowMs: number, wallMs = nowMs, partitionOf: PartitionOfSku = stockPartitionOf): OrderDraft {
    const draft = new OrderDraft({ view: evolve(undefined, event, nowMs), saga }, nowMs, wallMs, partitionOf)
    draft.#events.push(event)
    return draft
  }

  get view (): OrderView { return this.#view }
  get saga (): OrderState { return this.#saga }

  /** Says that something has happened: the view follows by the table of states. */
  happen (event: Body<OrderEvent>): void {
    this.#view = evolve(this.#view, event, this.nowMs)
    this.#events.push(event)
  }

  send (command: SagaCommand): void {
    this.#commands.push(command)
  }

  announce (announcement: Announcement): void {
    this.#announcements.push(announcement)
  }

  /** Changes what the saga remembers, in a copy made at the first change. */
  remember (change: Partial<OrderState>): void {
    if (!this.#ownsSaga) {
      this.#saga = { ...this.#saga }
      this.#ownsSaga = true
    }
    Object.assign(this.#saga, change)
  }

  /** Changes what readers see without an event of the order: money and shipment, as payments and shipping tell them. */
  show (change: Partial<OrderView>): void {
    this.#view = { ...this.#view, ...change, updatedAt: this.nowMs }
  }

  /** Counts a record that changes nothing. */
  countRepeat (): void {
    this.remember({ repeats: this.#saga.repeats + 1 })
  }

  finish (): Decision {
    const timer = timerChange(this.#saga)
    if (timer.kind !== 'keep') this.remember({ timerDueMs: timer.kind === 'set' ? timer.dueMs : null })
    const order = { view: this.#view, saga: this.#saga }
    return { order, events: this.#events, commands: this.#commands, announcements: this.#announcements, timer }
  }
}
