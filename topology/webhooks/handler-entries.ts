import { type HandlerEntry, handler } from '../handler-entry.ts'
import { topics } from '../topics.ts'
import { publicEvents } from './public-events.ts'

const { orders, payments, shipping, returns, webhooks, notifications } = topics
const test = 'test/topology/webhooks/process-webhooks.test.ts'

/** Handlers 51 to 53 of the catalogue. */
export const webhookHandlers: readonly HandlerEntry[] = [
  handler(51, 'WebhookDispatch', 'webhooks', [...Object.keys(publicEvents), 'WebhookDue'], {
    in: [orders.events, payments.events, shipping.events, returns.events, webhooks.deliveries],
    out: [webhooks.deliveries],
    code: 'topology/webhooks/deliver.ts',
    test: [test, 'an event is posted once to each subscription that asked for it, when it was there before']
  }),
  handler(52, 'WebhookRetry', 'webhooks', ['timer'], {
    in: [],
    out: [],
    code: 'topology/webhooks/delivery.ts',
    test: [test, 'a message that fails a while arrives under its id when the endpoint is back']
  }),
  handler(53, 'WebhookDisabled', 'webhooks', [], {
    in: [],
    out: [webhooks.events, webhooks.routes, notifications.requests],
    code: 'topology/webhooks/delivery.ts',
    test: [test, 'a message is tried again after 10 · 2ⁿ s, five times under one id, and then its subscription is disabled and its owner told']
  })
]
