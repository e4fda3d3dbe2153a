import { once } from 'node:events'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { type Test } from 'tap'

interface Intent {
  readonly id: string
  status: string
  readonly amount: number
  received: number
  readonly currency: string
  readonly token: string
  readonly key: string
  held: boolean
  givenBack: number
}
interface Refund { readonly id: string, readonly intent: string, readonly amount: number, readonly key: string, status: string }
interface Answer { readonly status: number, readonly body: object }

/** What goes wrong with a request: its answer is lost after the work is done, or it is answered with that error. */
export type StripeFault = 'lost-answer' | Answer

/**
 * The part of Stripe's API that we use, with its rules: idempotency keys with their first answer, states of an intent, refunds up to what
 * was captured. Shapes and errors are those of the API version that the client library speaks.
 */
export class StripeDouble {
  readonly requests: string[] = []
  readonly intents = new Map<string, Intent>()
  readonly refunds = new Map<string, Refund>()
  url = ''
  /** Search finds what is older than a minute only. */
  searchFinds = false
  /** Statuses of the next refunds. */
  refundStatuses: string[] = []
  readonly #faults: Array<StripeFault | undefined> = []
  readonly #answers = new Map<string, { readonly request: string, readonly answer: Answer }>()

  static async start (t: Test): Promise<StripeDouble> {
    const double = new StripeDouble()
    const server = createServer((request, response) => { double.#serve(request, response).catch(() => response.destroy()) }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.teardown(() => { server.close(); server.closeAllConnections() })
    double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return double
  }

  /** What goes wrong with the next requests, one after the other; undefined = nothing. */
  plan (...faults: ReadonlyArray<StripeFault | undefined>): void {
    this.#faults.push(...faults)
  }

  /** A day later nobody knows the keys, and search finds everything. */
  forgetKeys (): void {
    this.#answers.clear()
    this.searchFinds = true
  }

  async #serve (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = new URL(request.url ?? '/', 'http://stripe')
    const params = request.method === 'GET' ? url.searchParams : new URLSearchParams(Buffer.concat(chunks).toString())
    this.requests.push(`${request.method ?? ''} ${url.pathname}`)
    const fault = this.#faults.shift()
    const answer = fault === undefined || fault === 'lost-answer'
      ? this.#once(request.headers['idempotency-key'], `${url.pathname}?${String(params)}`, () => this.#handle(request.method ?? '', url.pathname, params))
      : fault
    if (fault === 'lost-answer') { response.destroy(); return }
    response.writeHead(answer.status, { 'content-type': 'application/json', 'request-id': 'req_1' }).end(JSON.stringify(answer.body))
  }

  #once (key: string | string[] | undefined, request: string, handle: () => Answer): Answer {
    if (typeof key !== 'string') return handle()
    const before = this.#answers.get(key)
    if (before === undefined) {
      const answer = handle()
      this.#answers.set(key, { request, answer })
      return answer
    }
    return before.request === request ? before.answer : stripeError(400, 'idempotency_error', undefined, 'Keys for idempotent requests can only be used with the same parameters')
  }

  #handle (method: string, path: string, params: URLSearchParams): Answer {
    const [, , resource, id, verb] = path.split('/')
    if (resource === 'refunds') return method === 'GET' ? this.#listRefunds(params) : this.#refund(params)
    if (id === 'search') return list([...this.intents.values()].filter(intent => this.searchFinds && params.get('query')?.includes(`'${intent.key}'`)).map(body))
    if (id === undefined) return this.#create(params)
    const intent = this.intents.get(id)
    if (intent === undefined) return stripeError(404, 'invalid_request_error', 'resource_missing', `No such payment_intent: '${id}'`)
    if (method === 'GET') return { status: 200, body: body(intent) }
    if (verb === 'confirm') return confirm(intent)
    if (verb === 'capture') return move(intent, 'requires_capture', 'succeeded', () => { intent.received = Number(params.get('amount_to_capture')) })
    return intent.status === 'succeeded' ? unexpected(intent) : move(intent, intent.status === 'canceled' ? '' : intent.status, 'canceled', () => {})
  }

  #create (params: URLSearchParams): Answer {
    const token = params.get('payment_method') ?? ''
    if (token === 'pm_nobody') return stripeError(400, 'invalid_request_error', 'resource_missing', 'No such PaymentMethod', 'payment_method')
    const intent: Intent = {
      id: `pi_${this.intents.size + 1}`,
      status: 'requires_confirmation',
      amount: Number(params.get('amount')),
      received: 0,
      currency: params.get('currency') ?? '',
      token,
      key: params.get('metadata[commerce_key]') ?? '',
      held: false,
      givenBack: 0
    }
    this.intents.set(intent.id, intent)
    return { status: 200, body: body(intent) }
  }

  #refund (params: URLSearchParams): Answer {
    const intent = this.intents.get(params.get('payment_intent') ?? '')
    const amount = Number(params.get('amount'))
    if (intent === undefined || amount > intent.received - intent.givenBack) {
      return stripeError(400, 'invalid_request_error', 'charge_already_refunded', 'Refund amount is greater than unrefunded amount on charge')
    }
    const status = this.refundStatuses.shift() ?? 'succeeded'
    const refund: Refund = { id: `re_${this.refunds.size + 1}`, intent: intent.id, amount, key: params.get('metadata[commerce_key]') ?? '', status }
    if (status !== 'failed') intent.givenBack += amount
    this.refunds.set(refund.id, refund)
    return { status: 200, body: refundBody(refund) }
  }

  #listRefunds (params: URLSearchParams): Answer {
    return list([...this.refunds.values()].filter(refund => refund.intent === params.get('payment_intent')).map(refundBody))
  }
}

function confirm (intent: Intent): Answer {
  if (intent.status !== 'requires_confirmation') return unexpected(intent)
  if (intent.token === 'pm_card_chargeDeclined') {
    intent.status = 'requires_payment_method'
    return stripeError(402, 'card_error', 'card_declined', 'Your card was declined.', undefined, 'generic_decline')
  }
  return move(intent, 'requires_confirmation', 'requires_capture', () => { intent.held = true })
}

function move (intent: Intent, from: string, to: string, change: () => void): Answer {
  if (intent.status !== from) return unexpected(intent)
  intent.status = to
  change()
  return { status: 200, body: body(intent) }
}

function unexpected (intent: Intent): Answer {
  return stripeError(400, 'invalid_request_error', 'payment_intent_unexpected_state', `This PaymentIntent could not be changed because it has a status of ${intent.status}.`)
}

/** An error as Stripe answers it. */
export function stripeError (status: number, type: string, code: string | undefined, message: string, param?: string, declineCode?: string): Answer {
  return { status, body: { error: { type, code, message, param, decline_code: declineCode } } }
}

function body ({ id, status, amount, received, currency, key, held, givenBack }: Intent): object {
  const charge = held ? { id: `ch_${id}`, object: 'charge', status: 'succeeded', amount_refunded: status === 'canceled' ? amount : givenBack } : null
  const error = { code: 'card_declined', decline_code: 'generic_decline', message: 'Your card was declined.' }
  return {
    id,
    object: 'payment_intent',
    status,
    amount,
    amount_received: received,
    currency,
    metadata: { commerce_key: key },
    latest_charge: charge,
    last_payment_error: status === 'requires_payment_method' ? error : null
  }
}

function refundBody ({ id, intent, amount, key, status }: Refund): object {
  return { id, object: 'refund', payment_intent: intent, amount, currency: 'gbp', status, metadata: { commerce_key: key } }
}

function list (data: readonly object[]): Answer {
  return { status: 200, body: { object: 'list', data, has_more: false } }
}
