import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'

export { type ClickHouseClient }

export interface ClickHouseOptions {
  /** `http://127.0.0.1:8123` */
  readonly url: string
  /** @default 'default' */
  readonly database?: string
  readonly username?: string
  readonly password?: string
  /** How long a request may take, ms: above the server's limit of an insert, or the client gives up on what still lands. @default 90000 */
  readonly requestTimeoutMs?: number
  /** Connections at most. @default 16 */
  readonly maxConnections?: number
  /** Compress what is sent and received: worth it over a network. @default false */
  readonly compress?: boolean
}

/** Opens a client of a ClickHouse server, or of the local front, which speaks the same. Close it with `client.close()`. */
export function openClickHouse (options: ClickHouseOptions): ClickHouseClient {
  const isCompressed = options.compress === true
  return createClient({
    url: options.url,
    database: options.database ?? 'default',
    ...(options.username === undefined ? {} : { username: options.username }),
    ...(options.password === undefined ? {} : { password: options.password }),
    request_timeout: options.requestTimeoutMs ?? 90_000,
    max_open_connections: options.maxConnections ?? 16,
    compression: { request: isCompressed, response: isCompressed },
    keep_alive: { enabled: true, idle_socket_ttl: 2000 },
    // Errors reach the caller; a second account of them on the console helps nobody.
    log: { level: ClickHouseLogLevel.OFF }
  })
}

/** Creates the database when it does not exist. */
export async function ensureDatabase (options: ClickHouseOptions): Promise<void> {
  const { database = 'default', ...rest } = options
  if (!/^\w+$/.test(database)) throw new RangeError(`not a database name: ${database}`)
  const client = openClickHouse({ ...rest })
  try {
    await client.command({ query: `CREATE DATABASE IF NOT EXISTS \`${database}\`` })
  } finally {
    await client.close()
  }
}
