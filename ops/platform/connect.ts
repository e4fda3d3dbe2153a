import { type Kafka, type StateBackend, systemClock } from '#streams'
import { type KafkaJsOptions, createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { createConfluentRegistry } from '../../streams/serde/confluent-registry.ts'
import { createMemoryRegistry } from '../../streams/serde/memory-registry.ts'
import { type SchemaRegistry } from '../../streams/serde/registry.ts'
import { createMemoryBackend, createMemoryBroker } from '#streams/testing'
import { type ClickHouseClient, ensureDatabase, openClickHouse } from '../../sinks/index.ts'
import { type Keyring } from '../../topology/privacy/keyring.ts'
import { type Config } from '../config.ts'
import { type Endpoints, type Stack } from '../stack/stack.ts'
import { type Principal } from '../provision/access.ts'
import { type RedisPaths } from '../../streams/state/redis/index.ts'
import { openKeys, openMemoryKeys } from '../keys/open-keys.ts'
import { kafkaOptions } from './kafka.ts'
import { checkState, openRedis, openSharedRedis } from './redis.ts'

/** The connections of one process to everything it stands on. */
export interface Platform {
  readonly kafka: Kafka
  readonly registry: SchemaRegistry
  readonly state: StateBackend
  /** What instances of the API share; absent = there is only this process. */
  readonly shared?: RedisPaths
  readonly clickhouse: ClickHouseClient
  readonly gatewayUrl: string
  /** Keys of personal data; the master key is asked for when the first of them is. */
  readonly keys: Keyring
  /** False when log and state live in this process only. */
  readonly isDurable: boolean
  /** Ends every connection; safe to call twice. */
  close (): Promise<void>
}

/**
 * Connects to a running stack, to a secure local broker in the name of `principal`. The catalogue's serdes work only after `bindRegistry`, which
 * provisioning precedes.
 */
export async function connectPlatform (config: Config, stack: Stack, principal: Principal | 'admin' = 'admin'): Promise<Platform> {
  const clickhouseOptions = {
    url: stack.endpoints.clickhouseUrl, username: config.clickhouse.user, password: config.clickhouse.password, database: config.clickhouse.database
  }
  await ensureDatabase(clickhouseOptions)
  const log = stack.provider === 'memory' ? connectMemory() : connectServices(config, stack.endpoints, await kafkaOptions(config, stack.endpoints.brokers, principal))
  const clickhouse = openClickHouse(clickhouseOptions)
  await log.kafka.start()
  await checkState(log.state)
  let closing: Promise<void> | undefined
  return {
    ...log,
    clickhouse,
    gatewayUrl: stack.endpoints.gatewayUrl,
    keys: stack.provider === 'memory' ? openMemoryKeys() : openKeys(config),
    isDurable: stack.provider !== 'memory',
    close: async () => await (closing ??= closeAll(log, clickhouse))
  }
}

type Log = Pick<Platform, 'kafka' | 'registry' | 'state' | 'shared'>

function connectMemory (): Log {
  return { kafka: createMemoryBroker({ clock: systemClock }).client(), registry: createMemoryRegistry(), state: createMemoryBackend() }
}

function connectServices (config: Config, endpoints: Endpoints, kafka: KafkaJsOptions): Log {
  return {
    kafka: createKafkaJs(kafka),
    registry: createConfluentRegistry({ url: endpoints.registryUrl }),
    state: openRedis(config, endpoints.redisUrl),
    shared: openSharedRedis(config, endpoints.redisUrl)
  }
}

async function closeAll (log: Log, clickhouse: ClickHouseClient): Promise<void> {
  await log.kafka.close()
  await log.state.close()
  await log.shared?.close()
  await clickhouse.close()
}
