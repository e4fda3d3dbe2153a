import { Readable } from 'node:stream'
import { createTransport } from 'nodemailer'
import { type Channel, type Message, type SendAnswer } from './channel.ts'
import { type WrittenLetter, createLetterWriter } from './letter-bytes.ts'

export interface EmailOptions {
  /** `smtp://` or `smtps://`, with user and password where the server asks for them. */
  readonly url: string
  /** Sender, as it stands in the letter: `Shop <shop@example.com>`. */
  readonly from: string
  /** What to do when the answer to a letter is lost. SMTP knows no repeats: it may be twice, or not at all. */
  readonly policy: 'atLeastOnce' | 'atMostOnce'
  /** Connections that are kept open. @default 16 */
  readonly connections?: number
  /** Refuses a server without TLS. @default true, but for smtps and loopback addresses */
  readonly mustUseTls?: boolean
}

/** Longest wait for a connection and for each answer, ms: shorter than the guard's, so that what never left the house is known. */
const connectMs = 5_000
const silenceMs = 12_000

/** Enhanced status codes of an address that does not exist, or not any more. @source RFC 3463, RFC 5321 */
const goneCode = /\b5\.1\.(?:1|2|3|6|10)\b/

/**
 * E-mail over SMTP. The Message-ID is derived from the notification: a letter that comes twice can be known by it. Letters are never repeated in here.
 */
export function createEmail ({ url, from, policy, connections = 16, mustUseTls }: EmailOptions): Channel {
  const { protocol, hostname, port, username, password } = new URL(url)
  const secure = protocol === 'smtps:'
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)
  const transport = createTransport({
    pool: true,
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    requireTLS: mustUseTls ?? (!secure && !isLoopback),
    ignoreTLS: isLoopback && mustUseTls !== true,
    ...username === '' ? {} : { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } },
    maxConnections: connections,
    maxMessages: Infinity,
    // Without this the pool sends a letter again whose connection was closed: behind the back of whoever counts.
    maxRequeues: 0,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true
  })
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? hostname
  const write = createLetterWriter(from)

  /** Gives the bytes to the library's pool as they are: composing them out of what they were made of costs as much again. */
  async function post ({ envelope, raw }: WrittenLetter, messageId: string): Promise<void> {
    const message = { getEnvelope: () => envelope, messageId: () => messageId, getHeader: () => messageId, createReadStream: () => bytesOf(raw) }
    await new Promise<void>((resolve, reject) => {
      transport.transporter.send({ data: {}, message } as never, error => {
        if (error === null) resolve()
        else reject(error)
      })
    })
  }

  return {
    addressField: 'email',
    policy,
    keyLifeMs: 0,
    send: async (message: Message) => {
      const { notificationId, to, subject, text, html } = message
      const messageId = `<${notificationId}@${domain}>`
      try {
        const letter = write(message, messageId)
        if (letter !== undefined) await post(letter, messageId)
        else await transport.sendMail({ from, to: { name: '', address: to[0] ?? '' }, subject, text, html, messageId, headers: { 'Auto-Submitted': 'auto-generated' } })
        return { kind: 'sent', providerId: messageId }
      } catch (error) {
        return answerOf(error as SmtpError)
      }
    },
    close: async () => { transport.close() }
  }
}

function bytesOf (raw: Buffer): Readable {
  return new Readable({
    read () {
      this.push(raw)
      this.push(null)
    }
  })
}

interface SmtpError extends Error {
  readonly code?: string
  readonly responseCode?: number
  readonly response?: string
  readonly syscall?: string
  readonly timeoutType?: string
}

/**
 * What ends before a connection stands, or with a reply that says no, was certainly not sent; a connection that is lost says nothing. Replies may name
 * the reader: they are not passed on.
 */
function answerOf ({ code = 'unknown', responseCode, response = '', syscall, timeoutType }: SmtpError): SendAnswer {
  if (responseCode !== undefined && responseCode >= 500 && code !== 'EAUTH') {
    const isAddressGone = goneCode.test(response) || (code === 'EENVELOPE' && responseCode === 550 && !/\b5\.\d+\.\d+\b/.test(response))
    return { kind: 'refused', code: `smtp-${responseCode}`, message: `the mail server refused the letter (${responseCode})`, isAddressGone }
  }
  if (responseCode !== undefined && responseCode >= 400) return { kind: 'unavailable', code: `smtp-${responseCode}`, message: `the mail server will not now (${responseCode})` }
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { kind: 'refused', code: 'address-invalid', message: 'the address is none', isAddressGone: code === 'EENVELOPE' }
  const isUnsent = syscall === 'connect' || syscall === 'getaddrinfo' || ['EDNS', 'ETLS', 'EAUTH', 'ENOAUTH', 'EREQUIRETLS'].includes(code) ||
    timeoutType === 'CONNECT_TIMEOUT' || timeoutType === 'GREETING_TIMEOUT'
  if (isUnsent) return { kind: 'unavailable', code: 'unreachable', message: `the mail server cannot be reached (${code})` }
  return { kind: 'unknown', message: `the connection to the mail server was lost (${code})` }
}
