import { type Promised } from './moments.ts'

export const applications = ['notifications', 'webhooks', 'payments'] as const
export type Application = (typeof applications)[number]

/** Where the providers are. */
export interface ProviderUrls { readonly smtp: string, readonly sms: string, readonly webhook: string, readonly gateway: string }

/** `hold`: what comes next is kept and never answered. `ledger`: says what there is. */
export type ToProvider = 'hold' | 'ledger'
/** What was kept, by what it is about, as often as there is one. */
export type FromProvider =
  | { readonly kind: 'open', readonly urls: ProviderUrls }
  | { readonly kind: 'held' }
  | { readonly kind: 'ledger', readonly entries: ReadonlyArray<readonly [about: string, times: number]> }

/** What the process of an application is started with. */
export interface ApplicationJob {
  readonly application: Application
  readonly promised: Promised
  readonly brokers: readonly string[]
  readonly redisUrl: string
  readonly urls: ProviderUrls
}

/** `ready`: every task works. `aimed`: the trap is set. */
export type FromApplication = { readonly kind: 'ready' } | { readonly kind: 'aimed' }
