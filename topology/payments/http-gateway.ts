import { Pool, errors } from 'undici'
import {
  type AuthorisationView, type AuthoriseRequest, type FollowUpRequest, type GatewayAnswer, type PaymentGateway, type VoidRequest
} from './gateway.ts'

export interface HttpGatewayOptions {
  /** Origin of the gateway, e.g. `http://127.0.0.1:18090`. */
  readonly url: string
  /** Kept-alive connections; each carries one request at a time. As many as the guard lets through. @default 64 */
  readonly connections?: number
  /** Longest wait for a connection, ms: a gateway that is down is known at once. @default 2000 */
  readonly connectTimeoutMs?: number
}

/** The gateway over HTTP: the API of ops/stack/gateway/README.md. Answers as the port says; never throws, never retries. */
export function createHttpGateway (options: HttpGatewayOptions): PaymentGateway {
  const pool = new Pool(options.url, { connections: options.connections ?? 64, pipelining: 1, connect: { timeout: options.connectTimeoutMs ?? 2_000 } })

  async function send (method: 'GET' | 'POST', path: string, key: string, body: string | null, signal: AbortSignal): Promise<Reply> {
    try {
      const headers = { 'content-type': 'application/json', 'idempotency-key': key }
      const response = await pool.request({ method, path, headers, body, signal })
      return { status: response.statusCode, text: await response.body.text() }
    } catch (error) {
      return unanswered(error as Error)
    }
  }

  async function post (path: string, key: string, body: object, signal: AbortSignal): Promise<GatewayAnswer> {
    const reply = await send('POST', path, key, JSON.stringify(body), signal)
    return 'kind' in reply ? reply : answerOf(reply.status, reply.text)
  }

  return {
    authorise ({ key, orderId, amount, currency, method, token }: AuthoriseRequest, signal) {
      return post('/v1/authorisations', key, { orderId, amount: amount.toString(), currency, method, token }, signal)
    },
    capture ({ key, authorisationKey, amount, currency }: FollowUpRequest, signal) {
      return post(`${byKey(authorisationKey)}/capture`, key, { amount: amount.toString(), currency }, signal)
    },
    void ({ key, authorisationKey }: VoidRequest, signal) {
      return post(`${byKey(authorisationKey)}/void`, key, {}, signal)
    },
    refund ({ key, authorisationKey, amount, currency }: FollowUpRequest, signal) {
      return post('/v1/refunds', key, { authorisationKey, amount: amount.toString(), currency }, signal)
    },
    async find ({ key }, signal) {
      const reply = await send('GET', `/v1/operations?key=${encodeURIComponent(key)}`, key, null, signal)
      if ('kind' in reply) return reply
      return reply.status === 404 ? null : answerOf(reply.status, reply.text)
    },
    close: () => pool.destroy()
  }
}

type Reply = { readonly status: number, readonly text: string } | Extract<GatewayAnswer, { kind: 'unavailable' | 'unknown' }>

function byKey (authorisationKey: string): string {
  return `/v1/authorisations/by-key/${encodeURIComponent(authorisationKey)}`
}

/** A request that never reached the gateway was certainly not carried out; any other failure says nothing. */
function unanswered (error: Error): Reply {
  const code = 'code' in error ? String(error.code) : error.name
  const unsent = error instanceof errors.ConnectTimeoutError || code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EHOSTUNREACH'
  return unsent ? { kind: 'unavailable', code: 'unreachable', message: `the gateway cannot be reached (${code})` } : { kind: 'unknown', message: `no answer (${code})` }
}

/** The answer to a status and body. What cannot be read was sent by someone: its outcome is unknown. */
function answerOf (status: number, text: string): GatewayAnswer {
  const body = parse(text)
  if (status === 200) {
    const view = viewOf(body)
    return view === undefined ? { kind: 'unknown', message: 'the answer cannot be read' } : { kind: 'done', view }
  }
  const { code = `http-${status}`, message = `the gateway answered ${status}` } = errorOf(body)
  if (status === 402) return { kind: 'declined', code, message }
  if (status === 429 || status === 503) return { kind: 'unavailable', code, message }
  return status >= 500 ? { kind: 'unknown', message } : { kind: 'refused', code, message }
}

type Json = Readonly<Record<string, unknown>>

function parse (text: string): Json {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? body as Json : {}
  } catch {
    return {}
  }
}

function errorOf (body: Json): { readonly code?: string, readonly message?: string } {
  const { error } = body
  return typeof error === 'object' && error !== null ? error : {}
}

function viewOf (body: Json): AuthorisationView | undefined {
  const { reference, currency, authorised, captured, voided, refunded } = body
  if (typeof reference !== 'string' || typeof currency !== 'string') return undefined
  if (![authorised, captured, voided, refunded].every(isAmount)) return undefined
  const amount = (value: unknown): bigint => BigInt(value as string)
  return { reference, currency, authorised: amount(authorised), captured: amount(captured), voided: amount(voided), refunded: amount(refunded) }
}

function isAmount (value: unknown): boolean {
  return typeof value === 'string' && /^\d{1,18}$/.test(value)
}
