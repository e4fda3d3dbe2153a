import { type Duplex } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { Command, Redis } from 'ioredis'
import { ensureError, isStreamsError, StreamsError } from '../../errors.ts'
import { type Argument } from './apply-chunks.ts'
import { encodeCommand } from './encode.ts'
import { onFailure } from './failures.ts'
import { type ScriptName, scripts } from './scripts.ts'
import { addressOf, addressText, NOT_A_CLUSTER, refusalOf, type RedisServerOptions, serverOptions } from './server.ts'

export interface RedisConnectionOptions extends RedisServerOptions {
  /** How long a call waits for a connection that is being made, ms; then STR_STATE_UNAVAILABLE. @default 2000 */
  readonly waitMs?: number
  /** A connection on which an asked server is silent for so long is given up, ms. @default 10000 */
  readonly silenceMs?: number
  /** The server must be a node of a cluster, or must not be one. @default false */
  readonly isCluster?: boolean
}

/** One command; its answer comes as buffers. */
export interface RedisCommand { readonly name: string, readonly args: readonly Argument[] }

/** The way to the server that keeps a task: one connection at a time, in the order of the calls. */
export interface RedisPath {
  /**
   * Sends commands in one write and answers all replies, in order; `isOneMoment`: as one transaction of the server.
   *
   * @throws {StreamsError} STR_STATE_UNAVAILABLE, STR_STATE_FULL, STR_STATE_REFUSED, STR_STATE_EVICTING, STR_CLOSED
   */
  ask (commands: readonly RedisCommand[], isOneMoment?: boolean): Promise<readonly unknown[]>
  /** Runs a script by its hash; `keyCount` of the arguments are keys. */
  run (name: ScriptName, calls: ReadonlyArray<{ readonly keyCount: number, readonly args: readonly Argument[] }>): Promise<readonly unknown[]>
}

const PREPARE_AGAIN_MS = 500

type State = 'connecting' | 'ready' | 'closed'

/**
 * One connection, used for everything: what was asked first is done first, and nothing is ever sent twice.
 *
 * When it breaks, every open call is rejected at once (STR_STATE_UNAVAILABLE: done or not done, nobody knows) and none is repeated
 * on the next connection. A new connection is used only after its server was found to be a primary that never evicts, and holds the
 * scripts. So the answers of one `ask` always come from one connection.
 */
export class RedisConnection implements RedisPath {
  readonly #redis: Redis
  readonly #url: string
  readonly #address: string
  readonly #isCluster: boolean
  readonly #waitMs: number
  #state: State = 'connecting'
  #refusal: StreamsError | undefined
  #settled = Promise.withResolvers<void>()
  #lastError: Error | undefined
  #again: NodeJS.Timeout | undefined

