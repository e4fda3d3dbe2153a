import { goodOrder } from '../client/client.ts'
import { patientFetch } from '../client/patient-fetch.ts'

/** An answer of the API, read whole. */
export interface Answer {
  readonly status: number
  readonly type: string
  readonly headers: Headers
  /** Parsed JSON; undefined where there is none. */
  readonly body: unknown
}

export interface CallOptions {
  readonly token?: string
  readonly method?: string
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One request to the API, whatever is wrong with it, made again when it is told to come again; well-formed ones go through the typed client. */
export async function call (url: string, { token, method = 'GET', body, headers = {} }: CallOptions = {}): Promise<Answer> {
  const response = await patientFetch(new Request(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  }))
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type') ?? '', headers: response.headers, body: text === '' ? undefined : JSON.parse(text) as unknown }
}

/** A good order of one line, and what is wrong with it. */
export function orderBody (sku: string, changes: object = {}): object {
  return { ...goodOrder(sku), ...changes }
}
