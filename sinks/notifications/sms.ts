import { Pool } from 'undici'
import { type Channel, type Message, type SendAnswer } from './channel.ts'
import { troubleOf, unanswered } from './http-answer.ts'

export interface SmsOptions {
  /** Origin of a provider that speaks Twilio's API. */
  readonly url: string
  readonly accountId: string
  readonly token: string
  /** Number or name of the sender. */
  readonly from: string
  /** Where receipts are to be sent. @default nowhere */
  readonly statusUrl?: string
  /** @default 16 */
  readonly connections?: number
}

/** How long the provider knows a repeat by its key, ms. */
const keyLifeMs = 86_400_000

/** Codes of numbers that take nothing (any more). @source Twilio error dictionary: invalid, not mobile, not reachable by SMS, opted out */
const goneCodes: ReadonlySet<unknown> = new Set([21211, 21214, 21614, 21610])

/** Text messages over an API of the shape of Twilio's. The delivery id is the idempotency key: a repeat is the same message. */
export function createSms ({ url, accountId, token, from, statusUrl, connections = 16 }: SmsOptions): Channel {
  const pool = new Pool(url, { connections, pipelining: 1, connect: { timeout: 3_000 } })
  const path = `/2010-04-01/Accounts/${encodeURIComponent(accountId)}/Messages.json`
  const authorization = `Basic ${Buffer.from(`${accountId}:${token}`).toString('base64')}`
  return {
    addressField: 'phone',
    policy: 'once',
    keyLifeMs,
    send: async ({ deliveryId, notificationId, to, short }: Message, signal) => {
      const form = new URLSearchParams({ To: to[0] ?? '', From: from, Body: short })
      if (statusUrl !== undefined) form.set('StatusCallback', `${statusUrl}?notification=${notificationId}`)
      const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': deliveryId }
      try {
        const response = await pool.request({ method: 'POST', path, headers, body: form.toString(), signal })
        return answerOf(response.statusCode, await response.body.text())
      } catch (error) {
        return unanswered(error as Error)
      }
    },
    close: async () => { await pool.close() }
  }
}

function answerOf (status: number, text: string): SendAnswer {
  const trouble = troubleOf(status)
  if (trouble !== undefined) return trouble
  const { sid, code } = parse(text)
  if (status < 300) return typeof sid === 'string' ? { kind: 'sent', providerId: sid } : { kind: 'unknown', message: 'the answer of the provider cannot be read' }
  const isSetUpWrong = status === 401 || status === 403
  if (isSetUpWrong) return { kind: 'unavailable', code: `http-${status}`, message: 'the provider does not know us' }
  return { kind: 'refused', code: `provider-${String(code ?? status)}`, message: `the provider refused the message (${status})`, isAddressGone: goneCodes.has(code) }
}

function parse (text: string): { readonly sid?: unknown, readonly code?: unknown } {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? body : {}
  } catch {
    return {}
  }
}
