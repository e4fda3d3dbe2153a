import {
  type NotificationChannel, type NotificationKind, type Personal, type ReaderHistory, type ReaderProfile, type SetNotificationPreferences, type UserRegistered
} from '#schemas'
import { type Body } from '../commands/body.ts'
import { isTimeZone } from './quiet-hours.ts'

/** What is known of a reader. */
export interface Reader { readonly profile: ReaderProfile, readonly history: ReaderHistory }

/** Ids that a reader's history keeps, the newest. */
export const maxHistory = 50
/** Commands that a reader's row keeps the ids of, the newest. */
const maxChangedBy = 5
/** Browsers of one reader. */
export const maxSubscriptions = 5

/** A reader of whom nothing is known: a guest, a team, or the owner of an account that was never told of. */
export function noProfile (userId: string): ReaderProfile {
  return {
    type: 'ReaderProfile',
    userId,
    email: null,
    phone: null,
    pushSubscriptions: [],
    refused: [],
    locale: null,
    timeZone: null,
    quietFrom: null,
    quietUntil: null,
    choices: [],
    hasAccount: false,
    version: 0,
    changedBy: []
  }
}

export function noHistory (userId: string): ReaderHistory {
  return { type: 'ReaderHistory', userId, notificationIds: [], readUpTo: 0, bursts: [] }
}

/** The reader of an account that was made. */
export function openReader (before: ReaderProfile, { email }: Pick<UserRegistered, 'email'>): ReaderProfile {
  return changed(before, { email, hasAccount: email !== null, refused: before.refused.filter(channel => channel !== 'email') })
}

/** Why preferences are not possible; undefined = they are. */
export function whyNoPreferences (command: Body<SetNotificationPreferences>): string | undefined {
  const { locale, timeZone, quietFrom, quietUntil, choices, pushSubscriptions } = command
  if (locale !== null && !isLocale(locale)) return 'the locale is no language tag'
  if (timeZone !== null && !isTimeZone(timeZone)) return 'the time zone is not known'
  if ((quietFrom === null) !== (quietUntil === null)) return 'quiet hours have a beginning and an end'
  if ([quietFrom, quietUntil].some(minute => minute !== null && !(minute >= 0 && minute < 1_440))) return 'quiet hours are minutes of a day'
  if (new Set(choices.map(({ kind }) => kind)).size !== choices.length) return 'a kind is named twice'
  if (pushSubscriptions.length > maxSubscriptions) return `a reader has at most ${maxSubscriptions} browsers`
  return undefined
}

/** The reader with the preferences of the command of that id. An address that is given anew has another chance. */
export function setPreferences (before: ReaderProfile, command: Body<SetNotificationPreferences>, commandId: string): ReaderProfile {
  const { locale, timeZone, quietFrom, quietUntil, choices, phone, pushSubscriptions } = command
  const isNew: Readonly<Partial<Record<NotificationChannel, boolean>>> = {
    sms: !isSame(before.phone, phone), push: JSON.stringify(before.pushSubscriptions) !== JSON.stringify(pushSubscriptions)
  }
  return changed(before, {
    locale,
    timeZone,
    quietFrom,
    quietUntil,
    choices,
    phone,
    pushSubscriptions,
    refused: before.refused.filter(channel => isNew[channel] !== true),
    changedBy: [...before.changedBy, commandId].slice(-maxChangedBy)
  })
}

/** The reader whose address on that channel is no good. */
export function refuseChannel (before: ReaderProfile, channel: NotificationChannel): ReaderProfile {
  return before.refused.includes(channel) ? before : changed(before, { refused: [...before.refused, channel] })
}

/** Where a reader is reached on a channel that leaves the house; none = nowhere. */
export function addressesOf ({ email, phone, pushSubscriptions }: ReaderProfile, channel: NotificationChannel): readonly Personal[] {
  if (channel === 'push') return pushSubscriptions
  const address = channel === 'email' ? email : channel === 'sms' ? phone : null
  return address === null ? [] : [address]
}

/**
 * The channels that something is told on: what the reader chose for its kind, else what was asked for, and the inbox of who has one. What concerns
 * the safety of an account is always told the way that was asked for.
 */
export function channelsFor ({ choices, hasAccount }: ReaderProfile, kind: NotificationKind, asked: NotificationChannel): readonly NotificationChannel[] {
  const chosen = choices.find(choice => choice.kind === kind)?.channels
  const channels = kind === 'account' ? [asked, ...chosen ?? []] : chosen ?? (hasAccount ? [asked, 'inApp' as const] : [asked])
  return [...new Set(channels)]
}

/** True for a well-formed language tag. */
export function isLocale (tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

function isSame (one: Personal | null, other: Personal | null): boolean {
  return one === other || (one !== null && other !== null && one.keyId === other.keyId && one.ciphertext.equals(other.ciphertext))
}

function changed (before: ReaderProfile, change: Partial<ReaderProfile>): ReaderProfile {
  return { ...before, ...change, version: before.version + 1 }
}
