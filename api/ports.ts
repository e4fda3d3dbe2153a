import {
  type AdjustStock, type CancelShipment, type FlagChanged, type HoldStock, type OrderView, type PaymentCallback, type PaymentState, type RefundPayment,
  type RegisterSku, type ReleaseHold, type ReservationState, type Restock, type RiskAccount, type SetCreditLimit, type ShipmentState, type StockState
} from '#schemas'
import { type PositionWait } from '../streams/state/query.ts'
import { type AccountName } from '../topology/ledger/accounts.ts'
import { type Rejection } from '../topology/commands/processed-command.ts'
import { type SignatureVerdict } from '../topology/callbacks/signature.ts'
import { type CallbackReading } from '../topology/payments/read-callback.ts'
import { type BehaviourCommand, type CatalogCommand, type OrderCommand, type PrivacyCommand, type ShippingCommand } from '../topology/topics.ts'
import { type WebhookCommand } from '../topology/webhooks/webhook.ts'
import { type Count, type LimitRule } from './limits/rules.ts'
import { type NotificationIntake } from './notifications/ports.ts'
import { type LogPosition } from './position.ts'

export interface AppendOptions {
  /** Takes the topic whose senders may quote prices. @default false */
  readonly trusted?: boolean
  /** W3C trace context of the request, to go on through everything that the command causes. */
  readonly traceparent?: string | undefined
}

/** What a sender may ask of the stock of one SKU. */
export type StockCommand = RegisterSku | AdjustStock | Restock | HoldStock | ReleaseHold

/** What may be told of shipments, or asked of them. */
export type ShipmentNews = Exclude<ShippingCommand, { type: 'CreateShipment' }> | CancelShipment

/** What the API writes into the log, each into the topic of its own. */
export type IntakeCommand =
  | OrderCommand | CatalogCommand | StockCommand | ShipmentNews | RefundPayment | PaymentCallback | SetCreditLimit | FlagChanged | PrivacyCommand
  | WebhookCommand | NotificationIntake

/** Where commands are written to: the log. What it acknowledged is not lost. */
export interface CommandLog {
  /**
   * Appends one command; resolves once every in-sync replica has it.
   *
   * @throws {StreamsError} STR_BROKER_UNAVAILABLE when the log does not answer: the command may or may not have been written, so a
   * repeat must carry the same command id.
   */
  append (command: IntakeCommand, options?: AppendOptions): Promise<LogPosition>
}

/** What the orders processor knows about one order, read in one piece. */
export interface OrderReading {
  readonly view: OrderView | undefined
  /** Hash of the body that the order was placed with; undefined when there is no order. */
  readonly bodyHash: string | undefined
  /** Hash of the body of each later command that was carried out, by its id. */
  readonly commandHashes: Readonly<Record<string, string>>
  /** True when everything up to the asked position was processed before this reading; true when none was asked. */
  readonly reached: boolean
}

/** Reads orders from the state of the orders processor. */
export interface OrderQueries {
  /** @throws {StreamsError} STR_STATE_UNAVAILABLE or STR_STATE_LOST when the state is missing or being restored: never an absent order. */
  read (orderId: string, position?: LogPosition): Promise<OrderReading>
}

/** Reads the stock of one SKU from the state of inventory; undefined = it is not registered. Rejects like OrderQueries. */
export interface StockQueries {
  read (sku: string): Promise<StockState | undefined>
  /** The same once that command is processed; `behind` when it is not in time. */
  readAfter (sku: string, wait: PositionWait | undefined): Promise<{ readonly row: StockState | undefined } | 'behind'>
  /** Hash of the body of a command about the SKU that was decided, whatever was decided; undefined = not known, or forgotten. */
  commandHash (sku: string, commandId: string): Promise<string | undefined>
  /** A reservation by hand of the SKU; undefined = there is none. With `wait` once that command is processed; `behind` when it is not in time. */
  hold (sku: string, reservationId: string, wait?: PositionWait): Promise<{ readonly row: ReservationState | undefined } | 'behind'>
  /** Why a command about the SKU was refused, undefined = it was carried out; `behind` when it is not processed in time. */
  rejection (sku: string, commandId: string, wait?: PositionWait): Promise<{ readonly row: Rejection | undefined } | 'behind'>
}

