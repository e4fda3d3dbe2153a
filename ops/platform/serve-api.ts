import { type Streams, systemClock } from '#streams'
import { collectMetrics } from '../../streams/metrics.ts'
import { type RateLimitOptions, buildMetricsServer, createApi } from '../../api/index.ts'
import { applicationId } from '../../topology/codec.ts'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { type Logger } from '../logger.ts'
import { openConfiguredKeys } from '../token-key.ts'
import { openCarrierCallbacks } from './carriers.ts'
import { type Platform } from './connect.ts'
import { createRegistry, prometheusMetrics } from './metrics.ts'
import { loadOrCreateSecret } from './secret-file.ts'
import { openPaymentCallbacks, readProviderBooks } from './payment-provider.ts'
import { startPaymentReconciler } from './run-payment-reconciler.ts'
import { startReconciler } from './run-reconciler.ts'
import { watchInvariants } from './watch-invariants.ts'

export interface ServeApiOptions {
  readonly config: Config
  readonly platform: Platform
  /** The processors of this process; absent = they run elsewhere. */
  readonly streams: Streams | undefined
  readonly logger: Logger
  /** @default as createApi says */
  readonly rateLimit?: RateLimitOptions
}

export interface ServedApi {
  readonly url: string
  readonly metricsUrl: string
  /** Answers what is under way, then closes both ports. */
  close (): Promise<void>
}

/**
 * The API and the metrics, listening; and what watches the platform for them: the violations of laws, and the counts of analytics.
 *
 * @throws {OpsError} OPS_PORT_IN_USE naming the port and its setting.
 */
export async function serveApi ({ config, platform, streams, logger, rateLimit }: ServeApiOptions): Promise<ServedApi> {
  const registry = createRegistry()
  const prometheus = prometheusMetrics(registry)
  const stopMetrics = collectMetrics(prometheus)
  const keys = await openConfiguredKeys(config, error => { logger.error({ err: error }, 'the keys of access tokens cannot be read') })
  const api = await createApi({
    kafka: platform.kafka,
    state: platform.state,
    clickhouse: platform.clickhouse,
    callbacks: await openPaymentCallbacks(config),
    carrierCallbacks: openCarrierCallbacks(config),
    keys: platform.keys,
    applicationId,
    token: { keys, issuer: config.token.issuer, audience: config.token.audience, ttlS: config.token.ttlS },
    identitySecret: await loadOrCreateSecret(config.identity.secretFile, 32),
    authLimits: config.identity.limits,
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(streams === undefined ? {} : { checks: { processors: async () => streams.health().healthy } }),
    logger,
    metrics: registry
  })
  const metrics = buildMetricsServer(registry)
  const watching = { platform, metrics: prometheus, logger, clock: systemClock }
  const invariants = watchInvariants(watching)
  const reconciler = startReconciler({ ...watching, everyMs: config.reconcileMs })
  const readBooks = async () => await readProviderBooks(config, platform.gatewayUrl)
  const payments = startPaymentReconciler({ ...watching, everyMs: config.payments.reconcileMs, readBooks })
  const close = async (): Promise<void> => {
    await api.close()
    await metrics.close()
    await reconciler.close()
    await payments.close()
    await invariants.close()
    stopMetrics()
  }
  try {
    const url = await listen(api, config.host, config.ports.api, 'COMMERCE_API_PORT')
    const metricsUrl = await listen(metrics, config.host, config.ports.metrics, 'COMMERCE_METRICS_PORT')
    return { url, metricsUrl: `${metricsUrl}/metrics`, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen (server: Pick<ReturnType<typeof buildMetricsServer>, 'listen'>, host: string, port: number, setting: string): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new OpsError('OPS_PORT_IN_USE', { port, service: 'the API', holder: 'another process', setting }, error)
  }
}
