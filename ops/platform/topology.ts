import { type SinkDef, type Topology } from '#streams'
import { createClickHouseSinks } from '../../sinks/index.ts'
import {
  type FeeRules, type IdentityRules, type NotificationsOptions, type PaymentGateway, type PrivacyOptions, type RiskOptions, type ShippingOptions,
  type WebhooksOptions,
  createHttpGateway, createTopology, guardGateway, topics
} from '../../topology/index.ts'
import { type Platform } from './connect.ts'

/** What analysts see: the event topics. Compacted topics cannot be sunk, commands and replies are the platform's own. */
export const analyticsTopics = [
  topics.orders.events, topics.orders.rejections, topics.inventory.events, topics.payments.events, topics.shipping.events, topics.risk.decisions,
  topics.catalog.events, topics.notifications.requests, topics.notifications.events, topics.imports.invoices, topics.returns.events,
  topics.ledger.entries, topics.identity.events, topics.analytics.facts, topics.audit.invariants, topics.behaviour.events, topics.experiments.exposures,
  topics.webhooks.events
]

/** The nodes that take the event topics to ClickHouse. */
export function createAnalyticsSinks (platform: Pick<Platform, 'clickhouse'>, repair?: SinkDef['repair']): SinkDef[] {
  return createClickHouseSinks({ client: platform.clickhouse, topics: analyticsTopics, ...(repair === undefined ? {} : { repair }) })
}

/** What the topology of a process is made with beside its connections. */
export interface PlatformTopologyOptions {
  readonly repair?: SinkDef['repair']
  /** What is asked of those who log in. @default defaultIdentityRules */
  readonly identity?: IdentityRules
  /** Where the data keys of persons are. @default nowhere */
  readonly privacy?: PrivacyOptions
  /** The payment provider, guarded. @default the embedded gateway of the stack */
  readonly gateway?: PaymentGateway
  /** How orders are assessed. @default as createRiskProcessor says */
  readonly risk?: RiskOptions
  /** What the provider charges. @default nothing */
  readonly fees?: FeeRules
  /** What posts webhooks. @default nothing is posted */
  readonly webhooks?: WebhooksOptions
  /** @default carriers that move only when they are told to */
  readonly shipping?: ShippingOptions
  /** @default readers are told things in their inbox only */
  readonly notifications?: NotificationsOptions
}

/** The whole topology of a process: processors with their gateway, and the analytics sinks. */
export function createPlatformTopology (platform: Pick<Platform, 'clickhouse' | 'gatewayUrl'>, options: PlatformTopologyOptions = {}): Topology {
  return createTopology({
    ...(options.identity === undefined ? {} : { identity: options.identity }),
    payments: { gateway: options.gateway ?? guardGateway(createHttpGateway({ url: platform.gatewayUrl })) },
    risk: options.risk ?? {},
    ...(options.privacy === undefined ? {} : { privacy: options.privacy }),
    ...(options.fees === undefined ? {} : { fees: options.fees }),
    ...(options.shipping === undefined ? {} : { shipping: options.shipping }),
    ...(options.webhooks === undefined ? {} : { webhooks: options.webhooks }),
    ...(options.notifications === undefined ? {} : { notifications: options.notifications }),
    sinks: createAnalyticsSinks(platform, options.repair)
  })
}