/** The level of a SKU as its events tell it, about a second behind the stock itself. Pieces. */
export interface StockLevel { readonly sku: string, readonly onHand: number, readonly reserved: number, readonly reorderLevel: number }

/** Pieces of a SKU that an order holds, and since when. Epoch ms. */
export interface HeldStock { readonly orderId: string, readonly sku: string, readonly quantity: number, readonly sinceMs: number }

/** Lists SKUs in the order of their names. About a second behind. */
export interface StockLevels {
  /** At most `limit` SKUs after that one. */
  list (after: string, limit: number): Promise<readonly StockLevel[]>
  /** At most `limit` SKUs after that one whose free stock is at or below the reorder level. */
  low (after: string, limit: number): Promise<readonly StockLevel[]>
  /** At most `limit` of what orders hold, by order and SKU, after that one. */
  held (wanted: { readonly sku?: string, readonly orderId?: string, readonly after?: Pick<HeldStock, 'orderId' | 'sku'>, readonly limit: number }): Promise<readonly HeldStock[]>
}

/** What was booked on an account of the ledger in one currency, in 1/10,000 of the unit. */
export interface LedgerBalance { readonly account: AccountName, readonly currency: string, readonly debits: bigint, readonly credits: bigint }

/** Reads the ledger. */
export interface LedgerBalances {
  /** Every account and currency that was booked to. */
  balances (): Promise<readonly LedgerBalance[]>
}

/** Reads payments from the state of the payments processor. */
export interface PaymentQueries {
  /**
   * All that is known of the payments of an order; undefined = nothing. With `wait` not before that command is processed, if its time
   * is long enough.
   *
   * @throws {StreamsError} as the queries of orders do.
   */
  read (orderId: string, wait?: PositionWait): Promise<PaymentState | undefined>
  /** The order of a payment, of whichever attempt; undefined = there is no such payment. */
  orderOf (paymentId: string): Promise<string | undefined>
}

/** Reads the accounts of customers from the state of risk; undefined = nothing is known of the customer. Rejects like OrderQueries. */
export interface RiskQueries {
  read (customerId: string): Promise<RiskAccount | undefined>
  /** Hash of the body of a command about the customer that was decided, whatever was decided; undefined = not known, or forgotten. */
  commandHash (customerId: string, commandId: string): Promise<string | undefined>
}

/** Takes in what visitors do and what they were shown, apart from the commands of customers. */
export interface BehaviourLog {
  /**
   * Appends all of them; resolves once every in-sync replica has them.
   *
   * @throws {StreamsError} STR_BROKER_UNAVAILABLE: some of them may have been written, so a repeat must carry the same ids.
   */
  append (commands: readonly BehaviourCommand[], options?: Pick<AppendOptions, 'traceparent'>): Promise<void>
}

/** Takes in what the payment provider tells by itself. */
export interface PaymentCallbacks {
  /** Name of the provider; part of the identity of its callbacks. */
  readonly provider: string
  /** Header of the signature. */
  readonly header: 'payment-signature' | 'stripe-signature'
  /** Checks the signature over the bytes as they came. `off`: no secret is configured. */
  check (signature: string | undefined, body: Buffer, nowMs: number): SignatureVerdict | 'off'
  read (body: unknown): CallbackReading
}

/** Reads shipments from the state of shipping. Rejects like OrderQueries. */
export interface ShipmentQueries {
  /** The shipments of an order; undefined = there are none. */
  read (orderId: string): Promise<ShipmentState | undefined>
  /** The order of a shipment; undefined = there is no such shipment. */
  orderOf (shipmentId: string): Promise<string | undefined>
  /** Hash of the body of news that was decided; undefined = not known, or forgotten. */
  commandHash (orderId: string, commandId: string): Promise<string | undefined>
}

