import { type StateBackend } from '../port.ts'
import { RedisConnection, type RedisConnectionOptions } from './connection.ts'
import { RedisTaskState } from './task.ts'

export type RedisBackendOptions = RedisConnectionOptions

/**
 * State in Redis 6.2 or later, or Valkey: one primary, `maxmemory-policy noeviction`.
 *
 * Guarantees: R2 (an apply is one script that compares owner token, incarnation and position), R5 (every read ends with the meta,
 * on the connection of the applies; never from a replica; a server that may evict is refused, also after a reconnect).
 */
export function createRedisBackend (options: RedisBackendOptions): StateBackend {
  const connection = new RedisConnection(options)
  return {
    check: async () => { await connection.ask([{ name: 'ping', args: [] }]) },
    open: (taskKey, ordered = []) => new RedisTaskState(connection, taskKey, ordered),
    close: async () => { await connection.close() }
  }
}
