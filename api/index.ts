import { type Registry } from '@prometheus-io/client'
import { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import { type Kafka } from '../streams/kafka/port.ts'
import { type Logger } from '../streams/diagnostics.ts'
import { type StateBackend } from '../streams/state/port.ts'
import { type StateQueryOptions } from '../streams/state/query.ts'
import { type RedisPaths } from '../streams/state/redis/index.ts'
import { type Clock } from '../streams/time/clock.ts'
import { systemClock } from '../streams/time/system-clock.ts'
import { TemplateSet } from '../sinks/index.ts'
import { templates } from '../topology/notifications/templates.ts'
import { type KeyProvider } from '../topology/personal.ts'
import { topics } from '../topology/topics.ts'
import { createAdmission } from './admission.ts'
import { type AnalyticsClient, createClickHouseOrderHistory, createClickHouseReaderHistory } from './adapters/clickhouse-order-history.ts'
import { createCatalogOutcomes } from './adapters/catalog-outcomes.ts'
import { createClickHousePriceHistory } from './adapters/catalog-prices.ts'
import { createCatalogTable } from './adapters/catalog-table.ts'
import { createClickHouseOrderLists } from './adapters/clickhouse-order-lists.ts'
import { createClickHouseAnalytics } from './adapters/clickhouse-analytics.ts'
import { createClickHouseKeptRecords } from './adapters/clickhouse-kept-records.ts'
import { createClickHouseLedger } from './adapters/clickhouse-ledger.ts'
import { createClickHouseShipmentLists } from './adapters/clickhouse-shipment-lists.ts'
import { createClickHouseStockLevels } from './adapters/clickhouse-stock-levels.ts'
import { createKafkaBehaviourLog, createKafkaCommandLog, createKafkaIdentityLog } from './adapters/kafka-command-log.ts'
import { createKafkaFlags } from './adapters/kafka-flags.ts'
import { createKafkaEventFeed } from './adapters/kafka-event-feed.ts'
import { createGatewayMemory } from './adapters/rate-and-idempotency.ts'
import { createStateErasureQueries } from './adapters/state-erasure-queries.ts'
import { createStateOrderQueries } from './adapters/state-order-queries.ts'
import { createStateNotificationQueries } from './adapters/state-notification-queries.ts'
import { createStateRiskQueries } from './adapters/state-risk-queries.ts'
import { createStateShipmentQueries } from './adapters/state-shipment-queries.ts'
import { createStateStockQueries } from './adapters/state-stock-queries.ts'
import { createStatePaymentQueries } from './adapters/state-payment-queries.ts'
import { createStateUserQueries } from './adapters/state-user-queries.ts'
import { createStateWebhookQueries } from './adapters/state-webhook-queries.ts'
import { rememberUnprocessed } from './adapters/unprocessed-commands.ts'
import { type CatalogReader } from './catalog/ports.ts'
import { createExposureHook } from './flags/exposure-log.ts'
import { type FeatureClient, openFeatures } from './flags/features.ts'
import { type FlagTable } from './flags/ports.ts'
import { createIdentityKeys } from './identity/identity-keys.ts'
import { type IdentityLog, type IdentityServices } from './identity/ports.ts'
import { createArgon2Hasher } from './identity/passwords.ts'
import { type TokenKeys } from './keyring.ts'
import { type CarrierCallbacks, type PaymentCallbacks } from './ports.ts'
import { type NotificationReceipts, type NotificationServices } from './notifications/ports.ts'
import { type KeptRecords } from './privacy/ports.ts'
import { type ApiLimits } from './plugins/external/rate-limit.ts'
import { type HealthCheck } from './routes/health.ts'
import { type LogLevelPort } from './routes/v1/admin/log-level.ts'
import { type AuthLimits } from './routes/v1/auth/index.ts'
import { type OrderLimits } from './routes/v1/orders/index.ts'
import { buildServer } from './server.ts'
import { type TokenRules, createTokenVerifier } from './token.ts'
import { type WebhookRules, type WebhookServices } from './webhooks/ports.ts'

export { type AnalyticsClient } from './adapters/clickhouse-order-history.ts'
export { createIdentityKeys } from './identity/identity-keys.ts'
export { newMailToken } from './identity/opaque-token.ts'
export { createStateUserQueries as createUserQueries } from './adapters/state-user-queries.ts'
export { createArgon2Hasher } from './identity/passwords.ts'
export { type StoredKey, type TokenKeys, keyLeadS, liveKeys, openTokenKeys, rotateKeys, signingKey } from './keyring.ts'
export { type Permission, type Role, isPermission, isRole, permissions, roles } from './permissions.ts'
export { type ApiLimits, defaultLimits } from './plugins/external/rate-limit.ts'
export { type CarrierCallbacks, type PaymentCallbacks } from './ports.ts'
export { type NotificationReceipts } from './notifications/ports.ts'
export { type WebhookRules } from './webhooks/ports.ts'
export { type HealthCheck } from './routes/health.ts'
export { buildMetricsServer } from './server.ts'
export { type AuthLimits, defaultAuthLimits } from './routes/v1/auth/index.ts'
export { type TokenContent, type TokenRules, generateTokenKey, publicTokenKey, signToken, tokenKeyId } from './token.ts'

/** How long a request waits for state that changes its owner, ms: a handover takes a moment, a restore of much state does not hold requests up. */
const handoverMs = 1_000

export interface ApiOptions {
  /** Started; the codec is bound and topics are provisioned. */
  readonly kafka: Kafka
  readonly state: StateBackend
  readonly clickhouse: AnalyticsClient
  /** Keys of personal data. */
  readonly keys: KeyProvider
  /** Prefix of the processors' tasks. */
  readonly applicationId: string
  /** Keys, rules and life (seconds) of access tokens. */
  readonly token: TokenRules & { readonly keys: TokenKeys, readonly ttlS: number }
  /** 32 secret bytes that e-mail and network addresses are hashed with. Never changed: accounts are found by it. */
  readonly identitySecret: Buffer
  /** A Redis that all instances of the API share, for limits and the answers to idempotency keys. @default this process remembers by itself */
  readonly shared?: RedisPaths
  /** Told when that Redis does not answer (the error), and when it does again (undefined). */
  readonly onShared?: (error: Error | undefined) => void
  /** How long the answer to an idempotency key is remembered, ms. @default 86400000 */
  readonly idempotencyMs?: number
  /** @default those of the domain */
  readonly limits?: ApiLimits
  /** Takes every request, however many there are: for load tests. @default false */
  readonly areLimitsLifted?: boolean
  /** Origins whose pages may use the API. @default none */
  readonly corsOrigins?: readonly string[]
  /** Proxies whose X-Forwarded-For is believed. @default none */
  readonly trustedProxies?: readonly string[]
  /** @default 5 logins a minute for each account and address, 30 for each address */
  readonly authLimits?: AuthLimits
  /** Bulk requests and open streams. @default as `defaultBulkLimits` and `defaultStreamLimits` say */
  readonly orderLimits?: OrderLimits
  /** How callbacks of the payment provider are checked and read. @default they are refused */
  readonly callbacks?: PaymentCallbacks
  /** How callbacks of carriers are checked. @default they are refused */
  readonly carrierCallbacks?: CarrierCallbacks
  /** How receipts of notifications are checked. @default they are refused */
  readonly receipts?: NotificationReceipts
  /** How webhooks are signed, and where they may go. @default nowhere */
  readonly webhooks?: WebhookRules
  /** Above this delay of the event loop requests are turned away with 503, ms; 0 = never. @default 1000 */
  readonly maxEventLoopDelayMs?: number
  /** Further parts for /health/ready, by name. */
  readonly checks?: Readonly<Record<string, HealthCheck>>
  readonly logger?: FastifyBaseLogger
  /** What it writes, for operators to change. @default it cannot be changed */
  readonly logLevel?: LogLevelPort
  /** Where request metrics are kept; serve them with `buildMetricsServer`. */
  readonly metrics?: Registry
  /** @default systemClock */
  readonly clock?: Clock
}

/**
 * The API over a running platform, not listening yet. Before it answers, the keys of commands that are in the log and not processed
 * are remembered: no restart lets a key be used for two bodies.
 *
 * @throws {StreamsError} STR_BROKER_UNAVAILABLE, STR_STATE_UNAVAILABLE.
 */
export async function createApi (options: ApiOptions): Promise<FastifyInstance> {
  const { kafka, state, clickhouse, applicationId, token, clock = systemClock } = options
  const stateOptions: StateQueryOptions = { backend: state, applicationId, patience: { clock, timeoutMs: handoverMs } }
  const rules: TokenRules = { issuer: token.issuer, audience: token.audience }
  const { local, idempotency, counters } = createGatewayMemory({ ...options, clock })
  await rememberUnprocessed({ kafka, state, applicationId, idempotency: local })
  const logged = options.logger === undefined ? {} : { logger: options.logger as FastifyBaseLogger & Logger }
  const catalog = createCatalogTable({ kafka, state, applicationId, clock, ...logged })
  const flags = createKafkaFlags({ kafka, clock, ...logged })
  const behaviour = createKafkaBehaviourLog(kafka.producer())
  const features = openFeatures(flags, createExposureHook({ log: behaviour, clock, ...logged }))
  const onFailure = (error: Error): void => { options.logger?.error({ err: error }, 'events cannot be followed') }
  const feed = createKafkaEventFeed({ kafka, clock, topic: topics.orders.events, onFailure })
  const inboxes = createKafkaEventFeed({ kafka, clock, topic: topics.notifications.events, onFailure })
  const app = await buildServer({
    verify: createTokenVerifier(token.keys, rules),
    services: {
      commandLog: createKafkaCommandLog(kafka.producer()),
      orders: createStateOrderQueries(stateOptions),
      payments: createStatePaymentQueries(stateOptions),
      callbacks: options.callbacks ?? noCallbacks,
      shipments: createStateShipmentQueries(stateOptions),
      shipmentLists: createClickHouseShipmentLists(clickhouse),
      carrierCallbacks: options.carrierCallbacks ?? noCarrierCallbacks,
      history: createClickHouseOrderHistory(clickhouse),
      orderLists: createClickHouseOrderLists(clickhouse),
      feed,
      stock: createStateStockQueries(stateOptions),
      stockLevels: createClickHouseStockLevels(clickhouse),
      catalog,
      catalogOutcomes: createCatalogOutcomes(stateOptions, clock),
      prices: createClickHousePriceHistory(clickhouse),
      risk: createStateRiskQueries(stateOptions),
      flags,
      features: features.client,
      behaviour,
      ledger: createClickHouseLedger(clickhouse),
      analytics: createClickHouseAnalytics(clickhouse),
      idempotency,
      admission: createAdmission({ clock }),
      identity: {
        users: createStateUserQueries(stateOptions),
        log: createKafkaIdentityLog(kafka.producer()),
        keys: createIdentityKeys(options.identitySecret),
        passwords: createArgon2Hasher(),
        tokens: { keys: token.keys, rules, ttlS: token.ttlS }
      },
      webhooks: { ...options.webhooks ?? noWebhooks, queries: createStateWebhookQueries({ backend: state, applicationId }) },
      notifications: {
        queries: createStateNotificationQueries(stateOptions),
        letters: new TemplateSet(templates),
        receipts: options.receipts ?? noReceipts,
        feed: inboxes,
        history: createClickHouseReaderHistory(clickhouse)
      },
      erasures: createStateErasureQueries({ backend: state, applicationId }),
      kept: createClickHouseKeptRecords(clickhouse),
      keys: options.keys,
      clock
    },
    checks: {
      broker: async () => (await kafka.describeTopics([topics.orders.commands.name])).size === 1,
      state: async () => { await state.check(); return true },
      analytics: async () => (await clickhouse.ping()).success,
      catalog: async () => catalog.isReady,
      // Old flags are better than none: what is stale is ready.
      flags: async () => flags.state !== 'reading',
      ...options.checks
    },
    counters,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.areLimitsLifted === undefined ? {} : { areLimitsLifted: options.areLimitsLifted }),
    ...(options.maxEventLoopDelayMs === undefined ? {} : { maxEventLoopDelayMs: options.maxEventLoopDelayMs }),
    ...(options.corsOrigins === undefined ? {} : { corsOrigins: options.corsOrigins }),
    ...(options.trustedProxies === undefined ? {} : { trustedProxies: options.trustedProxies }),
    ...(options.authLimits === undefined ? {} : { authLimits: options.authLimits }),
    ...(options.orderLimits === undefined ? {} : { orderLimits: options.orderLimits }),
    ...logged,
    ...(options.logLevel === undefined ? {} : { levelSwitch: options.logLevel }),
    ...(options.metrics === undefined ? {} : { metrics: options.metrics })
  })
  app.addHook('onClose', async () => {
    await catalog.close()
    await features.close()
    await flags.close()
    feed.close()
    inboxes.close()
  })
  return app
}

