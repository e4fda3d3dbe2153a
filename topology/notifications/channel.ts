import { type ChannelLetter, type DeliveryPolicy, type NotificationChannel } from '#schemas'

/** Channels that leave the house. The inbox does not: it is a row of the reader, written with everything else. */
export type OutsideChannel = Exclude<NotificationChannel, 'inApp'>

export const outsideChannels: readonly OutsideChannel[] = ['email', 'sms', 'push']

/**
 * Every way a call can end; a channel never throws.
 *
 * - sent: the provider has taken it, now or before.
 * - refused: it never will. `isAddressGone`: nothing will arrive at this address any more.
 * - unavailable: certainly not sent; may be tried again.
 * - unknown: may or may not have been sent.
 * - erased: the key of the reader was destroyed; there is nobody to tell.
 */
export type ChannelAnswer =
  | { readonly kind: 'sent', readonly providerId: string | null }
  | { readonly kind: 'refused', readonly code: string, readonly message: string, readonly isAddressGone?: boolean }
  | { readonly kind: 'unavailable', readonly code: string, readonly message: string }
  | { readonly kind: 'unknown', readonly message: string }
  | { readonly kind: 'erased' }

/** What the notifications processor needs of a channel. Implementations: sinks/notifications. */
export interface ChannelPort {
  /** What a delivery is worth when an answer is lost; written into every NotificationSent and NotificationFailed. */
  readonly policy: DeliveryPolicy
  /** How long the provider knows a repeat by the delivery id, ms; 0 = it never does. */
  readonly keyLifeMs: number
  /** Longest that a call may take, ms; nobody repeats it before. @default 30000 */
  readonly timeoutMs?: number
  /** Calls in flight per task. @default 32 */
  readonly concurrency?: number
  send (letter: ChannelLetter, signal: AbortSignal): Promise<ChannelAnswer>
}

/** The channels that are there; a delivery on another one is cancelled. */
export type Channels = Readonly<Partial<Record<OutsideChannel, ChannelPort>>>
