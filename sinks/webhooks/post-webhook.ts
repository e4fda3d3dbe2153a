import { Agent } from 'undici'
import { type WebhookCall } from '#schemas'
import { AddressRefused, type Resolve, createCheckedConnector } from './checked-connector.ts'
import { checkEndpoint } from './endpoint-policy.ts'
import { signatureHeaders, webhookSecret } from './secrets.ts'

/** Longest excerpt that is kept of an answer, characters. */
export const excerptLength = 512

/**
 * How a try ended. With a status: `delivered` 2xx, `gone` 410, `redirected` 3xx, `refused` any other. Without: `url-refused` and `address-refused` by the
 * rules of where may be posted to, `unresolved` the name has no address, `unreachable` no connection or a broken one, `timeout` no answer in time.
 */
export type PostCode = 'delivered' | 'gone' | 'redirected' | 'refused' | 'url-refused' | 'address-refused' | 'unresolved' | 'unreachable' | 'timeout'

/** What came of a try. `excerpt`: the beginning of the answer, at most `excerptLength` characters. */
export interface PostAnswer {
  readonly code: PostCode
  readonly status: number | null
  readonly tookMs: number
  readonly excerpt: string
}

export interface WebhookSenderOptions {
  /** What secrets are derived from: `webhookKeyBytes` bytes. */
  readonly masterKey: Buffer
  /** True: endpoints on this machine, too, over http as well. For development only. @default false */
  readonly allowLoopback?: boolean
  /** Longest wait for the head of an answer, the connection included, ms. @default 10000 */
  readonly timeoutMs?: number
  /** Longest wait for the body of an answer, of which a few hundred bytes are kept, ms. @default 1000 */
  readonly bodyTimeoutMs?: number
  /** Epoch ms, for the time in signatures. @default Date.now */
  readonly now?: () => number
  /** @default the resolver of the system */
  readonly resolve?: Resolve
}

/** Bytes of an answer that are read at most. */
const maxAnswerBytes = 4 * excerptLength

/**
 * Posts messages over HTTPS to where its rules let it, each once: it follows no redirect and repeats nothing. The signature is made here, at each try,
 * so that its time is the time of the try. Connections are kept for a few seconds; a connection leads where it led when it was checked.
 */
export function createWebhookSender (options: WebhookSenderOptions): {
  /** Signs and posts one message, once. Never rejects: everything that can go wrong is an answer. Ends when the signal aborts. */
  send (call: WebhookCall, signal: AbortSignal): Promise<PostAnswer>
  close (): Promise<void>
} {
  const { masterKey, allowLoopback = false, timeoutMs = 10_000, bodyTimeoutMs = 1000, now = Date.now, resolve } = options
  const rules = { allowLoopback }
  const agent = new Agent({
    connect: createCheckedConnector(rules, { connectTimeoutMs: timeoutMs, ...resolve === undefined ? {} : { resolve } }),
    pipelining: 1,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: 4000,
    keepAliveMaxTimeout: 10_000
  })

  async function post ({ webhookId, messageId, body, secrets }: WebhookCall, url: URL, signal: AbortSignal): Promise<Omit<PostAnswer, 'tookMs'>> {
    const atMs = now()
    const live = secrets.filter(({ until }) => until === null || until > atMs).map(({ secretId }) => webhookSecret(masterKey, webhookId, secretId))
    const { statusCode: status, body: answer } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'commerce-streams-webhooks', ...signatureHeaders({ messageId, body, atMs }, live) },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    })
    return { code: codeOf(status), status, excerpt: await excerptOf(answer, bodyTimeoutMs) }
  }

  return {
    send: async (call, signal) => {
      const startedMs = performance.now()
      const took = (): number => Math.round(performance.now() - startedMs)
      const verdict = checkEndpoint(call.url, rules)
      if ('refused' in verdict) return { code: 'url-refused', status: null, tookMs: took(), excerpt: `the URL ${verdict.refused}` }
      try {
        return { ...await post(call, verdict.url, signal), tookMs: took() }
      } catch (error) {
        return { code: failureOf(error), status: null, tookMs: took(), excerpt: error instanceof AddressRefused ? error.message : '' }
      }
    },
    close: async () => { await agent.destroy() }
  }
}

function codeOf (status: number): PostCode {
  if (status >= 200 && status < 300) return 'delivered'
  if (status === 410) return 'gone'
  return status >= 300 && status < 400 ? 'redirected' : 'refused'
}

const unresolved: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_FAIL', 'ENODATA'])
const late: ReadonlySet<unknown> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT'])

function failureOf (error: unknown): PostCode {
  if (error instanceof AddressRefused) return 'address-refused'
  const { name, code } = error as { readonly name?: unknown, readonly code?: unknown }
  if (unresolved.has(code)) return 'unresolved'
  return name === 'TimeoutError' || name === 'AbortError' || late.has(code) ? 'timeout' : 'unreachable'
}

type AnswerBody = Awaited<ReturnType<Agent['request']>>['body']

/** The beginning of an answer, as far as it comes in time. The status is the answer: what is wrong with its body changes nothing. */
async function excerptOf (body: AnswerBody, timeoutMs: number): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Destroying it ends the reading below; without a listener its error would end the process.
  body.on('error', () => {})
  const timer = setTimeout(() => { body.destroy() }, timeoutMs)
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= maxAnswerBytes) break
    }
  } catch {
    // Cut short: what came is kept.
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
  return printable(Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString())
}

/** Text without control characters, so that a log that shows it shows one line. */
function printable (text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim().slice(0, excerptLength)
}
