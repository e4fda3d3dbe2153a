import { Agent, request } from 'undici'
import webPush, { type PushSubscription } from 'web-push'
import { type Channel, type Message, type SendAnswer } from './channel.ts'
import { troubleOf, unanswered } from './http-answer.ts'
import { isPushEndpoint, readSubscription } from './push-subscription.ts'

export interface PushOptions {
  /** VAPID: who sends (`mailto:` or https), and the key pair, base64url. */
  readonly subject: string
  readonly publicKey: string
  readonly privateKey: string
  /** Hosts of push services that are sent to; a name that begins with a dot stands for everything below it. */
  readonly hosts: readonly string[]
  /** How long the push service keeps a message for a browser that is off, s. @default 86400 */
  readonly ttlS?: number
  /** Takes plain http too: for tests. @default false */
  readonly isPlainAllowed?: boolean
}

/**
 * Web Push to the browsers of a reader. There is no idempotency key; but a message of the same topic replaces the one that waits, and the page shows
 * one notification of a tag: a repeat is seen once, if the first was not seen already. Nothing is sent to hosts that are not push services.
 */
export function createPush ({ subject, publicKey, privateKey, hosts, ttlS = 86_400, isPlainAllowed = false }: PushOptions): Channel {
  const agent = new Agent({ connections: 16, connect: { timeout: 3_000 } })

  async function push (subscription: PushSubscription, message: Message, signal: AbortSignal): Promise<SendAnswer> {
    const { deliveryId, notificationId, subject: title, short } = message
    try {
      const payload = JSON.stringify({ id: notificationId, tag: notificationId, title, body: short })
      const { endpoint, method, headers, body } = webPush.generateRequestDetails(subscription, payload, {
        vapidDetails: { subject, publicKey, privateKey }, TTL: ttlS, topic: Buffer.from(deliveryId.replaceAll('-', ''), 'hex').toString('base64url')
      })
      const response = await request(endpoint, {
        method: method as 'POST', headers: headers as Record<string, string>, ...body === null ? {} : { body }, dispatcher: agent, signal
      })
      await response.body.dump()
      return answerOf(response.statusCode, response.headers['location'])
    } catch (error) {
      return unanswered(error as Error)
    }
  }

  return {
    addressField: 'subscription',
    policy: 'atLeastOnce',
    keyLifeMs: 0,
    send: async (message, signal) => {
      const subscriptions = message.to.flatMap(text => readSubscription(text) ?? []).filter(({ endpoint }) => isPushEndpoint(endpoint, hosts, isPlainAllowed))
      if (subscriptions.length === 0) return { kind: 'refused', code: 'subscription-invalid', message: 'no subscription is one of a known push service', isAddressGone: true }
      return best(await Promise.all(subscriptions.map(async subscription => await push(subscription, message, signal))))
    },
    close: async () => { await agent.close() }
  }
}

/** One browser that has it is enough; of the others the answer that leaves most open counts. */
function best (answers: readonly SendAnswer[]): SendAnswer {
  for (const kind of ['sent', 'unknown', 'unavailable'] as const) {
    const found = answers.find(answer => answer.kind === kind)
    if (found !== undefined) return found
  }
  const [first] = answers
  const isAddressGone = answers.every(answer => answer.kind === 'refused' && answer.isAddressGone === true)
  return first?.kind === 'refused' ? { ...first, isAddressGone } : { kind: 'refused', code: 'subscription-invalid', message: 'there is no subscription' }
}

function answerOf (status: number, location: string | string[] | undefined): SendAnswer {
  const trouble = troubleOf(status)
  if (trouble !== undefined) return trouble
  if (status < 300) return { kind: 'sent', providerId: typeof location === 'string' ? location.slice(0, 500) : null }
  return { kind: 'refused', code: `http-${status}`, message: `the push service refused the message (${status})`, isAddressGone: status === 404 || status === 410 }
}
