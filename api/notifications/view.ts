import { type NotificationState } from '#schemas'
import { type Reader } from '../../topology/notifications/reader.ts'
import { type KeyProvider, decryptPersonal } from '../../topology/personal.ts'
import { type NotificationBody } from '../schemas/notification.ts'
import { type LetterWriter } from './ports.ts'

const instant = (ms: number): string => new Date(ms).toISOString()

/** What words are made with. */
export interface WordsOptions { readonly letters: LetterWriter, readonly keys: KeyProvider }

/** A notification as who sent it sees it: without its words, which are its reader's. */
export function notificationBody (
  { notificationId, kind, template, orderId, requestedAt, deliveries }: NotificationState, { history }: Reader
): NotificationBody {
  return {
    notificationId,
    kind,
    template,
    orderId,
    requestedAt: instant(requestedAt),
    subject: null,
    text: null,
    isRead: requestedAt <= history.readUpTo,
    deliveries: deliveries.map(({ channel, status, tries, code, unknown, at }) => ({ channel, status, tries, code, mayBeTwice: unknown, at: instant(at) }))
  }
}

/** The same with its words, as its reader sees it. @throws {KeysUnavailable} */
export async function readableBody (state: NotificationState, reader: Reader, options: WordsOptions): Promise<NotificationBody> {
  return { ...notificationBody(state, reader), ...await wordsOf(state, reader, options) }
}

/**
 * Subject and text in the language of the reader; nothing where they are not to be had: the secret of a letter about an account is for its channel alone,
 * the key of who was erased is gone, and what was asked for by topic may lack a value.
 */
async function wordsOf (
  { kind, template, variables, sealed, locale }: NotificationState, { profile }: Reader, { letters, keys }: WordsOptions
): Promise<{ readonly subject: string, readonly text: string } | undefined> {
  if (kind === 'account' && sealed !== null) return undefined
  const secrets = sealed === null ? {} : await decryptPersonal(keys, 'secret', sealed)
  if (secrets === null) return undefined
  try {
    const { subject, text } = letters.render(template, { ...variables, ...secrets }, { locale: locale ?? profile.locale ?? 'en', timeZone: profile.timeZone })
    return { subject, text }
  } catch {
    return undefined
  }
}

/** True for what lies in the inbox of its reader. */
export function isInInbox ({ deliveries }: NotificationState): boolean {
  return deliveries.some(({ channel, status }) => channel === 'inApp' && status === 'delivered')
}
