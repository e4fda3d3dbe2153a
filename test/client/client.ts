import createClient, { type Client } from 'openapi-fetch'
import { patientFetch } from './patient-fetch.ts'
import { type operations, type paths } from './generated/openapi.ts'

/** The API as its OpenAPI document describes it: paths, parameters, bodies and answers are checked by the compiler. */
export type ApiClient = Client<paths>

/** An order as a client writes it. */
export type PlaceOrder = operations['placeOrder']['requestBody']['content']['application/json']

/** A client of the API at that base URL, which comes again when it is told to; without a token it is nobody. */
export function createApiClient (url: string, token?: string): ApiClient {
  return createClient<paths>({ baseUrl: url, fetch: patientFetch, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
}

/** An answer, whether it is what was asked for or a problem. */
export interface TypedAnswer<Data, Problem> {
  readonly status: number
  readonly headers: Headers
  readonly body: Data | Problem | undefined
  /** What was asked for. @throws {Error} with the problem, when that is the answer. */
  readonly data: Data
}

/** Reads what a call of the client gave, successes and problems alike. */
export async function answerOf<Data, Problem> (
  call: Promise<{ readonly data?: Data, readonly error?: Problem, readonly response: Response }>
): Promise<TypedAnswer<Data, Problem>> {
  const { data, error, response } = await call
  return {
    status: response.status,
    headers: response.headers,
    body: data ?? error,
    get data (): Data {
      if (data === undefined) throw new Error(`${response.url} answered ${response.status}: ${JSON.stringify(error)}`)
      return data
    }
  }
}

/** Header that makes a command one of its own. */
export function newKey (): { readonly 'idempotency-key': string } {
  return { 'idempotency-key': crypto.randomUUID() }
}

/** A good order of one line, with changes. */
export function goodOrder (sku: string, changes: Partial<PlaceOrder> = {}): PlaceOrder {
  return {
    currency: 'GBP',
    lines: [{ sku, quantity: 1 }],
    shippingAddress: { name: 'Ada Lovelace', line1: '12 St James Square', city: 'London', country: 'GB' },
    payment: { method: 'card', token: 'tok_ok' },
    onShortage: 'reject',
    onDecline: 'cancel',
    ...changes
  }
}
