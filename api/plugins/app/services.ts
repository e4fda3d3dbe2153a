import { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Clock } from '../../../streams/time/clock.ts'
import { type KeyProvider } from '../../../topology/personal.ts'
import { type Admission } from '../../admission.ts'
import { type Analytics } from '../../analytics/ports.ts'
import { type CatalogOutcomes, type CatalogReader, type PriceHistory } from '../../catalog/ports.ts'
import { type IdentityServices } from '../../identity/ports.ts'
import { type ErasureQueries, type KeptRecords } from '../../privacy/ports.ts'
import { type FeatureClient } from '../../flags/features.ts'
import { type FlagTable } from '../../flags/ports.ts'
import { type NotificationServices } from '../../notifications/ports.ts'
import { type WebhookServices } from '../../webhooks/ports.ts'
import {
  type BehaviourLog, type CarrierCallbacks, type CommandLog, type IdempotencyStore, type LedgerBalances, type EventFeed, type EventHistory,
  type OrderLists, type OrderQueries,
  type PaymentCallbacks, type PaymentQueries, type RiskQueries, type ShipmentLists, type ShipmentQueries,
  type StockLevels, type StockQueries
} from '../../ports.ts'

/** What the routes work with: ports, never the systems behind them. */
export interface Services {
  readonly commandLog: CommandLog
  readonly orders: OrderQueries
  readonly payments: PaymentQueries
  readonly callbacks: PaymentCallbacks
  readonly shipments: ShipmentQueries
  readonly shipmentLists: ShipmentLists
  readonly carrierCallbacks: CarrierCallbacks
  readonly history: EventHistory
  readonly orderLists: OrderLists
  readonly feed: EventFeed
  readonly stock: StockQueries
  readonly stockLevels: StockLevels
  readonly catalog: CatalogReader
  readonly catalogOutcomes: CatalogOutcomes
  readonly prices: PriceHistory
  readonly risk: RiskQueries
  readonly flags: FlagTable
  /** Evaluates flags; who is shown an experiment by it is told. */
  readonly features: FeatureClient
  readonly behaviour: BehaviourLog
  readonly ledger: LedgerBalances
  readonly analytics: Analytics
  readonly idempotency: IdempotencyStore
  /** How many commands are taken in at a time. */
  readonly admission: Admission
  readonly identity: IdentityServices
  readonly webhooks: WebhookServices
  readonly notifications: NotificationServices
  readonly erasures: ErasureQueries
  readonly kept: KeptRecords
  readonly keys: KeyProvider
  readonly clock: Clock
}

declare module 'fastify' {
  interface FastifyInstance { readonly services: Services }
}

/** Makes the ports known to the routes. */
export const servicesPlugin = fp(async function services (app: FastifyInstance, options: { readonly services: Services }) {
  app.decorate('services', options.services)
}, { name: 'services' })
