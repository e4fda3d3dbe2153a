import { type Clock } from '../../streams/time/clock.ts'
import { rememberMs } from '../../topology/notifications/stores.ts'
import { type Telling } from '../events/event-stream.ts'
import { frameOf } from '../events/frames.ts'
import { type NotificationQueries } from './ports.ts'
import { type WordsOptions, isInInbox, readableBody } from './view.ts'

export interface InboxTellingOptions extends WordsOptions {
  readonly userId: string
  readonly queries: Pick<NotificationQueries, 'reader' | 'one'>
  readonly clock: Clock
}

/** Waits for the state to show what is in the log: between the commit of an event and the state that shows it lie some milliseconds. Unit: ms. */
const pausesMs = [0, 5, 20, 80] as const
/** What the state does not show after that time, it never will: the reader has forgotten it. Unit: ms. */
const shownMs = 60_000

/** Name of the event by which a reader is told that something is in his inbox. */
export const inboxEvent = 'notification'

/**
 * How a stream tells what comes into the inbox of a reader: as the inbox has it, in his language, each with the place in the log where it came. What is
 * older than the inbox remembers is passed over.
 */
export function inboxTelling ({ userId, queries, clock, ...words }: InboxTellingOptions): Telling {
  return {
    frame: async ({ partition, offset, type, occurredAtMs, payload }) => {
      const isInbox = type === 'NotificationDelivered' && payload['channel'] === 'inApp'
      if (!isInbox || occurredAtMs + rememberMs < clock.now()) return undefined
      for (const pauseMs of pausesMs) {
        if (pauseMs > 0) await clock.sleep(pauseMs)
        const row = await queries.one(userId, String(payload['notificationId']))
        if (row !== undefined && isInInbox(row)) return frameOf(`${partition}-${offset}`, inboxEvent, await readableBody(row, await queries.reader(userId), words))
      }
      if (occurredAtMs + shownMs < clock.now()) return undefined
      throw new Error('a notification is in the log, and not in the state yet')
    },
    isLast: () => false,
    isNumbered: false
  }
}
