import { type ShipmentParcel, type ShipmentState } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type Rejection } from '../commands/processed-command.ts'
import { type ShipmentEvent } from '../topics.ts'
import { type CarrierOf } from './carrier.ts'
import { type TimerChange, timerChange } from './deadlines.ts'

/** A shipping event without its metadata. */
export type ShipmentEventBody = Body<ShipmentEvent>

/** What a decision is made with beside the row. `nowMs` is context time, epoch ms. */
export interface ShipmentEnvironment {
  readonly nowMs: number
  readonly carrierOf: CarrierOf
  /** Shared by everything that the order caused. */
  readonly correlationId: string
}

/** What is to happen because of one record or timer. */
export interface ShipmentDecision {
  /** The row afterwards, the same object when nothing changed; undefined = there is none. */
  readonly state: ShipmentState | undefined
  readonly events: readonly ShipmentEventBody[]
  readonly timer: TimerChange
  /** Set when the command is not carried out. */
  readonly rejection?: Rejection
}

/** Collects one decision about the shipments of an order. Local to a pure function: made at its start, read once by `finish`. */
export class ShipmentDraft {
  readonly env: ShipmentEnvironment
  #state: ShipmentState
  readonly #events: ShipmentEventBody[] = []

  constructor (state: ShipmentState, env: ShipmentEnvironment) {
    this.#state = state
    this.env = env
  }

  get state (): ShipmentState { return this.#state }

  happen (event: ShipmentEventBody): void {
    this.#events.push(event)
  }

  remember (change: Partial<ShipmentState>): void {
    this.#state = { ...this.#state, ...change }
  }

  /** Changes a shipment, and gives it back as it is then. */
  change (parcel: ShipmentParcel, change: Partial<ShipmentParcel>): ShipmentParcel {
    const changed = { ...parcel, ...change }
    this.remember({ shipments: this.#state.shipments.map(other => other.shipmentNo === parcel.shipmentNo ? changed : other) })
    return changed
  }

  /** Counts a record that changes nothing. */
  countRepeat (): void {
    this.remember({ repeats: this.#state.repeats + 1 })
  }

  finish (): ShipmentDecision {
    const timer = timerChange(this.#state, this.env.carrierOf)
    if (timer.kind !== 'keep') this.remember({ timerDueMs: timer.kind === 'set' ? timer.dueMs : null })
    return { state: this.#state, events: this.#events, timer }
  }
}
