import { type RedisOptions } from 'ioredis'
import { StreamsError } from '../../errors.ts'

export interface RedisServerOptions {
  /** `redis://` or `rediss://` (TLS) URL, with user, password and database where needed. */
  readonly url: string
  /** Wins over the one in the URL. */
  readonly username?: string
  readonly password?: string
  /** TLS options of `rediss://`, as of node:tls: the certificate authority, a certificate of the client's own. */
  readonly tls?: Tls
}

/** Where a server is, without what opens it. */
export interface Address { readonly host: string, readonly port: number }

const DEFAULT_PORT = 6379

/** @throws {StreamsError} STR_STATE_REFUSED when it is not the URL of a Redis server. */
export function addressOf (url: string): Address {
  const { hostname, port } = parse(url)
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? DEFAULT_PORT : Number(port) }
}

/** The same server as in `url`, but for host and port: user, password and TLS stay. */
export function urlOf (url: string, { host, port }: Address): string {
  const other = parse(url)
  other.hostname = host.includes(':') ? `[${host}]` : host
  other.port = String(port)
  return other.href
}

/** `host:port`, for people. */
export function addressText ({ host, port }: Address): string {
  return `${host}:${port}`
}

type Tls = NonNullable<RedisOptions['tls']>

/** The part of ioredis' options that says which server, and how to be let in. */
interface ServerSettings extends Address {
  readonly protocol: 2
  readonly db: number
  readonly username?: string
  readonly password?: string
  readonly tls?: Tls
}

/** What ioredis needs to reach the server; the rest is the caller's. */
export function serverOptions ({ url, username, password, tls }: RedisServerOptions): ServerSettings {
  const parsed = parse(url)
  const user = username ?? decodeURIComponent(parsed.username)
  const secret = password ?? decodeURIComponent(parsed.password)
  return {
    ...addressOf(url),
    protocol: 2,
    db: databaseOf(parsed),
    ...user === '' ? {} : { username: user },
    ...secret === '' ? {} : { password: secret },
    ...parsed.protocol === 'rediss:' ? { tls: tls ?? {} } : {}
  }
}

/**
 * Why a server will have nothing to do with this client, whatever is asked: a wrong password, a certificate that is not to be trusted.
 * Undefined when trying again may help.
 */
export function refusalOf (error: Error, url: string): StreamsError | undefined {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const word = error.message.split(' ', 1)[0] ?? ''
  const isAlone = error.message.includes('cluster support disabled')
  const reason = isAlone ? NOT_A_CLUSTER : REFUSING_WORDS.test(word) ? word : REFUSING_CODES.test(code) ? code : undefined
  return reason === undefined ? undefined : new StreamsError('STR_STATE_REFUSED', { reason, address: addressText(addressOf(url)) }, error)
}

export const NOT_A_CLUSTER = 'the server is not a node of a cluster: give one URL'
/** First words of Redis' answers. */
const REFUSING_WORDS = /^(WRONGPASS|NOAUTH|NOPERM)$/
/** Codes of OpenSSL and Node for certificates that do not prove what they should, and for a server that speaks no TLS. */
const REFUSING_CODES = /CERT|SIGNATURE|ISSUER|^ERR_(TLS|SSL)/

function parse (url: string): URL {
  const parsed = URL.parse(url)
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol) || parsed.hostname === '') {
    throw new StreamsError('STR_STATE_REFUSED', { reason: 'not a redis:// or rediss:// URL' })
  }
  return parsed
}

function databaseOf ({ pathname }: URL): number {
  const database = Number(pathname.slice(1))
  if (!Number.isInteger(database)) throw new StreamsError('STR_STATE_REFUSED', { reason: 'the path of the URL is not the number of a database' })
  return database
}
