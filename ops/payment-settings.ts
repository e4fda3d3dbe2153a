import { resolve } from 'node:path'
import { type Settings } from './config.ts'

/** Who moves the money, and how its callbacks are believed. */
export interface PaymentSettings {
  readonly provider: 'embedded' | 'stripe'
  readonly stripe: { readonly key: string, readonly url: string }
  readonly callbackSecrets: readonly string[]
  readonly callbackToleranceS: number
  /** Key with which the embedded gateway signs its callbacks. */
  readonly callbackKeyFile: string
  readonly gatewayCallbacks: 'none' | 'late' | 'all'
  readonly reconcileMs: number
  /** What the provider charges of every capture, in 1/100 of a percent. */
  readonly feeBasisPoints: number
}

/** @throws {Error} naming the setting, what is wrong with it, and what it must be. */
export function groupPayments (values: Settings, dataDir: string): PaymentSettings {
  const provider = values.COMMERCE_PAYMENT_PROVIDER as PaymentSettings['provider']
  const stripe = { key: values.COMMERCE_STRIPE_KEY, url: stripeUrl(values.COMMERCE_STRIPE_URL) }
  if (provider === 'stripe' && stripe.key === '') throw new Error('COMMERCE_STRIPE_KEY must be set when COMMERCE_PAYMENT_PROVIDER is stripe')
  if (stripe.key !== '' && !/^(sk|rk)_[A-Za-z0-9_]+$/.test(stripe.key)) {
    throw new Error(`COMMERCE_STRIPE_KEY must be a secret or restricted key (sk_…, rk_…)${stripe.key.startsWith('pk_') ? ', not the publishable one' : ''}`)
  }
  return {
    provider,
    stripe,
    callbackSecrets: secretsOf('COMMERCE_CALLBACK_SECRETS', values.COMMERCE_CALLBACK_SECRETS),
    callbackToleranceS: values.COMMERCE_CALLBACK_TOLERANCE_S,
    callbackKeyFile: resolve(dataDir, 'keys/callback.key'),
    gatewayCallbacks: values.COMMERCE_GATEWAY_CALLBACKS as PaymentSettings['gatewayCallbacks'],
    reconcileMs: values.COMMERCE_PAYMENTS_RECONCILE_MS,
    feeBasisPoints: values.COMMERCE_PAYMENT_FEE_BP
  }
}

function stripeUrl (text: string): string {
  const url = URL.parse(text)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new Error('COMMERCE_STRIPE_URL must be an http or https URL')
  if (url.pathname !== '/' || url.search !== '' || url.username !== '') throw new Error('COMMERCE_STRIPE_URL must be an origin: no path, query or user')
  if (url.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) {
    throw new Error('COMMERCE_STRIPE_URL must be https: the key would go over the network in the clear')
  }
  return url.origin
}

/**
 * Secrets of a setting, separated by commas.
 *
 * @throws {Error} naming the setting and which secret is wrong.
 */
export function secretsOf (setting: string, list: string): readonly string[] {
  const secrets = list.split(',').map(secret => secret.trim()).filter(secret => secret !== '')
  for (const [index, secret] of secrets.entries()) {
    if (!/^whsec_[A-Za-z0-9+/=_-]{16,}$/.test(secret)) throw new Error(`${setting} must be secrets of the form whsec_…, at least 16 characters after it; number ${index + 1} is not`)
  }
  if (new Set(secrets).size !== secrets.length) throw new Error(`${setting} must not name a secret twice`)
  return secrets
}
