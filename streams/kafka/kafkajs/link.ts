import { ensureError, isStreamsError, StreamsError } from '../../errors.ts'
import { apiVersionsRequest } from '../wire/metadata.ts'
import { WireReader } from '../wire/reader.ts'
import { type Api, apis, type WireRequest } from '../wire/request.ts'
import { WireWriter } from '../wire/writer.ts'
import { type ConnectionConfig, createConnection, type KafkaJsConnection, type PushedRequest, type RequestQueue } from './kafkajs-internals.ts'

const SASL_AUTHENTICATE = 36
const HEADER_BYTES = 64
const LENGTH_BYTES = 4

/** The connection broke, or did not answer in time: nothing is known about what was under way on it. */
export class LinkError extends Error {
  override readonly name = 'LinkError'
}

interface VersionRange { readonly min: number, readonly max: number }

interface Pending {
  resolve (payload: Buffer): void
  reject (error: Error): void
}

/**
 * One socket to one broker, and the requests under way on it. kafkajs does the socket, TLS, SASL and framing; requests and answers are ours.
 *
 * A link that failed in any way (closed, timed out, an answer that does not parse) is over: every request under way is rejected with
 * LinkError, and its lane opens a new one. A broker serves the requests of one link one after another.
 */
export class Link {
  readonly host: string
  readonly port: number
  readonly #config: ConnectionConfig
  readonly #connection: KafkaJsConnection
  readonly #pending = new Map<number, Pending>()
  readonly #broken = Promise.withResolvers<never>()
  #ranges: ReadonlyMap<number, VersionRange> = new Map()
  #failure: Error | undefined
  #isRetired = false

  private constructor (config: ConnectionConfig, host: string, port: number) {
    this.host = host
    this.port = port
    this.#config = config
    this.#connection = createConnection(config, host, port, this.#createQueue())
    this.#broken.promise.catch(() => {}) // only of interest while opening
  }

  /**
   * Connects, checks the protocol versions of the broker, and authenticates.
   *
   * @throws {LinkError} when the broker cannot be reached.
   * @throws {StreamsError} STR_BROKER_REFUSED when it does not speak our versions or refuses the credentials.
   */
  static async open (config: ConnectionConfig, host: string, port: number): Promise<Link> {
    const link = new Link(config, host, port)
    const timer = setTimeout(() => { link.#fail(new LinkError(`${host}:${port} did not answer in time`)) }, config.requestTimeoutMs)
    try {
      await Promise.race([link.#open(), link.#broken.promise]) // kafkajs forgets a connect whose socket ends early
    } catch (error) {
      link.close()
      if (isStreamsError(error) || error instanceof LinkError) throw error
      const cause = ensureError(error)
      if (cause.name.includes('SASL')) throw new StreamsError('STR_BROKER_REFUSED', { host, port }, cause)
      throw new LinkError(`cannot connect to ${host}:${port}`, { cause })
    } finally {
      clearTimeout(timer)
    }
    return link
  }

  /** False when the link is over, or its session is about to expire: open another one. */
  get isUsable (): boolean {
    return this.#failure === undefined && (this.#connection.sasl === null || this.#connection.isAuthenticated())
  }

  /** True when the broker knows the operation in the version that we speak. */
  speaks ({ key, version }: Api): boolean {
    const range = this.#ranges.get(key)
    return range !== undefined && version >= range.min && version <= range.max
  }

  /**
   * Sends one request and reads its answer. Broker error codes are part of the answer.
   *
   * @throws {LinkError}
   */
  call<T> (request: WireRequest<T>, timeoutMs = this.#config.requestTimeoutMs): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure)
        return
      }
      const correlationId = this.#connection.nextCorrelationId()
      const { name, key, version, flexible = false } = request.api
      const out = new WireWriter(HEADER_BYTES + this.#config.clientId.length + request.sizeHint)
      out.int32(0).int16(key).int16(version).int32(correlationId).string(this.#config.clientId)
      if (flexible) out.tags()
      request.write(out)
      const frame = out.finish()
      frame.writeInt32BE(frame.length - LENGTH_BYTES)
      const timer = setTimeout(() => { this.#fail(new LinkError(`${name} was not answered within ${timeoutMs} ms`)) }, timeoutMs)
      this.#pending.set(correlationId, {
        resolve: (payload) => {
          clearTimeout(timer)
          try {
            const input = new WireReader(payload)
            if (flexible) input.tags()
            resolve(request.read(input))
          } catch (error) {
            const broken = new LinkError(`the answer to ${name} does not parse`, { cause: error })
            reject(broken)
            this.#fail(broken)
          }
        },
        reject: (error) => {
          clearTimeout(timer)
          reject(error)
        }
      })
      this.#connection.socket?.write(frame)
    })
  }

  /** Ends the socket as soon as nothing is under way on it. */
  retire (): void {
    this.#isRetired = true
    if (this.#pending.size === 0) this.close()
  }

  /** Ends the socket at once; requests under way are rejected. */
  close (): void {
    this.#fail(new LinkError('the connection was closed'))
  }

  async #open (): Promise<void> {
    const connected = this.#connection.connect()
    this.#connection.socket?.once('close', () => { this.#fail(new LinkError('the connection was closed by the other side')) })
    await connected
    const { errorCode, ranges } = await this.call(apiVersionsRequest)
    if (errorCode !== 0) throw new StreamsError('STR_BROKER_REFUSED', { operation: 'ApiVersions', errorCode })
    this.#ranges = ranges
    for (const api of Object.values(apis)) {
      if (this.speaks(api)) continue
      const range = ranges.get(api.key)
      throw new StreamsError('STR_BROKER_REFUSED', { operation: api.name, version: api.version, min: range?.min, max: range?.max })
    }
    if (this.#connection.sasl === null) return
    this.#connection.setVersions(Object.fromEntries([...ranges].map(([key, { min, max }]) => [key, { minVersion: min, maxVersion: max }])))
    this.#connection.setSupportAuthenticationProtocol(ranges.has(SASL_AUTHENTICATE))
    await this.#connection.authenticate()
  }

  #fail (error: LinkError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#broken.reject(error)
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(error)
    const destroy = (): void => { this.#connection.socket?.destroy() }
    this.#connection.disconnect().then(destroy, destroy)
  }

  #createQueue (): RequestQueue {
    return {
      push: ({ entry, sendRequest }: PushedRequest) => {
        const { correlationId } = entry
        this.#pending.set(correlationId, {
          resolve: (payload) => { entry.resolve({ correlationId, entry, size: payload.length, payload }) },
          reject: (error) => { entry.reject(error) }
        })
        sendRequest()
      },
      fulfillRequest: ({ correlationId, payload }) => {
        const pending = this.#pending.get(correlationId)
        this.#pending.delete(correlationId)
        pending?.resolve(payload)
        if (this.#isRetired && this.#pending.size === 0) this.close()
      },
      rejectAll: (error) => { this.#fail(new LinkError('the connection broke', { cause: error })) },
      waitForPendingRequests: async () => {},
      maybeThrottle: () => {}, // the broker itself holds back a throttled connection
      scheduleRequestTimeoutCheck: () => {}, // every call has a timer of its own
      destroy: () => {}
    }
  }
}
