import { type PaymentCallbacks } from '../../api/index.ts'
import { type PaymentGateway, createHttpGateway, guardGateway } from '../../topology/index.ts'
import { checkSignature } from '../../topology/callbacks/signature.ts'
import { readEmbeddedCallback } from '../../topology/payments/read-callback.ts'
import { type Config } from '../config.ts'
import { callbackSecret } from '../stack/gateway/callbacks.ts'
import { gatewayBooks } from '../verify/gateway-books.ts'
import { type ProviderBooks } from './reconcile-payments.ts'
import { loadOrCreateSecret } from './secret-file.ts'

/** The payment provider of this configuration, behind its guard. Stripe's client is loaded only where it is used. */
export async function openPaymentGateway ({ payments }: Pick<Config, 'payments'>, gatewayUrl: string): Promise<PaymentGateway> {
  if (payments.provider === 'embedded') return guardGateway(createHttpGateway({ url: gatewayUrl }))
  const { createStripeGateway } = await import('../../topology/payments/stripe/stripe-gateway.ts')
  return guardGateway(createStripeGateway(payments.stripe))
}

/** How the callbacks of that provider are believed and read. The embedded gateway's own key always counts for its callbacks. */
export async function openPaymentCallbacks ({ payments }: Pick<Config, 'payments'>): Promise<PaymentCallbacks> {
  const { provider, callbackKeyFile, callbackToleranceS: toleranceS } = payments
  const isEmbedded = provider === 'embedded'
  const secrets = [...payments.callbackSecrets, ...isEmbedded ? [callbackSecret(await loadOrCreateSecret(callbackKeyFile, 32))] : []]
  const read = isEmbedded ? readEmbeddedCallback : (await import('../../topology/payments/stripe/read-stripe-callback.ts')).readStripeCallback
  return {
    provider,
    header: isEmbedded ? 'payment-signature' : 'stripe-signature',
    check: (signature, body, nowMs) => secrets.length === 0 ? 'off' : checkSignature(signature, body, Math.floor(nowMs / 1000), { secrets, toleranceS }),
    read
  }
}

/** How far the books of Stripe are read back: as long as an order may be open, and some. Unit: ms. */
const booksReachMs = 45 * 86_400_000

/** Reads the books of that provider: the embedded gateway's whole, Stripe's of the last 45 days. */
export async function readProviderBooks ({ payments }: Pick<Config, 'payments'>, gatewayUrl: string): Promise<ProviderBooks> {
  if (payments.provider === 'embedded') return { isWhole: true, entries: await gatewayBooks(gatewayUrl) }
  const { stripeBooks } = await import('../../topology/payments/stripe/stripe-books.ts')
  return { isWhole: false, entries: await stripeBooks({ ...payments.stripe, timeoutMs: 30_000 }, Date.now() - booksReachMs) }
}
