import {
  type AuthorizePayment, type CancelShipment, type CapturePayment, type ConfirmReservation, type CreateShipment, type ExtendReservation, type OrderState,
  type OrderView, type PaymentFailed, type RefundPayment, type ReleaseReservation, type ReserveStock, type Restock, type UnconfirmReservation, type VoidPayment
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { stockPartitionOf } from '../inventory/routing.ts'
import { type ReturnEvent, evolveReturns } from '../returns/evolve-return.ts'
import { type OrderEvent } from '../topics.ts'
import { type TimerChange, timerChange } from './deadlines.ts'
import { type Order, evolve } from './order.ts'
import { type Rejection } from './price-order.ts'

/** What the order saga asks of others. */
export type SagaCommand = Body<
  | ReserveStock | ConfirmReservation | ExtendReservation | ReleaseReservation | UnconfirmReservation
  | AuthorizePayment | CapturePayment | VoidPayment | RefundPayment
  | CreateShipment | CancelShipment
> | PutBack

/** Adds pieces to the stock; the id is the decision's own, so that it is done once. */
type PutBack = Body<Restock> & { readonly commandId: string }

/** A command that was taken and could not be carried out after all. */
export interface Refusal {
  readonly command: string
  readonly commandId: string
  readonly rejection: Rejection
}

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
  /** What happened to returns of the order. */
  readonly returns: readonly ReturnEvent[]
  /** Commands of before that turn out to be too late: their senders are told. */
  readonly refusals: readonly Refusal[]
  readonly timer: TimerChange
  /** Set when the command is not carried out. */
  readonly rejection?: Rejection
}

/** A command that is not carried out: the order stays as it is. */
export function rejected (rejection: Rejection): Decision {
  return { events: [], commands: [], announcements: [], returns: [], refusals: [], timer: { kind: 'keep' }, rejection }
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
  readonly #returns: ReturnEvent[] = []
  readonly #refusals: Refusal[] = []

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

  /** Says that something has happened to a return: the returns in the view follow. */
  happenToReturn (event: ReturnEvent): void {
    this.show({ returns: evolveReturns(this.#view.returns, event, this.nowMs) })
    this.#returns.push(event)
  }

  /** Tells the sender of an earlier command that it came too late. */
  refuse (refusal: Refusal): void {
    this.#refusals.push(refusal)
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
    return {
      order, events: this.#events, commands: this.#commands, announcements: this.#announcements, returns: this.#returns, refusals: this.#refusals, timer
    }
  }
}
