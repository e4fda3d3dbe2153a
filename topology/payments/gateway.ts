import { type GatewayStep, type PaymentMethod } from '#schemas'

/** Amounts are in 1/10,000 of the unit of `currency`. `key` is the idempotency key: the same key is carried out once, for ever. */
export interface AuthoriseRequest {
  readonly key: string
  readonly orderId: string
  readonly amount: bigint
  readonly currency: string
  readonly method: PaymentMethod
  readonly token: string
}

/** A step on an authorisation, named by the key it was made under: known even when its answer never came. */
export interface FollowUpRequest {
  readonly key: string
  readonly authorisationKey: string
  /** Id of the authorisation at the provider; empty = its answer never came. */
  readonly reference: string
  readonly amount: bigint
  readonly currency: string
}

/** Cancels an authorisation, which may have been carried out or not: `authorisation` is what was asked for then. */
export interface VoidRequest extends Pick<FollowUpRequest, 'key' | 'authorisationKey' | 'reference'> {
  readonly authorisation: AuthoriseRequest
}

/** What an earlier call was about. */
export type FindRequest = VoidRequest & { readonly step: GatewayStep }

/**
 * An authorisation as the gateway has it after a step. `authorised = captured + voided + open`; `captured = net + refunded`.
 * A void that found no authorisation leaves one of nothing, `reference` empty, which refuses the late request.
 */
export interface AuthorisationView {
  readonly reference: string
  readonly currency: string
  readonly authorised: bigint
  readonly captured: bigint
  readonly voided: bigint
  readonly refunded: bigint
}

/**
 * Every way a call can end; an adapter never throws.
 *
 * - done: carried out now or before; the view says where the authorisation stands.
 * - declined: the issuer says no. refused: the gateway says no (fenced, amounts, unknown authorisation). Both are final.
 * - unavailable: certainly not carried out; may be tried again with the same key.
 * - unknown: may or may not have been carried out; the same key must be asked for or repeated.
 */
export type GatewayAnswer =
  | { readonly kind: 'done', readonly view: AuthorisationView }
  | { readonly kind: 'declined', readonly code: string, readonly message: string }
  | { readonly kind: 'refused', readonly code: string, readonly message: string }
  | { readonly kind: 'unavailable', readonly code: string, readonly message: string }
  | { readonly kind: 'unknown', readonly message: string }

/** Code of a `refused` answer: the authorisation was voided before it came. */
export const fencedByVoid = 'voided-before'

/** What the payments processor needs of a payment provider. Implementations: http-gateway.ts, stripe/; guarded-gateway.ts wraps any. */
export interface PaymentGateway {
  authorise (request: AuthoriseRequest, signal: AbortSignal): Promise<GatewayAnswer>
  capture (request: FollowUpRequest, signal: AbortSignal): Promise<GatewayAnswer>
  /** Voids what is still open; does nothing to what is captured; fences the key when there is no authorisation. Always `done`. */
  void (request: VoidRequest, signal: AbortSignal): Promise<GatewayAnswer>
  refund (request: FollowUpRequest, signal: AbortSignal): Promise<GatewayAnswer>
  /** What became of the call with that key; null = nothing was carried out under it. */
  find (request: FindRequest, signal: AbortSignal): Promise<GatewayAnswer | null>
  close (): Promise<void>
}
