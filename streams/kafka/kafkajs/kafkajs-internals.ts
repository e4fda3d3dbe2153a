import { createRequire } from 'node:module'
import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { type SASLOptions } from 'kafkajs'
import { StreamsError } from '../../errors.ts'

/** The one version whose internals this folder was written against. */
const PINNED = '2.2.4'
const CONNECT_TIMEOUT_MS = 5_000
const REAUTHENTICATE_BEFORE_MS = 10_000

/** How to reach the brokers. */
export interface ConnectionConfig {
  readonly clientId: string
  readonly ssl: ConnectionOptions | undefined
  readonly sasl: SASLOptions | undefined
  readonly requestTimeoutMs: number
}

/** A request that kafkajs itself sends, during authentication only. */
export interface PushedRequest {
  readonly entry: {
    readonly correlationId: number
    resolve (answer: { correlationId: number, entry: unknown, size: number, payload: Buffer }): void
    reject (error: Error): void
  }
  sendRequest (): void
}

/** What a kafkajs connection asks of its request queue. */
export interface RequestQueue {
  push (request: PushedRequest): void
  fulfillRequest (answer: { readonly correlationId: number, readonly payload: Buffer, readonly size: number }): void
  rejectAll (error: Error): void
  waitForPendingRequests (): Promise<void>
  maybeThrottle (throttleMs: number): void
  scheduleRequestTimeoutCheck (): void
  destroy (): void
}

/** The parts of a kafkajs connection (one socket: TLS, SASL, framing) that we use. */
export interface KafkaJsConnection {
  requestQueue: RequestQueue
  /** Created by `connect`. */
  readonly socket?: Socket
  readonly sasl: SASLOptions | null
  connect (): Promise<boolean>
  disconnect (): Promise<boolean>
  authenticate (): Promise<void>
  isAuthenticated (): boolean
  nextCorrelationId (): number
  setVersions (versions: Readonly<Record<number, { readonly minVersion: number, readonly maxVersion: number }>>): void
  setSupportAuthenticationProtocol (supported: boolean): void
}

interface SocketRequest { readonly host: string, readonly port: number, readonly ssl: ConnectionOptions | null, onConnect (): void }

const load = createRequire(import.meta.url)

/**
 * Makes sure that the installed kafkajs is the pinned one.
 *
 * @throws {StreamsError} STR_CLIENT_VERSION
 */
export function checkVersion (installed: string = (load('kafkajs/package.json') as { version: string }).version): void {
  if (installed !== PINNED) throw new StreamsError('STR_CLIENT_VERSION', { installed, pinned: PINNED })
}

/** A connection that is not yet open. Its own request queue is replaced: kafkajs' wakes up every millisecond for ever. */
export function createConnection (config: ConnectionConfig, host: string, port: number, queue: RequestQueue): KafkaJsConnection {
  const Connection = load('kafkajs/src/network/connection') as new (options: object) => KafkaJsConnection
  const { createLogger } = load('kafkajs/src/loggers') as { createLogger (options: object): object }
  const connection = new Connection({
    host,
    port,
    logger: createLogger({ level: 0, logCreator: () => () => {} }),
    socketFactory: openSocket,
    ssl: config.ssl ?? null,
    sasl: config.sasl === undefined ? null : { ...config.sasl },
    clientId: config.clientId,
    requestTimeout: config.requestTimeoutMs,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    reauthenticationThreshold: REAUTHENTICATE_BEFORE_MS,
    enforceRequestTimeout: false
  })
  connection.requestQueue = queue
  return connection
}

/** Without Nagle's algorithm: requests of several tasks share a socket, and a small one must not wait for an acknowledgement. */
function openSocket ({ host, port, ssl, onConnect }: SocketRequest): Socket {
  const socket = ssl === null
    ? connectPlain({ host, port }, onConnect)
    : connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
  socket.setNoDelay(true)
  socket.setKeepAlive(true, 60_000)
  return socket
}
