import { type Authorisation, type GatewayCommand, type GatewayResult } from './ledger.ts'

/** A readable request that breaks the contract: answered with 400 and the field. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

/** Path of a step on an authorisation: by reference, or by the idempotency key it was made under. */
export interface Target { readonly reference?: string, readonly key?: string }

type Json = Readonly<Record<string, unknown>>

const maxAmount = 999_999_999_999_999_999n

/** Reads the body of a POST. @throws {BadRequest} */
export function parseBody (text: string): Json {
  try {
    const body: unknown = JSON.parse(text === '' ? '{}' : text)
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Json
  } catch {
    // answered below, as for any other body that is not an object
  }
  throw new BadRequest('the body is not a JSON object')
}

/** @throws {BadRequest} naming the field. */
export function authoriseCommand (key: string, body: Json): GatewayCommand {
  const [orderId, currency, method, token] = ['orderId', 'currency', 'method', 'token'].map(name => text(body, name)) as [string, string, string, string]
  return { step: 'authorise', key, orderId, amount: amount(body), currency, method, token }
}

/** @throws {BadRequest} naming the field. */
export function moneyCommand (step: 'capture' | 'refund', key: string, authorisationKey: string, body: Json): GatewayCommand {
  return { step, key, authorisationKey, amount: amount(body), currency: text(body, 'currency') }
}

/** The authorisation that the body of a refund names. */
export function targetOf (body: Json): Target {
  if (typeof body['authorisation'] === 'string') return { reference: body['authorisation'] }
  return { key: text(body, 'authorisationKey') }
}

function text (body: Json, name: string): string {
  const value = body[name]
  if (typeof value === 'string' && value !== '' && value.length <= 200) return value
  throw new BadRequest(`${name} is not a text of 1 to 200 characters`)
}

function amount (body: Json): bigint {
  const value = body['amount']
  if (typeof value === 'string' && /^\d{1,18}$/.test(value)) return BigInt(value)
  throw new BadRequest(`amount is not a whole number of 1/10,000 units as text, at most ${maxAmount}`)
}

/** HTTP status and body of a result. */
export function answerOf (result: GatewayResult): { readonly status: number, readonly body: string } {
  if (result.kind === 'done') return { status: 200, body: viewBody(result.view) }
  if (result.kind === 'declined') return { status: 402, body: errorBody(result.code) }
  if (result.kind === 'failed') return { status: 500, body: errorBody(result.code) }
  return { status: refusedStatus[result.code] ?? 409, body: errorBody(result.code) }
}

const refusedStatus: Readonly<Record<string, number>> = { 'idempotency-key-reused': 422, 'unknown-authorisation': 404 }

const messages: Readonly<Record<string, string>> = {
  'card-declined': 'the issuer declined the payment',
  'internal-error': 'the gateway failed and did nothing',
  'idempotency-key-reused': 'the idempotency key was used with other content',
  'unknown-authorisation': 'there is no such authorisation',
  'voided-before': 'the authorisation was voided before it came',
  'currency-differs': 'the authorisation is in another currency',
  'already-captured': 'the authorisation is captured',
  'capture-exceeds-open': 'the amount is more than what is open',
  'refund-exceeds-captured': 'the amount is more than what is captured and not refunded'
}

/** Body of an error: a code to match on and words for people. */
export function errorBody (code: string, message = messages[code] ?? code): string {
  return JSON.stringify({ error: { code, message } })
}

/** An authorisation as JSON; amounts as text. */
export function viewBody (view: Authorisation): string {
  const { reference, key, orderId, currency } = view
  const names = JSON.stringify({ reference, key, orderId, currency }).slice(0, -1)
  return `${names},"authorised":"${view.authorised}","captured":"${view.captured}","voided":"${view.voided}","refunded":"${view.refunded}"}`
}
