import { createStreams, systemClock } from '#streams'
import { bindRegistry } from '../../topology/codec.ts'
import { privacyName } from '../../topology/privacy/process-privacy.ts'
import { deadLetterTopic } from '../../topology/topics.ts'
import { type Config } from '../config.ts'
import { type LevelSwitch, createLogger } from '../logger.ts'
import { requireMasterKey } from '../keys/open-keys.ts'
import { ensureDataFolder } from '../platform/data-folder.ts'
import { type Platform, connectPlatform } from '../platform/connect.ts'
import { followErasures } from '../platform/follow-erasures.ts'
import { writeInitialRows } from '../platform/initial-rows.ts'
import { provisionPlatform } from '../platform/provision.ts'
import { createFoldedReport } from '../provision/folded-report.ts'
import { serveApi } from '../platform/serve-api.ts'
import { type Monitoring, type MonitoringOptions, serveMonitoring } from '../platform/serve-monitoring.ts'
import { openCarriers } from '../platform/carriers.ts'
import { openNotificationChannels } from '../platform/notification-channels.ts'
import { openPaymentGateway } from '../platform/payment-provider.ts'
import { createPlatformTopology } from '../platform/topology.ts'
import { openWebhookSender } from '../platform/webhooks.ts'
import { provisionAccess } from '../platform/access.ts'
import { OpsError } from '../errors.ts'
import { provisionFirstAdmin } from '../provision/first-admin.ts'
import { ensureStack } from '../stack/ensure.ts'
import { serviceNames } from '../stack/stack.ts'
import { type RunContext } from './context.ts'
import { planGeneratedRun } from './generated-run.ts'
import { planImportedRun } from './imported-run.ts'
import { playRun } from './play-run.ts'
import { heading } from './progress.ts'
import { openTracing } from './tracing.ts'
import { duties, needsMasterKey, nodesOf } from './roles.ts'
import { type RunPlan } from './run-plan.ts'
import { abortWhenTaskFails } from './task-watch.ts'
import { printWelcome } from './welcome.ts'

/** How long after its creation the embedded carrier fetches a shipment of an imported order, ms. */
const importPickupMs = 1_000

/**
 * Does what the role asks for: stack, provisioning, processors and sinks, API, play. Everything it starts is added to `closers`.
 * Resolves with the exit code: at once when there is nothing to serve or `--exit` was given, else when the signal aborts. Rejects with
 * the signal's reason as soon as it aborts before that: a start that hangs can always be ended.
 */
