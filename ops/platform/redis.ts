import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ensureError, type StateBackend } from '#streams'
import { createRedisBackend, openRedisPaths, type RedisBackendOptions, type RedisPaths } from '../../streams/state/redis/index.ts'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'

/**
 * State in the Redis, or the Redis Cluster, at `url`; user, password and authority as configured.
 *
 * @throws {OpsError} OPS_CONFIG_INVALID, OPS_REDIS_UNUSABLE: what is wrong can be seen without asking the server
 */
export function openRedis (config: Config, url: string): StateBackend {
  return opened(() => createRedisBackend(redisOptions(config, url)))
}

/** How long a connection that is being made is waited for, ms: what the API keeps there can be done without. */
const SHORT_WAIT_MS = 100

/**
 * The same Redis for what all instances of the API share, over connections of their own: nothing of it waits behind state.
 *
 * @throws {OpsError} as `openRedis`
 */
export function openSharedRedis (config: Config, url: string): RedisPaths {
  return opened(() => openRedisPaths({ ...redisOptions(config, url), waitMs: SHORT_WAIT_MS }))
}

function redisOptions ({ redis: { user, password, caFile } }: Config, url: string): RedisBackendOptions {
  const tls = caFile === '' ? {} : { tls: { ca: readAuthority(caFile) } }
  return { url, ...user === '' ? {} : { username: user }, ...password === '' ? {} : { password }, ...tls }
}

function opened<T> (open: () => T): T {
  try {
    return open()
  } catch (error) {
    throw error instanceof OpsError ? error : unusable(error)
  }
}

/** @throws {OpsError} OPS_REDIS_UNUSABLE: it does not answer, does not let us in, or may not be used as it is. */
export async function checkState (state: StateBackend): Promise<void> {
  try {
    await state.check()
  } catch (error) {
    throw unusable(error)
  }
}

function unusable (error: unknown): OpsError {
  return new OpsError('OPS_REDIS_UNUSABLE', { problem: ensureError(error).message }, error)
}

function readAuthority (file: string): Buffer {
  const invalid = (problem: string, error: unknown): OpsError => new OpsError('OPS_CONFIG_INVALID', { problem: `COMMERCE_REDIS_CA_FILE ${problem}: ${file}` }, error)
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    throw invalid('cannot be read', error)
  }
  try {
    new X509Certificate(bytes).toString()
  } catch (error) {
    throw invalid('holds no certificate', error)
  }
  return bytes
}
