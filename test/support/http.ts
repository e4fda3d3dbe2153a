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

/** One request to the API, as a client sends it. */
export async function call (url: string, { token, method = 'GET', body, headers = {} }: CallOptions = {}): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) })
  })
  const text = await response.text()
  return { status: response.status, type: response.headers.get('content-type') ?? '', headers: response.headers, body: text === '' ? undefined : JSON.parse(text) as unknown }
}

/** A good order of one line, as a client of the API writes it. */
export function orderBody (sku: string, changes: object = {}): object {
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