/** Finds orders by what became of their shipments, in the order of their ids: at most `limit` after that one. About a second behind. */
export interface ShipmentLists {
  /** Something waits to be picked up. */
  pending (after: string, limit: number): Promise<readonly string[]>
  /** Something is late and has not ended. */
  delayed (after: string, limit: number): Promise<readonly string[]>
}

/** Takes in what carriers tell by themselves. */
export interface CarrierCallbacks {
  /** Checks the signature over the bytes as they came. `off`: no secret is configured. */
  check (signature: string | undefined, body: Buffer, nowMs: number): SignatureVerdict | 'off'
}

/** One event as the history tells it: amounts are decimal text, bytes base64. */
export interface EventEntry {
  readonly partition: number
  readonly offset: bigint
  readonly type: string
  readonly eventId: string
  /** Epoch ms. */
  readonly occurredAtMs: number
  readonly payload: Readonly<Record<string, unknown>>
}

/** Reads the history of whatever events are kept by: orders, or readers of notifications. */
export interface EventHistory {
  /** At most `limit` events of the key after that offset of its partition, oldest first. */
  list (key: string, after: bigint, limit: number): Promise<readonly EventEntry[]>
  /** Offset up to which the history of the key's partition is complete, asked before what is listed; −1 = it holds nothing. */
  reached (key: string): Promise<bigint>
}

/** Events of one key in the order of its log. `next`: the offset after which nothing is known yet. */
export interface EventPage { readonly events: readonly EventEntry[], readonly next: bigint }

/** One who follows the events of a key. */
export interface EventFollower {
  /**
   * Every event at or after that offset, as far as the log was read; undefined = the newest part of the log that is kept does not reach back that far.
   * Rejects with STR_REGISTRY_UNAVAILABLE.
   */
  read (from: bigint): Promise<EventPage | undefined>
  close (): void
}

/** The newest events of a topic as they are committed: one set of readers, however many follow. */
export interface EventFeed {
  /** Follows a key, e.g. an order: `onNews` is called with the type at every event of it, and without one when the feed begins anew or does not know it. */
  follow (key: string, onNews: (type?: string) => void): EventFollower
  /** True when the log holds an event, of whichever key, at or after that offset in the partition of the key. Rejects with STR_BROKER_UNAVAILABLE. */
  hasReached (key: string, offset: bigint): Promise<boolean>
  close (): void
}

/** Where an order stands in a list. Epoch ms. */
export interface ListedOrder { readonly orderId: string, readonly placedAtMs: number }

export interface OrderListWish {
  /** @default everybody's */
  readonly customerId?: string
  /** @default any */
  readonly state?: OrderView['state']
  /** Placed then or later. @default any time */
  readonly fromMs?: number
  /** Placed before. */
  readonly untilMs?: number
  /** Those that were placed before this one. */
  readonly after?: ListedOrder
  readonly limit: number
}

/** Finds accepted orders, the newest first. About a second behind. */
export interface OrderLists {
  list (wish: OrderListWish): Promise<readonly ListedOrder[]>
}

/** What became of an idempotency key. */
export type IdempotencyAnswer =
  | { readonly kind: 'new' }
  | { readonly kind: 'running' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'done', readonly position: LogPosition }

/**
 * Remembers what was answered to a command id. A cache: it may forget everything at any time, because the log decides (an order
 * keeps the hash of its body).
 */
export interface IdempotencyStore {
  begin (commandId: string, bodyHash: string): Promise<IdempotencyAnswer>
  finish (commandId: string, position: LogPosition): Promise<void>
  /** The request failed: the key is free again. */
  abandon (commandId: string): Promise<void>
}

/** Counts requests against limits. */
export interface RateCounters {
  /** Counts one request of that sender. Never rejects and never holds a request up: a limit that cannot be asked for is counted otherwise. */
  count (sender: string, rule: LimitRule): Promise<Count>
}
