import { RedisCluster } from './cluster.ts'
import { RedisConnection, type RedisConnectionOptions, type RedisPath } from './connection.ts'

/** The ways to everything that is kept at a URL: one server, or the primaries of a cluster. */
export interface RedisPaths {
  /** The way to the server that keeps the keys with that hash tag. */
  to (tag: string): RedisPath
  /** @throws {StreamsError} when a server does not answer, or may not be used as it is. */
  check (): Promise<void>
  close (): Promise<void>
}

/** `options.url`: of one server; or of several nodes of a Redis Cluster, separated by commas. */
export function openRedisPaths (options: RedisConnectionOptions): RedisPaths {
  if (options.url.includes(',')) {
    const cluster = new RedisCluster(options)
    return {
      to: tag => cluster.path(tag),
      check: async () => { await cluster.check() },
      close: async () => { await cluster.close() }
    }
  }
  const connection = new RedisConnection(options)
  return {
    to: () => connection,
    check: async () => { await connection.ask([{ name: 'ping', args: [] }]) },
    close: async () => { await connection.close() }
  }
}
