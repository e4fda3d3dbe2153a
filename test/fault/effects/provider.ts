import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingMessage, type RequestListener, type Server, type ServerResponse, createServer } from 'node:http'
import { type AddressInfo, type Server as NetServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { openGateway } from '../../../ops/stack/gateway/gateway.ts'
import { type FromProvider, type ToProvider } from './messages.ts'

/**
 * The providers of all effects in a process of their own, each with its ledger: a real mail server, which knows no repeats; text messages, which are
 * known by their idempotency key; an endpoint of webhooks; and the embedded payment gateway behind a door of ours.
 */
const ledger = new Map<string, number>()
let isHolding = false

function keep (about: string): void {
  ledger.set(about, (ledger.get(about) ?? 0) + 1)
}

/** Answers, but for the one that is held: from then on everything is answered again. */
function answerUnlessHeld (answer: () => void): void {
  if (!isHolding) return answer()
  isHolding = false
  tell({ kind: 'held' })
}

function tell (message: FromProvider): void {
  process.send?.(message)
}

async function listenOn (server: NetServer | SMTPServer): Promise<number> {
  const net = server instanceof SMTPServer ? server.server : server
  server.listen(0, '127.0.0.1')
  await once(net, 'listening')
  return (net.address() as AddressInfo).port
}

const mail = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  onData: (stream, _session, done) => {
    simpleParser(stream).then(({ messageId = '' }) => {
      keep(`email ${messageId.slice(1).split('@')[0]}`)
      answerUnlessHeld(() => { done() })
    }, done)
  }
})
// A client that is killed in the middle of a letter is what this is about.
mail.on('error', () => {})

/** A server that is asked with a body. */
function httpServer (respond: (request: IncomingMessage, body: string, response: ServerResponse) => void): Server {
  return createServer((request, response) => {
    text(request).then(body => { respond(request, body, response) }, () => {})
  })
}

const messages = new Map<string, string>()
const sms = httpServer(({ headers }, body, response) => {
  const key = String(headers['idempotency-key'])
  if (!messages.has(key)) {
    messages.set(key, `SM${messages.size}`)
    keep(`sms ${new URLSearchParams(body).get('Body')}`)
  }
  answerUnlessHeld(() => { response.writeHead(201).end(JSON.stringify({ sid: messages.get(key) })) })
})

const webhook = httpServer((_request, body, response) => {
  const { data } = JSON.parse(body) as { readonly data: { readonly orderId: string } }
  keep(`webhook ${data.orderId}`)
  answerUnlessHeld(() => { response.writeHead(204).end() })
})

const folder = mkdtempSync(join(tmpdir(), 'effects-gateway-'))
const gateway = await openGateway({ port: 0, journal: join(folder, 'journal'), onFailure: error => { throw error } })
/** What the gateway answers is on its disk: what is held here was carried out. */
const passOn: RequestListener = (request, response) => {
  text(request).then(async body => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': String(request.headers['idempotency-key']) }
    const answer = await fetch(gateway.url + request.url, { method: request.method ?? 'GET', headers, ...body === '' ? {} : { body } })
    const answered = await answer.text()
    const send = (): void => { response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answered) }
    if (request.method === 'POST') answerUnlessHeld(send)
    else send()
  }).catch(() => { response.destroy() })
}
const door = createServer(passOn)

function entries (): ReadonlyArray<readonly [string, number]> {
  const authorised = new Map<string, number>()
  for (const { orderId } of gateway.ledger.authorisations()) authorised.set(`payment ${orderId}`, (authorised.get(`payment ${orderId}`) ?? 0) + 1)
  return [...ledger, ...authorised]
}

process.on('message', (message: ToProvider) => {
  if (message === 'hold') isHolding = true
  else tell({ kind: 'ledger', entries: entries() })
})
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})
const [mailPort, smsPort, webhookPort, doorPort] = await Promise.all([listenOn(mail), listenOn(sms), listenOn(webhook), listenOn(door)])
const at = (port: number): string => `http://127.0.0.1:${port}`
tell({ kind: 'open', urls: { smtp: `smtp://127.0.0.1:${mailPort}`, sms: at(smsPort), webhook: at(webhookPort), gateway: at(doorPort) } })
