import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { type CallbackSender } from './callbacks.ts'
import { type GatewayJournal } from './journal.ts'
import { type Authorisation, type GatewayCommand, type GatewayLedger } from './ledger.ts'
import { BadRequest, type Target, answerOf, authoriseCommand, errorBody, moneyCommand, parseBody, targetOf, viewBody } from './requests.ts'

export interface GatewayServerOptions {
  readonly ledger: GatewayLedger
  readonly journal: GatewayJournal
  /** How late a slow token is answered, ms. @default 800 */
  readonly slowMs?: number
  /** Tells by itself what was carried out; absent = it does not. */
  readonly callbacks?: CallbackSender
  /** Epoch ms; for the journal only. */
  readonly now: () => number
}

const maxBodyBytes = 16_384

/**
 * The embedded payment gateway over HTTP. Nothing is answered before it is on disk, reads included: what a client has seen survives
 * a kill. The contract is in README.md.
 */
export function createGatewayServer (options: GatewayServerOptions): Server {
  const { ledger, journal, callbacks, slowMs = 800, now } = options
  const server = createServer((request, response) => {
    respond(request, response).catch((error: Error) => {
      if (error instanceof BadRequest || error instanceof URIError) send(response, 400, errorBody('bad-request', error.message))
      else send(response, 500, errorBody('journal-failed', 'the gateway cannot write its journal'))
    })
  })
  server.keepAliveTimeout = 60_000

  async function respond (request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '/'
    const query = url.indexOf('?')
    const path = (query < 0 ? url : url.slice(0, query)).split('/').slice(1).map(part => decodeURIComponent(part))
    const search = new URLSearchParams(query < 0 ? '' : url.slice(query + 1))
    if (request.method === 'GET') {
      const { status, body } = read(path, search)
      await journal.settled()
      return send(response, status, body)
    }
    if (request.method !== 'POST') return send(response, 405, errorBody('method-not-allowed'))
    const text = await bodyOf(request)
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string' || key === '' || key.length > 200) throw new BadRequest('the Idempotency-Key header is missing')
    const command = commandOf(path, key, parseBody(text))
    if (command === undefined) return send(response, 404, errorBody('unknown-route'))
    await carryOut(command, response)
  }

  async function carryOut (command: GatewayCommand, response: ServerResponse): Promise<void> {
    const submission = ledger.submit(command, now())
    const { result, entry, delivery } = submission
    await (entry === undefined ? journal.settled() : journal.append(entry))
    callbacks?.tell(submission)
    if (delivery === 'never') return
    const { status, body } = answerOf(result)
    if (delivery === 'now') return send(response, status, body)
    setTimeout(() => send(response, status, body), slowMs).unref()
  }

  function commandOf (path: readonly string[], key: string, body: ReturnType<typeof parseBody>): GatewayCommand | undefined {
    if (path[0] !== 'v1') return undefined
    if (path[1] === 'refunds' && path.length === 2) return moneyCommand('refund', key, keyOf(targetOf(body)), body)
    if (path[1] !== 'authorisations') return undefined
    if (path.length === 2) return authoriseCommand(key, body)
    const [target, step] = path[2] === 'by-key' ? [{ key: path[3] ?? '' }, path[4]] : [{ reference: path[2] ?? '' }, path[3]]
    const authorisationKey = keyOf(target)
    if (step === 'capture') return moneyCommand('capture', key, authorisationKey, body)
    return step === 'void' ? { step: 'void', key, authorisationKey } : undefined
  }

  function keyOf (target: Target): string {
    return target.key ?? ledger.keyOf(target.reference ?? '') ?? `reference:${target.reference ?? ''}`
  }

  function read (path: readonly string[], search: URLSearchParams): { readonly status: number, readonly body: string } {
    const [version, resource, id] = path
    if (version === 'health') return { status: 200, body: JSON.stringify({ status: 'ok', authorisations: ledger.size }) }
    if (version !== 'v1') return { status: 404, body: errorBody('unknown-route') }
    if (resource === 'ledger') return { status: 200, body: ledgerBody(ledger, search.get('orderId')) }
    if (resource === 'operations') {
      const result = ledger.find(search.get('key') ?? '')
      return result === undefined ? { status: 404, body: errorBody('unknown-operation') } : answerOf(result)
    }
    const view = resource === 'authorisations' ? ledger.authorisation(id === undefined ? search.get('key') ?? '' : keyOf({ reference: id })) : undefined
    return view === undefined ? { status: 404, body: errorBody('unknown-authorisation') } : { status: 200, body: viewBody(view) }
  }

  return server
}

/** Totals by currency and every authorisation, of one order or all: what an audit compares with the platform's own books. */
function ledgerBody (ledger: GatewayLedger, orderId: string | null): string {
  const entries = [...ledger.authorisations()].filter(view => !view.fence && (orderId === null || view.orderId === orderId))
  const totals: Record<string, Record<string, string>> = {}
  for (const [currency, views] of Map.groupBy(entries, view => view.currency)) {
    const total = (name: 'authorised' | 'captured' | 'voided' | 'refunded'): string => views.reduce((sum, view) => sum + view[name], 0n).toString()
    totals[currency] = { authorised: total('authorised'), captured: total('captured'), voided: total('voided'), refunded: total('refunded') }
  }
  return `{"totals":${JSON.stringify(totals)},"entries":[${entries.map((view: Authorisation) => viewBody(view)).join(',')}]}`
}

/** Collects a body by events: an async iterator costs more than the rest of a request. */
function bodyOf (request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      text += chunk
      if (text.length <= maxBodyBytes) return
      request.removeAllListeners('data').resume()
      reject(new BadRequest(`the body is larger than ${maxBodyBytes} bytes`))
    })
    request.on('end', () => resolve(text))
    request.on('error', reject)
  })
}

function send (response: ServerResponse, status: number, body: string): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}
