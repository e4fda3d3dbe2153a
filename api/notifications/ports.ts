import { type NotificationRequested, type NotificationState } from '#schemas'
import { type Rendered, type Writing } from '../../sinks/index.ts'
import { type Reader } from '../../topology/notifications/reader.ts'
import { type NotificationCommand } from '../../topology/topics.ts'

/** What the API asks of notifications; key = the reader. Receipts are told by providers. */
export type NotificationIntake = NotificationRequested | Exclude<NotificationCommand, { type: 'NotificationReceipt' }>

/** Reads notifications from the state of their processor. Rejects like OrderQueries. */
export interface NotificationQueries {
  /** What is known of a reader; one who was never told anything is known as such. */
  reader (userId: string): Promise<Reader>
  /** The newest of what a reader was told, newest first. */
  told (reader: Reader): Promise<readonly NotificationState[]>
  /** Undefined = there is no such notification, or it is forgotten. */
  find (notificationId: string): Promise<NotificationState | undefined>
}

/** Writes letters in words. @throws {SinkError} SNK_TEMPLATE_INVALID */
export interface LetterWriter { render (name: string, values: Readonly<Record<string, unknown>>, writing: Writing): Rendered }

/** Everything that the routes of notifications work with. */
export interface NotificationServices {
  readonly queries: NotificationQueries
  readonly letters: LetterWriter
}
