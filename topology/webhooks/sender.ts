import { type WebhookCall } from '#schemas'

/**
 * How a try ended. `delivered`: the endpoint answered 2xx. `gone`: 410, it wants nothing any more. `redirected`: 3xx, which is never followed.
 * `refused`: any other status. Without a status: `url-refused` and `address-refused` by the rules of where may be posted to, `unresolved` the name has
 * no address, `unreachable` no connection or a broken one, `timeout` no answer in time, `off` nobody sends here.
 */
export type AnswerCode =
  'delivered' | 'gone' | 'redirected' | 'refused' | 'url-refused' | 'address-refused' | 'unresolved' | 'unreachable' | 'timeout' | 'off'

/** What came of a try. `excerpt`: the beginning of the answer, a few hundred characters at most. */
export interface WebhookAnswer {
  readonly code: AnswerCode
  readonly status: number | null
  readonly tookMs: number
  readonly excerpt: string
}

/** What posts messages to endpoints: sinks/webhooks. */
export interface WebhookSender {
  /**
   * Signs and posts one message, once. Everything that can go wrong with it is an answer; it rejects where it cannot sign, and is asked again then. Ends
   * when the signal aborts.
   */
  send (call: WebhookCall, signal: AbortSignal): Promise<WebhookAnswer>
  close (): Promise<void>
}

/** Sends nothing: every try fails. */
export const noSender: WebhookSender = {
  send: async () => ({ code: 'off', status: null, tookMs: 0, excerpt: '' }),
  close: async () => {}
}