export async function run (context: RunContext): Promise<number> {
  const { options, config, closers, signal, print } = context
  const duty = duties[options.role]
  await ensureDataFolder(config.dataDir)
  const logFile = `${config.dataDir}/logs/platform.log`
  const logLevel: LevelSwitch = { level: config.logLevel }
  const logger = createLogger({ level: logLevel, fields: { role: options.role }, ...(options.role === 'all' ? { to: logFile } : {}) })

  await openTracing(context, logger)
  // The input is checked before anything is started for it.
  const plan = duty.play ? await planRun(context) : undefined

  print(heading('Stack'))
  // Whoever has Stripe needs no gateway of ours; only what is played is compared with its books.
  const services = config.payments.provider === 'stripe' && !duty.play ? serviceNames.filter(name => name !== 'gateway') : serviceNames
  const stack = await ensureStack({ config, report: print, services, signal })
  closers.add('stack', async () => await stack.stop())
  const platform = await unlessAborted(signal, connectPlatform(config, stack, duty.principal))
  closers.add('connections', async () => await platform.close())
  const gateway = await openPaymentGateway(config, platform.gatewayUrl)
  const webhooks = { sender: openWebhookSender(config) }
  closers.add('webhooks', async () => await webhooks.sender.close())
  const notifications = await openNotificationChannels(config, platform.keys)
  closers.add('notification channels', async () => await notifications.close())
  const topology = createPlatformTopology(platform, {
    repair: options.repair,
    gateway,
    shipping: openCarriers(carriersOf(context)),
    risk: config.risk,
    fees: config.payments,
    identity: config.identity.rules,
    webhooks,
    privacy: { keys: platform.keys },
    notifications
  })
  const only = nodesOf(topology, duty.streams, options.only)
  if (platform.isDurable && needsMasterKey(duty, only)) await unlessAborted(signal, requireMasterKey(config))

  if (duty.provision) {
    print(heading('Provisioning'))
    // Who provisions alone is a job whose output is kept: it says every line.
    const { report, end } = options.role === 'all' ? createFoldedReport(print, line => { logger.info(line) }, logFile) : { report: print, end: () => {} }
    await unlessAborted(signal, provisionPlatform(platform, topology, report, options.initialise === undefined ? [] : [options.initialise]))
    if (stack.provider !== 'memory') await unlessAborted(signal, provisionAccess(config, stack.endpoints.brokers, topology, report))
    end()
  }
  await unlessAborted(signal, bindRegistry(platform.registry))
  if (duty.provision) await unlessAborted(signal, writeInitialRows(platform.kafka, systemClock))
  if (duty.provision) await unlessAborted(signal, provisionAdmin(context, platform))

  if (duty.api || duty.play || only.includes(privacyName)) {
    const erasures = followErasures({ kafka: platform.kafka, keys: platform.keys, clock: systemClock, logger })
    closers.add('erasures', async () => { await erasures.close() })
    await unlessAborted(signal, erasures.caughtUp())
  }
  const streams = duty.streams === 'none'
    ? undefined
    : createStreams({
      topology,
      kafka: platform.kafka,
      state: platform.state,
      clock: systemClock,
      logger,
      only,
      options: { deadLetterTopic: deadLetterTopic.name },
      ...(options.instance === undefined ? {} : { instance: options.instance, instanceId: options.instance })
    })
  const whilePlaying = streams === undefined ? signal : AbortSignal.any([signal, abortWhenTaskFails(streams, options.role === 'all' ? logFile : 'stderr')])
  const monitoring = streams === undefined && !duty.api ? undefined : await monitor(context, { platform, streams })
  if (streams !== undefined) {
    closers.add('processors', async () => await streams.close())
    await unlessAborted(signal, streams.start())
    print(`processors: ${only.join(', ')} (log: ${options.role === 'all' ? logFile : 'stderr'})`)
  }
  const serving = { config, platform, streams, logger, logLevel }
  const api = duty.api && monitoring !== undefined ? await unlessAborted(signal, serveApi({ ...serving, monitoring })) : undefined
  if (api !== undefined) {
    closers.add('API', async () => await api.close())
    print(`API: ${api.url}`)
  }
  const code = plan === undefined ? 0 : await playRun({ ...context, signal: whilePlaying, plan, stack, platform, topology })
  if (options.exit || (streams === undefined && api === undefined)) return code
  if (api !== undefined && monitoring !== undefined && duty.play) await printWelcome({ config, api, monitoring, print })
  // With an API its readiness tells; without one nobody would notice.
  const failure = await Promise.race([untilAborted(signal), ...streams === undefined || api !== undefined ? [] : [streams.failed]])
  if (failure !== undefined) throw new OpsError('OPS_STREAMS_FAILED', { problem: failure.message }, failure)
  return code
}

/**
 * The port for operators. Several processes on one machine need one each, by COMMERCE_METRICS_PORT: an API insists on it, and a process
 * without one goes on where it is taken, and says so.
 */
async function monitor ({ config, closers, print, options }: RunContext, watched: Pick<MonitoringOptions, 'platform' | 'streams'>): Promise<Monitoring | undefined> {
  try {
    const monitoring = await serveMonitoring({ config, clock: systemClock, ...watched })
    closers.add('monitoring', async () => { await monitoring.close() })
    print(`metrics: ${monitoring.url}/metrics   health: ${monitoring.url}/health/ready`)
    return monitoring
  } catch (error) {
    if (duties[options.role].api || !(error instanceof OpsError)) throw error
    print(`not monitored: ${error.message}`)
    return undefined
  }
}

/** Nobody hands over what is imported: the embedded carrier fetches it. */
function carriersOf ({ config, options }: RunContext): Pick<Config, 'carriers'> {
  const { carriers } = config
  return { carriers: { ...carriers, pickupAfterMs: carriers.pickupAfterMs ?? (options.input === undefined ? null : importPickupMs) } }
}

/** What is to be played: the file given, else generated orders; undefined when there is nothing. */
async function planRun (context: RunContext): Promise<RunPlan | undefined> {
  const { input, orders } = context.options
  if (input !== undefined) return await planImportedRun({ ...context, path: input })
  return orders > 0 ? planGeneratedRun(context.options) : undefined
}

async function provisionAdmin ({ config, print }: RunContext, { kafka, state, keys }: Platform): Promise<void> {
  const apiUrl = `http://${config.host}:${config.ports.api}`
  await provisionFirstAdmin({ kafka, state, keys, settings: config.identity, apiUrl, report: print, nowMs: systemClock.now() })
}

/** The result of `work`, or the signal's reason as soon as it aborts: what was begun ends with the connections it stands on. */
async function unlessAborted<T> (signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => { aborted.reject(signal.reason) }
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    return await Promise.race([aborted.promise, work])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

async function untilAborted (signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>(resolve => { signal.addEventListener('abort', () => { resolve() }, { once: true }) })
}
