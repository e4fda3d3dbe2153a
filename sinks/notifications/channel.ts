/** A message for one reader, rendered. Addresses and text are personal: never logged, never in an answer. */
export interface Message {
  /** The same for every try: the key by which a provider knows a repeat. */
  readonly deliveryId: string
  readonly notificationId: string
  /** What the channel reaches the reader by: an address, a phone number, subscriptions of browsers as JSON. */
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  /** One line, for channels that have no room. */
  readonly short: string
}

/**
 * Every way a call can end; a channel never throws.
 *
 * - sent: the provider has taken it, now or before.
 * - refused: it never will. `isAddressGone`: nothing will arrive at this address any more.
 * - unavailable: certainly not sent; may be tried again.
 * - unknown: may or may not have been sent.
 */
export type SendAnswer =
  | { readonly kind: 'sent', readonly providerId: string | null }
  | { readonly kind: 'refused', readonly code: string, readonly message: string, readonly isAddressGone?: boolean }
  | { readonly kind: 'unavailable', readonly code: string, readonly message: string }
  | { readonly kind: 'unknown', readonly message: string }

/** What a delivery is worth when an answer is lost: `once` = the provider knows a repeat by its key. */
export type Policy = 'once' | 'atLeastOnce' | 'atMostOnce'

/** A way to a reader. Implementations: mailbox, email, sms, push; guarded-channel.ts wraps any. */
export interface Channel {
  /** Member of the decrypted address that the channel needs. */
  readonly addressField: 'email' | 'phone' | 'subscription'
  readonly policy: Policy
  /** How long the provider knows a repeat by the delivery id, ms; 0 = it never does. */
  readonly keyLifeMs: number
  send (message: Message, signal: AbortSignal): Promise<SendAnswer>
  close (): Promise<void>
}
