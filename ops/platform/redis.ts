import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { ensureError, type StateBackend } from '#streams'
import { createRedisBackend } from '../../streams/state/redis/index.ts'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'

/**
 * State in the Redis, or the Redis Cluster, at `url`; user, password and authority as configured.
 *
 * @throws {OpsError} OPS_CONFIG_INVALID, OPS_REDIS_UNUSABLE: what is wrong can be seen without asking the server
 */
export function openRedis ({ redis: { user, password, caFile } }: Config, url: string): StateBackend {
  const tls = caFile === '' ? {} : { tls: { ca: readAuthority(caFile) } }
  try {
    return createRedisBackend({ url, ...user === '' ? {} : { username: user }, ...password === '' ? {} : { password }, ...tls })
  } catch (error) {
    throw unusable(error)
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