/** Writes identity commands without an API: for provisioning. */
export function createIdentityLog (kafka: Kafka): IdentityLog {
  return createKafkaIdentityLog(kafka.producer())
}

/** Nobody is believed. */
const noCallbacks: PaymentCallbacks = {
  provider: 'none', header: 'payment-signature', check: () => 'off', read: () => ({ kind: 'ignored', reason: 'unknown-type' })
}

const noCarrierCallbacks: CarrierCallbacks = { check: () => 'off' }

const noReceipts: NotificationReceipts = { check: () => 'off' }

const noWebhooks: WebhookRules = {
  whyRefused: () => 'cannot be posted to: this platform sends no webhooks',
  secretOf: () => { throw new Error('this platform sends no webhooks') }
}

/** The OpenAPI document of the API, without anything behind it. */
export async function describeApi (): Promise<object> {
  const absent = async (): Promise<never> => { throw new Error('there is nothing behind this API') }
  const app = await buildServer({
    verify: absent,
    services: {
      commandLog: { append: absent },
      orders: { read: absent },
      payments: { read: absent, orderOf: absent },
      callbacks: noCallbacks,
      shipments: { read: absent, orderOf: absent, commandHash: absent },
      shipmentLists: { pending: absent, delayed: absent },
      carrierCallbacks: noCarrierCallbacks,
      history: { list: absent, reached: absent },
      orderLists: { list: absent },
      feed: { follow: () => ({ read: absent, close: () => {} }), hasReached: absent, close: () => {} },
      stock: { read: absent, readAfter: absent, commandHash: absent, hold: absent, rejection: absent },
      stockLevels: { list: absent, low: absent, held: absent },
      catalog: {} as CatalogReader,
      catalogOutcomes: { outcome: absent, commandHash: absent },
      prices: { list: absent },
      risk: { read: absent, commandHash: absent },
      flags: {} as FlagTable,
      features: {} as FeatureClient,
      behaviour: { append: absent },
      ledger: { balances: absent },
      analytics: { ask: absent, export: absent },
      idempotency: { begin: absent, finish: absent, abandon: absent },
      admission: { isFull: false, enter: () => () => {} },
      identity: { users: { owner: absent, read: absent }, log: { append: absent } } as unknown as IdentityServices,
      webhooks: {} as WebhookServices,
      notifications: {} as NotificationServices,
      erasures: { read: absent },
      kept: {} as KeptRecords,
      keys: { dataKey: absent, findKey: absent },
      clock: systemClock
    }
  })
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
