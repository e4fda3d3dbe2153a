import { type SubTopology, type Topology, defineTopology } from '../streams/topology.ts'
import { analyticsProcessor } from './analytics/process-analytics.ts'
import { auditOrdersProcessor } from './audit/audit-orders.ts'
import { auditStockProcessor } from './audit/audit-stock.ts'
import { behaviourProcessor } from './behaviour/process-behaviour.ts'
import { catalogProcessor } from './catalog/process-catalog.ts'
import { applicationId } from './codec.ts'
import { createIdentityProcessor } from './identity/process-identity.ts'
import { type IdentityRules } from './identity/rules.ts'
import { importsProcessor } from './imports/process-imports.ts'
import { inventoryProcessor } from './inventory/process-inventory.ts'
import { type FeeRules } from './ledger/post-payment.ts'
import { createLedgerProcessor } from './ledger/process-ledger.ts'
import { type NotificationsOptions, createNotificationsProcessor } from './notifications/process-notifications.ts'
import { ordersProcessor } from './orders/process-orders.ts'
import { idSpace } from './partitions.ts'
import { type GatewayEffectOptions } from './payments/gateway-effect.ts'
import { createPaymentsProcessor } from './payments/process-payments.ts'
import { type PrivacyOptions, createPrivacyProcessor } from './privacy/process-privacy.ts'
import { type RiskOptions, createRiskProcessor } from './risk/process-risk.ts'
import { type ShippingOptions, createShippingProcessor } from './shipping/process-shipping.ts'
import { deadLetterCommandTopic, deadLetterEventTopic } from './topics.ts'
import { type WebhooksOptions, createWebhooksProcessor } from './webhooks/process-webhooks.ts'

/** Version of the topology: raised when nodes, inputs or stores change, so that no member is given a task that it does not know. */
export const topologyVersion = '7'

export interface TopologyOptions {
  /** The payment provider, guarded: see guardGateway. */
  readonly payments: Omit<GatewayEffectOptions, 'finish'>
  /** How orders are assessed. @default as createRiskProcessor says */
  readonly risk?: RiskOptions
  /** What the payment provider charges. @default nothing */
  readonly fees?: FeeRules
  /** Who carries the parcels. @default carriers that move only when they are told to */
  readonly shipping?: ShippingOptions
  /** What is asked of those who log in. @default defaultIdentityRules */
  readonly identity?: IdentityRules
  /** What posts webhooks. @default nothing is posted */
  readonly webhooks?: WebhooksOptions
  /** Where the data keys of persons are. @default nowhere: erasures wait for a process that can */
  readonly privacy?: PrivacyOptions
  /** The channels that readers are told things on. @default the inbox only */
  readonly notifications?: NotificationsOptions
  /** Nodes beside the processors, e.g. sinks: what reads the topics without being part of the business. */
  readonly sinks?: readonly SubTopology[]
}

/**
 * The commerce platform as one topology: orders, inventory, payments, shipping, risk, catalog, imports, ledger, identity, privacy, behaviour,
 * analytics, webhooks, notifications, the audits of what they write, and the sinks given. Pure; nothing is created or connected. Bind a codec (see
 * codec.ts) afterwards and before it runs: binding covers the serdes declared by then.
 *
 * @throws {StreamsError} STR_TOPOLOGY_INVALID when a sink does not fit in.
 */
export function createTopology ({ payments, shipping, risk = {}, fees, identity, privacy, webhooks, notifications, sinks = [] }: TopologyOptions): Topology {
  const processors = [
    ordersProcessor, inventoryProcessor, createPaymentsProcessor(payments), createShippingProcessor(shipping), createRiskProcessor(risk), catalogProcessor,
    importsProcessor, createLedgerProcessor(fees), createIdentityProcessor(identity), createPrivacyProcessor(privacy), behaviourProcessor, analyticsProcessor,
    createWebhooksProcessor(webhooks), createNotificationsProcessor(notifications)
  ]
  const audits = [auditStockProcessor, auditOrdersProcessor]
  const deadLetters = { commands: deadLetterCommandTopic, events: deadLetterEventTopic }
  return defineTopology({ applicationId, version: topologyVersion, idSpace, nodes: [...processors, ...audits, ...sinks], deadLetters })
}
