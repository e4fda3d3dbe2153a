import type Stripe from 'stripe'
import { type GatewaySnapshot } from '../../audit/laws.ts'
import { stepOfKey } from '../payment.ts'
import { type StripeGatewayOptions, keyName, stripeClient } from './stripe-gateway.ts'
import { viewOfIntent } from './view-of-intent.ts'

/** Our authorisations in the books of Stripe that were made since then, oldest last. Rejects when a page of them cannot be read. */
export async function stripeBooks (options: StripeGatewayOptions, sinceMs: number): Promise<readonly GatewaySnapshot[]> {
  const entries: GatewaySnapshot[] = []
  const pages = stripeClient(options).paymentIntents.list({ limit: 100, created: { gte: Math.floor(sinceMs / 1000) }, expand: ['data.latest_charge'] })
  for await (const intent of pages as AsyncIterable<Stripe.PaymentIntent>) {
    const about = stepOfKey(intent.metadata[keyName] ?? '')
    if (about === undefined) continue
    const { authorised, captured, voided, refunded } = viewOfIntent(intent)
    entries.push({ orderId: about.orderId, authorised, captured, voided, refunded })
  }
  return entries
}