  constructor (options: RedisConnectionOptions) {
    this.#waitMs = options.waitMs ?? 2_000
    this.#url = options.url
    this.#address = addressText(addressOf(options.url))
    this.#isCluster = options.isCluster ?? false
    this.#redis = new Redis({
      ...serverOptions(options),
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      connectTimeout: 5_000,
      socketTimeout: options.silenceMs ?? 10_000,
      retryStrategy: (attempts: number) => Math.min(5 * 2 ** Math.min(attempts, 8), 1_000)
    })
    onFailure(this.#redis, error => { this.#failed(error) })
    this.#redis.on('ready', () => { this.#startPreparing() })
    this.#redis.on('close', () => {
      clearTimeout(this.#again)
      if (this.#state === 'ready') this.#unready()
    })
  }

  async ask (commands: readonly RedisCommand[], isOneMoment = false): Promise<readonly unknown[]> {
    if (this.#state !== 'ready') await this.#ready()
    try {
      return await (isOneMoment ? this.#sendAsOne(commands) : this.#send(commands))
    } catch (error) {
      // Somebody flushed the scripts: nothing was done. Load them before anything else is asked.
      if (this.#isReady() && isNoScript(error)) {
        this.#unready()
        await this.#prepare()
      }
      throw error
    }
  }

  async run (name: ScriptName, calls: ReadonlyArray<{ readonly keyCount: number, readonly args: readonly Argument[] }>): Promise<readonly unknown[]> {
    return await this.ask(calls.map(({ keyCount, args }) => ({ name: 'evalsha', args: [scripts[name].sha, String(keyCount), ...args] })))
  }

  async close (): Promise<void> {
    if (this.#state === 'closed') return
    const wasReady = this.#state === 'ready'
    this.#state = 'closed'
    clearTimeout(this.#again)
    this.#settled.resolve()
    try {
      if (wasReady) await this.#redis.quit()
    } finally {
      this.#redis.disconnect()
    }
  }

  async #ready (): Promise<void> {
    const timeout = Promise.withResolvers<void>()
    const timer = setTimeout(timeout.resolve, this.#waitMs)
    try {
      await Promise.race([this.#settled.promise, timeout.promise])
    } finally {
      clearTimeout(timer)
    }
    if (this.#refusal !== undefined) throw this.#refusal
    if (this.#isClosed()) throw new StreamsError('STR_CLOSED')
    if (this.#state !== 'ready') throw new StreamsError('STR_STATE_UNAVAILABLE', { reason: codeOf(this.#lastError) ?? 'not connected', address: this.#address }, this.#lastError)
  }

  #isReady (): boolean {
    return this.#state === 'ready'
  }

  #isClosed (): boolean {
    return this.#state === 'closed'
  }

  #unready (): void {
    this.#state = 'connecting'
    this.#settled = Promise.withResolvers()
  }

  /** The connection could not be made, or broke. Who waits for it is told at once when it never will be. */
  #failed (error: Error): void {
    this.#lastError = error
    if (this.#isClosed()) return
    const refusal = isStreamsError(error, 'STR_STATE_REFUSED') ? error : refusalOf(error, this.#url)
    if (refusal === undefined && this.#refusal === undefined) return
    this.#refusal = refusal
    if (refusal === undefined) this.#settled = Promise.withResolvers()
    else this.#settled.resolve()
  }

  /** A server that was refused, or would not say, is asked again: replicas are promoted, policies corrected. */
  #startPreparing (): void {
    this.#prepare().catch(error => { this.#failed(ensureError(error)) }).finally(() => {
      if (this.#state === 'connecting' && this.#redis.status === 'ready') this.#again = setTimeout(() => { this.#startPreparing() }, PREPARE_AGAIN_MS)
    })
  }

  /** What a server must prove before it is asked anything else. */
  async #prepare (): Promise<void> {
    if (this.#isClosed()) return
    const loads = Object.values(scripts).map(script => ({ name: 'script', args: ['LOAD', script.source] }))
    const asked = [{ name: 'role', args: [] }, { name: 'info', args: ['memory'] }, { name: 'info', args: ['cluster'] }]
    const [role, memory, cluster] = await this.#send([...asked, ...loads])
    const [kind] = role as readonly unknown[]
    if (this.#isClosed()) return
    this.#refusal = this.#judge(String(kind), String(memory), String(cluster))
    if (this.#refusal === undefined) this.#state = 'ready'
    this.#settled.resolve()
  }

  /** Why the server must not be used as it is. */
  #judge (role: string, memory: string, cluster: string): StreamsError | undefined {
    const isCluster = /^cluster_enabled:1/m.test(cluster)
    const address = this.#address
    if (isCluster !== this.#isCluster) {
      const reason = isCluster ? 'the server is a node of a cluster: give the URLs of several nodes, or one that stands for all of them twice' : NOT_A_CLUSTER
      return new StreamsError('STR_STATE_REFUSED', { reason, address })
    }
    if (role !== 'master') return new StreamsError('STR_STATE_UNAVAILABLE', { reason: `the server is a ${role}, not a primary`, address })
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1]
    return policy === 'noeviction' ? undefined : new StreamsError('STR_STATE_EVICTING', { policy: policy ?? 'unknown', address })
  }

  /** A command that fails inside of the transaction is answered as an error among the replies. */
  async #sendAsOne (commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const replies = (await this.#send([BEGIN, ...commands, END])).at(-1) as readonly unknown[]
    const failed = replies.find(reply => reply instanceof Error)
    if (failed !== undefined) throw this.#translate(ensureError(failed))
    return replies
  }

  async #send (commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const stream = this.#redis.stream as Duplex | undefined
    stream?.cork()
    const replies = commands.map(({ name, args }) => this.#redis.sendCommand(new EncodedCommand(name, args)))
    stream?.uncork()
    try {
      return await Promise.all(replies)
    } catch (error) {
      // A caller that asks again at once must not keep the event loop from noticing that the connection is gone.
      await turn()
      throw this.#translate(ensureError(error))
    }
  }

  /** The first word of a Redis error is its code and holds no data. */
  #translate (error: Error): StreamsError {
    if (this.#isClosed()) return new StreamsError('STR_CLOSED')
    if (NO_MEMORY.test(error.message)) return new StreamsError('STR_STATE_FULL', { address: this.#address }, error)
    return refusalOf(error, this.#url) ?? new StreamsError('STR_STATE_UNAVAILABLE', { reason: error.message.split(' ', 1)[0] }, error)
  }
}

/** What the operating system calls it, as in ECONNREFUSED. */
function codeOf (error: Error | undefined): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code
}

/** What a server says, also out of the middle of a script, when writing would need more memory than it may have. */
const NO_MEMORY = /\bOOM command not allowed\b/

/** What every command of a transaction of the server is wrapped in. */
const BEGIN: RedisCommand = Object.freeze({ name: 'multi', args: [] })
const END: RedisCommand = Object.freeze({ name: 'exec', args: [] })

/** A command that ioredis sends as it is: its own encoder goes over each argument several times. */
class EncodedCommand extends Command {
  readonly #bytes: Buffer

  constructor (name: string, args: readonly Argument[]) {
    super(name, [], { replyEncoding: null })
    this.#bytes = encodeCommand(name, args)
  }

  override toWritable (): Buffer {
    return this.#bytes
  }
}

function isNoScript (error: unknown): boolean {
  return error instanceof StreamsError && error.cause instanceof Error && error.cause.message.startsWith('NOSCRIPT')
}
