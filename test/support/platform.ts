import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Test } from 'tap'
import { type OutgoingRecord, type Streams, createStreams, systemClock } from '#streams'
import { type Config } from '../../ops/config.ts'
import { createLogger } from '../../ops/logger.ts'
import { type Platform, connectPlatform } from '../../ops/platform/connect.ts'
import { followErasures } from '../../ops/platform/follow-erasures.ts'
import { openCarriers } from '../../ops/platform/carriers.ts'
import { writeInitialRows } from '../../ops/platform/initial-rows.ts'
import { provisionPlatform } from '../../ops/platform/provision.ts'
import { serveApi } from '../../ops/platform/serve-api.ts'
import { serveMonitoring } from '../../ops/platform/serve-monitoring.ts'
import { createPlatformTopology } from '../../ops/platform/topology.ts'
import { openWebhookSender } from '../../ops/platform/webhooks.ts'
import { withLock } from '../../ops/stack/lock-file.ts'
import { freePorts } from '../../ops/stack/ports.ts'
import { type ServiceStack, serviceNames } from '../../ops/stack/stack.ts'
import { createToken } from '../../ops/token.ts'
import { type Role } from '../../api/index.ts'
import { bindRegistry, deadLetterTopic } from '../../topology/index.ts'
import { type TestStack, useStack } from './stack.ts'
import { until } from './until.ts'

/** A whole platform in the process of a test: processors, sinks and API over real services. */
export interface TestPlatform extends Platform {
  readonly streams: Streams
  /** Where its services are. */
  readonly endpoints: TestStack['endpoints']
  /** Base URL of the API. */
  readonly apiUrl: string
  /** An access token of the role; a customer's subject is its customer id. */
  token (role: Role, subject: string): Promise<string>
  /** Writes records; resolves with their offsets when they are acknowledged. */
  send (...records: readonly OutgoingRecord[]): Promise<readonly bigint[]>
}

export interface PlatformOptions {
  /** The configuration as the test needs it. */
  readonly configure?: (config: Config) => Config
}

/**
 * Provisions and starts the platform on the shared services, and waits until it is ready; it ends with the test. Undefined, with the test skipped, where the
 * services cannot run.
 *
 * Topics and application id are those of the product, so that platforms of several test files are members of one group and share
 * the work: keep tests apart by order ids and SKUs of their own.
 */
export async function usePlatform (t: Test, { configure = config => config }: PlatformOptions = {}): Promise<TestPlatform | undefined> {
  const services = await useStack(t, { services: serviceNames })
  if (services === undefined) return undefined
  const { dataDir } = services.config
  const [api = 0, metrics = 0] = await freePorts('127.0.0.1', 2)
  // Test files share one Redis, and so the limits of one address.
  const unlimited = { ...services.config.api, areLimitsLifted: true }
  const config = configure({ ...services.config, api: unlimited, ports: { ...services.config.ports, api, metrics } })
  const platform = await connectPlatform(config, stackOf(services))
  t.teardown(async () => await platform.close())
  // Parcels travel fast, once they are handed over: what a test wants to stop, nobody takes away.
  const shipping = openCarriers({ carriers: { ...config.carriers, dayMs: 20, pickupAfterMs: null } })
  // Platforms of all test files are one group: whichever of them has a subscription posts to receivers of any of them.
  const webhooks = { ...config.webhooks, allowLoopback: true }
  const sender = openWebhookSender({ webhooks })
  t.teardown(async () => await sender.close())
  const topology = createPlatformTopology(platform, { shipping, privacy: { keys: platform.keys }, webhooks: { sender } })
  mkdirSync(dataDir, { recursive: true })
  await withLock(join(dataDir, 'provision.lock'), { waitMs: 5 * 60_000 }, async () => await provisionPlatform(platform, topology, () => {}))
  await bindRegistry(platform.registry)
  await writeInitialRows(platform.kafka, systemClock)

  const logger = createLogger({ level: 'warn', fields: { test: t.name }, to: join(dataDir, 'logs', `platform-${process.pid}.log`) })
  const { kafka, state } = platform
  // Whichever process of the group erases somebody: this one forgets the key as well.
  const erasures = followErasures({ kafka, keys: platform.keys, clock: systemClock, logger })
  t.teardown(async () => { await erasures.close() })
  await erasures.caughtUp()
  const streams = createStreams({ topology, kafka, state, clock: systemClock, logger, options: { deadLetterTopic: deadLetterTopic.name } })
  t.teardown(async () => await streams.close())
  const monitoring = await serveMonitoring({ config, clock: systemClock, streams, platform })
  t.teardown(async () => await monitoring.close())
  await streams.start()
  const served = await serveApi({ config: { ...config, webhooks }, platform, streams, monitoring, logger })
  t.teardown(async () => await served.close())
  await until(async () => (await fetch(`${served.url}/health/ready`)).ok)
  return {
    ...platform,
    streams,
    endpoints: services.endpoints,
    apiUrl: served.url,
    token: async (role, subject) => await createToken({ role, subject, grants: [], ttlS: undefined }, config),
    send: async (...records) => (await kafka.producer().send(records)).map(({ offset }) => offset)
  }
}

function stackOf ({ endpoints, provider }: TestStack): ServiceStack {
  return { provider: 'external', reason: provider, endpoints, versions: {}, started: [], stop: async () => {} }
}
