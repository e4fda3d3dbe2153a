import { type StateBackend } from '../port.ts'
import { type RedisConnectionOptions } from './connection.ts'
import { openRedisPaths } from './paths.ts'
import { RedisTaskState } from './task.ts'

/** `url`: of one server; or of several nodes of a Redis Cluster, separated by commas. */
export type RedisBackendOptions = RedisConnectionOptions

/**
 * State in Redis 6.2 or later, or Valkey: one primary, or a Redis Cluster, with `maxmemory-policy noeviction`.
 *
 * Guarantees: R2 (an apply is one script that compares owner token, incarnation and position), R5 (every read ends with the meta,
 * on the connection of the applies; never from a replica; a server that may evict is refused, also after a reconnect). A cluster keeps
 * each task in one hash slot, so they hold there too; a failover that lost writes is found like any other loss.
 */
export function createRedisBackend (options: RedisBackendOptions): StateBackend {
  const { to, check, close } = openRedisPaths(options)
  return { check, open: (taskKey, ordered = []) => new RedisTaskState(to(taskKey), taskKey, ordered), close }
}
