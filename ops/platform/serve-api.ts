import { type Streams, systemClock } from '#streams'
import { createApi } from '../../api/index.ts'
import { applicationId } from '../../topology/codec.ts'
import { type Config } from '../config.ts'
import { type LevelSwitch, type Logger } from '../logger.ts'
import { openConfiguredKeys } from '../token-key.ts'
import { openCarrierCallbacks } from './carriers.ts'
import { type Platform } from './connect.ts'
import { listen } from './listen.ts'
import { loadOrCreateSecret } from './secret-file.ts'
import { openReceipts } from './notification-channels.ts'
import { openPaymentCallbacks, readProviderBooks } from './payment-provider.ts'
import { startPaymentReconciler } from './run-payment-reconciler.ts'
import { startReconciler } from './run-reconciler.ts'
import { type Monitoring, obstacles } from './serve-monitoring.ts'
import { untilAtEase } from './until-at-ease.ts'
import { watchInvariants } from './watch-invariants.ts'
import { watchOrders } from './watch-orders.ts'
import { openWebhookRules } from './webhooks.ts'

export interface ServeApiOptions {
  readonly config: Config
  readonly platform: Platform
  /** The processors of this process; absent = they run elsewhere. */
  readonly streams: Streams | undefined
  /** Where its metrics are kept. */
  readonly monitoring: Pick<Monitoring, 'registry' | 'metrics'>
  readonly logger: Logger
  /** Changes what it writes, for operators. @default it cannot be changed */
  readonly logLevel?: LevelSwitch
}

export interface ServedApi {
  readonly url: string
  /** Answers what is under way, then closes the port. */
  close (): Promise<void>
}

/**
 * The API, listening; and what watches the platform: the violations of laws, and the counts of analytics.
 *
 * @throws {OpsError} OPS_PORT_IN_USE naming the port and its setting.
 */
export async function serveApi ({ config, platform, streams, monitoring, logger, logLevel }: ServeApiOptions): Promise<ServedApi> {
  const keys = await openConfiguredKeys(config, error => { logger.error({ err: error }, 'the keys of access tokens cannot be read') })
  const api = await createApi({
    kafka: platform.kafka,
    state: platform.state,
    clickhouse: platform.clickhouse,
    callbacks: await openPaymentCallbacks(config),
    carrierCallbacks: openCarrierCallbacks(config),
    receipts: openReceipts(config),
    webhooks: await openWebhookRules(config),
    keys: platform.keys,
    applicationId,
    token: { keys, issuer: config.token.issuer, audience: config.token.audience, ttlS: config.token.ttlS },
    identitySecret: await loadOrCreateSecret(config.identity.secretFile, 32),
    authLimits: config.identity.limits,
    ...config.api,
    ...(platform.shared === undefined ? {} : { shared: platform.shared }),
    onShared: error => {
      if (error === undefined) logger.info('limits and idempotency keys are shared again')
      else logger.warn({ err: error }, 'redis does not answer: each instance counts by itself')
    },
    ...(streams === undefined ? {} : { checks: { processors: async () => obstacles(streams).length === 0 } }),
    logger,
    ...(logLevel === undefined ? {} : { logLevel }),
    metrics: monitoring.registry
  })
  const watching = { platform, metrics: monitoring.metrics, logger, clock: systemClock }
  const invariants = watchInvariants(watching)
  const reconciler = startReconciler({ ...watching, everyMs: config.reconcileMs })
  const orders = watchOrders({ ...watching, everyMs: config.reconcileMs })
  const readBooks = async () => await readProviderBooks(config, platform.gatewayUrl)
  const payments = startPaymentReconciler({ ...watching, everyMs: config.payments.reconcileMs, readBooks })
  const close = async (): Promise<void> => {
    await api.close()
    await reconciler.close()
    await orders.close()
    await payments.close()
    await invariants.close()
  }
  try {
    await untilAtEase(api, systemClock)
    return { url: await listen(api, { host: config.host, port: config.ports.api, service: 'the API', setting: 'COMMERCE_API_PORT' }), close }
  } catch (error) {
    await close()
    throw error
  }
}
