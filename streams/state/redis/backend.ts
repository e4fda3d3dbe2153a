import { type StateBackend } from '../port.ts'
import { RedisCluster } from './cluster.ts'
import { RedisConnection, type RedisConnectionOptions } from './connection.ts'
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
  if (options.url.includes(',')) {
    const cluster = new RedisCluster(options)
    return {
      check: async () => { await cluster.check() },
      open: (taskKey, ordered = []) => new RedisTaskState(cluster.path(taskKey), taskKey, ordered),
      close: async () => { await cluster.close() }
    }
  }
  const connection = new RedisConnection(options)
  return {
    check: async () => { await connection.ask([{ name: 'ping', args: [] }]) },
    open: (taskKey, ordered = []) => new RedisTaskState(connection, taskKey, ordered),
    close: async () => { await connection.close() }
  }
}
