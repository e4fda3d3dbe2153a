interface ApiErrorEntry { readonly status: number, readonly title: string, readonly retryAfterS?: number }

/**
 * Every problem that the API can answer with. `code` in the answer is the name in lower case, without the prefix and with dashes:
 * match on it, never on title or detail.
 */
export const apiErrors = {
  API_REQUEST_MALFORMED: { status: 400, title: 'The request cannot be read' },
  API_IDEMPOTENCY_KEY_MISSING: { status: 400, title: 'The Idempotency-Key header is required' },
  API_POSITION_INVALID: { status: 400, title: 'The position token is not one of this resource' },
  API_TOKEN_MISSING: { status: 401, title: 'An access token is required' },
  API_TOKEN_INVALID: { status: 401, title: 'The access token is not valid' },
  API_CREDENTIALS_INVALID: { status: 401, title: 'Nobody can be logged in with this' },
  API_REFRESH_INVALID: { status: 401, title: 'The refresh token is worth nothing (any more): log in again' },
  API_EMAIL_UNVERIFIED: { status: 403, title: 'The e-mail address is not proved yet' },
  API_ONE_TIME_TOKEN_INVALID: { status: 400, title: 'The token is worth nothing (any more): ask for another one' },
  API_OUTCOME_UNKNOWN: { status: 503, title: 'The request was taken, and is not carried out yet: it may be, later', retryAfterS: 1 },
  API_FORBIDDEN: { status: 403, title: 'The token does not allow this' },
  API_NOT_FOUND: { status: 404, title: 'There is no such resource' },
  API_VERSION_UNKNOWN: { status: 404, title: 'There is no such version of the API' },
  API_METHOD_NOT_ALLOWED: { status: 405, title: 'The resource does not know this method' },
  API_ORDER_NOT_VISIBLE: { status: 404, title: 'The order is accepted and not visible yet', retryAfterS: 1 },
  API_STOCK_NOT_VISIBLE: { status: 404, title: 'The change of the stock is accepted and not visible yet', retryAfterS: 1 },
  API_PRODUCT_NOT_VISIBLE: { status: 404, title: 'The change of the catalog is accepted and not visible yet', retryAfterS: 1 },
  API_REQUEST_RUNNING: { status: 409, title: 'A request with this Idempotency-Key is running', retryAfterS: 1 },
  API_CALLBACK_UNSIGNED: { status: 400, title: 'The callback carries no signature' },
  API_CALLBACK_FORGED: { status: 400, title: 'The signature of the callback is not valid' },
  API_CALLBACK_STALE: { status: 400, title: 'The callback was signed too long ago, or the clocks differ' },
  API_STATE_FORBIDS: { status: 409, title: 'The state of the resource does not allow this' },
  API_PERSON_ERASED: { status: 409, title: 'The person was erased, and nothing can be kept about him any more' },
  API_STOCK_SHORT: { status: 409, title: 'There are not that many pieces that nobody holds' },
  API_VERSION_MISMATCH: { status: 412, title: 'The resource has changed since it was read' },
  API_REQUEST_TIMEOUT: { status: 408, title: 'The request did not come in time' },
  API_BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  API_MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The media type of the body is not the one of this route' },
  API_REQUEST_INVALID: { status: 422, title: 'The request breaks a rule' },
  API_IDEMPOTENCY_CONFLICT: { status: 422, title: 'The Idempotency-Key was used with another body' },
  API_ORDER_REJECTED: { status: 422, title: 'The order was not accepted' },
  API_REFUND_REJECTED: { status: 422, title: 'The refund is not possible' },
  API_CHANGE_REJECTED: { status: 422, title: 'The change of the catalog was not accepted' },
  API_VERSION_REQUIRED: { status: 428, title: 'The If-Match header is required' },
  API_RATE_LIMITED: { status: 429, title: 'Too many requests' },
  API_HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  API_INTERNAL: { status: 500, title: 'Something went wrong' },
  API_TOO_SLOW: { status: 503, title: 'The answer took too long; what the request asked for may be done all the same', retryAfterS: 1 },
  API_OVERLOADED: { status: 503, title: 'The server is busy', retryAfterS: 1 },
  API_INTAKE_UNAVAILABLE: { status: 503, title: 'Requests cannot be accepted now; nothing was lost that was acknowledged', retryAfterS: 5 },
  API_CALLBACKS_OFF: { status: 503, title: 'No secret is configured to check these callbacks with', retryAfterS: 60 },
  API_STATE_UNAVAILABLE: { status: 503, title: 'The state is being restored', retryAfterS: 2 },
  API_KEYS_UNAVAILABLE: { status: 503, title: 'The keys of personal data cannot be had now', retryAfterS: 5 },
  API_CATALOG_BEHIND: { status: 503, title: 'The catalog has not come to the position that was asked for', retryAfterS: 1 },
  API_ANALYTICS_UNAVAILABLE: { status: 503, title: 'The event history cannot be read now', retryAfterS: 5 }
} as const satisfies Record<string, ApiErrorEntry>

export type ApiErrorCode = keyof typeof apiErrors

/** A rule that a value of the request broke; `field` is a JSON pointer into the body. */
export interface FieldError { readonly field: string, readonly message: string }

/** Extra members of a problem: the fields that are wrong, or members of the resource's own. */
export interface ProblemExtras { readonly errors?: readonly FieldError[], readonly [member: string]: unknown }

/** Thrown by a route or a plugin; answered as problem details. `detail` is shown to the client: no personal data, no secrets. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  readonly detail: string | undefined
  readonly extras: ProblemExtras

  constructor (code: ApiErrorCode, detail?: string, extras: ProblemExtras = {}, cause?: unknown) {
    super(apiErrors[code].title, cause === undefined ? undefined : { cause })
    this.code = code
    this.detail = detail
    this.extras = extras
  }
}

/** The code as clients see it: `API_ORDER_NOT_VISIBLE` → `order-not-visible`. */
export function problemCode (code: ApiErrorCode): string {
  return code.slice('API_'.length).toLowerCase().replaceAll('_', '-')
}

/** The URI that names a kind of problem (RFC 9457, `type`). */
export function problemType (code: ApiErrorCode): string {
  return `urn:commerce:problem:${problemCode(code)}`
}
