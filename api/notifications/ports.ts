import { type NotificationRequested, type NotificationState, type ReaderProfile } from '#schemas'
import { type Rendered, type Writing } from '../../sinks/index.ts'
import { type PositionWait } from '../../streams/state/query.ts'
import { type SignatureVerdict } from '../../topology/callbacks/signature.ts'
import { type Reader } from '../../topology/notifications/reader.ts'
import { type NotificationCommand } from '../../topology/topics.ts'
import { type EventFeed, type EventHistory } from '../ports.ts'

/** What the API asks of notifications, and takes in for them; key = the reader. */
export type NotificationIntake = NotificationRequested | NotificationCommand

/** Reads notifications from the state of their processor. Rejects like OrderQueries. */
export interface NotificationQueries {
  /** What is known of a reader; one who was never told anything is known as such. */
  reader (userId: string): Promise<Reader>
  /** His profile once a command of his is carried out. Rejects with API_OUTCOME_UNKNOWN when that takes too long. */
  profileAfter (wait: PositionWait, userId: string): Promise<ReaderProfile>
  /** The newest of what a reader was told, newest first. */
  told (reader: Reader): Promise<readonly NotificationState[]>
  /** One of them; undefined = he was not told of it, or it is forgotten. */
  one (userId: string, notificationId: string): Promise<NotificationState | undefined>
  /** The same of whoever was told. Undefined = there is no such notification, or it is forgotten. */
  find (notificationId: string): Promise<NotificationState | undefined>
}

/** Writes letters in words. @throws {SinkError} SNK_TEMPLATE_INVALID */
export interface LetterWriter { render (name: string, values: Readonly<Record<string, unknown>>, writing: Writing): Rendered }

/** How receipts of providers are believed. */
export interface NotificationReceipts {
  /** Checks the signature over the bytes as they came. `off`: no secret is configured. */
  check (signature: string | undefined, body: Buffer, nowMs: number): SignatureVerdict | 'off'
}

/** Everything that the routes of notifications work with. */
export interface NotificationServices {
  readonly queries: NotificationQueries
  readonly letters: LetterWriter
  readonly receipts: NotificationReceipts
  /** What becomes of notifications, by reader: as it is committed, and long ago. */
  readonly feed: EventFeed
  readonly history: EventHistory
}
