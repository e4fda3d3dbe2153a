import { once } from 'node:events'
import { type Socket, type Server, connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { KafkaFrames } from './kafka-frames.ts'

/**
 * What the network is like.
 * - fair: bytes pass. cut: connections are reset, new ones too. silent: connections stand and nothing passes, as when the other half is gone.
 * - slow: every piece waits `ms`, and up to as long again by `jitterMs`. sliced: one small piece at a time.
 */
export type Weather =
  | { readonly kind: 'fair' | 'cut' | 'silent' }
  | { readonly kind: 'slow', readonly ms: number, readonly jitterMs?: number }
  | { readonly kind: 'sliced', readonly bytes: number }

export type Direction = 'up' | 'down'

/** What passes: a chunk as it came, or with Kafka framing a whole frame. `up` is from the client. */
export interface Piece { readonly direction: Direction, readonly bytes: Buffer, readonly api?: number | undefined }

/** A point in the traffic at which something happens, once. */
export interface Failpoint {
  readonly matches: (piece: Piece) => boolean
  /**
   * pass: it is only told. hold: the piece waits for `release`, and all that follows it on the connection. drop: it never arrives.
   * change: it arrives as `change` makes it.
   */
  readonly act: 'pass' | 'hold' | 'drop' | 'change'
  readonly change?: (bytes: Buffer) => Buffer
}

/** A piece that a failpoint was waiting for. */
export interface Caught {
  readonly piece: Piece
  /** Lets a held piece go on: to its target even when its sender is gone by now, as bytes do that are under way. */
  release (): void
}

interface Armed extends Failpoint { readonly caught: (caught: Caught) => void }

export interface ProxyOptions {
  readonly port: number
  /** Port of the service behind it, on the same host. */
  readonly target: number
  readonly framing?: 'kafka'
}

const host = '127.0.0.1'
const fair: Weather = { kind: 'fair' }

/** A network between clients and one service that can be made bad, and that can be stopped at a point of the traffic. */
export class Proxy {
  readonly port: number
  readonly #server: Server
  readonly #framing: 'kafka' | undefined
  readonly #sockets = new Set<Socket>()
  #target: number
  #weather: Weather = fair
  #changed = Promise.withResolvers<void>()
  #armed: Armed[] = []
  #held: Array<() => void> = []

  private constructor ({ port, target, framing }: ProxyOptions) {
    this.port = port
    this.#target = target
    this.#framing = framing
    this.#server = createServer({ allowHalfOpen: true }, client => { this.#join(client) })
  }

  static async open (options: ProxyOptions): Promise<Proxy> {
    const proxy = new Proxy(options)
    proxy.#server.listen(options.port, host)
    await once(proxy.#server, 'listening')
    return proxy
  }

  /** Where new connections lead from now on; those that stand are reset. */
  lead (target: number): void {
    this.#target = target
    this.reset()
  }

  turn (weather: Weather): void {
    this.#weather = weather
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
    if (weather.kind === 'cut') this.reset()
  }

  /** Ends every connection with a reset; new ones are welcome. */
  reset (): void {
    for (const socket of this.#sockets) breakOff(socket)
  }

  /** Fair weather, no failpoint, nothing held. */
  heal (): void {
    this.#armed = []
    for (const release of this.#held.splice(0)) release()
    this.turn(fair)
  }

  /**
   * Resolves with the first piece that fits from now on, when it has come and before it goes on. Rejects when there is none within the
   * time; `what` says then what was waited for.
   */
  async catch (what: string, failpoint: Failpoint, withinMs = 40_000): Promise<Caught> {
    const found = Promise.withResolvers<Caught>()
    const armed: Armed = { ...failpoint, caught: found.resolve }
    this.#armed.push(armed)
    const timer = setTimeout(() => {
      this.#armed = this.#armed.filter(other => other !== armed)
      found.reject(new Error(`the network carried no ${what} within ${withinMs / 1000} s`))
    }, withinMs)
    return await found.promise.finally(() => { clearTimeout(timer) })
  }

  async close (): Promise<void> {
    this.heal()
    this.#server.close()
    this.reset()
    await once(this.#server, 'close')
  }

  #join (client: Socket): void {
    if (this.#weather.kind === 'cut') {
      client.on('error', () => {})
      breakOff(client)
      return
    }
    const service = connect({ host, port: this.#target, allowHalfOpen: true, noDelay: true })
    client.setNoDelay(true)
    for (const socket of [client, service]) {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.once('close', () => this.#sockets.delete(socket))
    }
    const frames = this.#framing === 'kafka' ? new KafkaFrames() : undefined
    const cut = (direction: Direction, chunk: Buffer): readonly Piece[] =>
      frames === undefined ? [{ direction, bytes: chunk }] : frames.push(direction, chunk).map(frame => ({ direction, ...frame }))
    this.#pump(client, service, chunk => cut('up', chunk))
    this.#pump(service, client, chunk => cut('down', chunk))
  }

  /** Carries one direction of a connection, piece by piece. What is held still arrives when the sender has gone. */
  async #pump (from: Socket, to: Socket, cut: (chunk: Buffer) => readonly Piece[]): Promise<void> {
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
        for (const piece of cut(chunk)) await this.#carry(piece, to)
      }
    } catch {
      // The sender is gone, in order or not: what it had sent still arrives.
    }
    to.end()
  }

  async #carry (piece: Piece, to: Socket): Promise<void> {
    const at = this.#armed.findIndex(({ matches }) => matches(piece))
    const [failpoint] = at < 0 ? [] : this.#armed.splice(at, 1)
    let { bytes } = piece
    if (failpoint !== undefined) {
      const held = Promise.withResolvers<void>()
      if (failpoint.act === 'hold') this.#held.push(held.resolve)
      else held.resolve()
      failpoint.caught({ piece, release: held.resolve })
      await held.promise
      if (failpoint.act === 'drop') return
      if (failpoint.act === 'change') bytes = failpoint.change?.(bytes) ?? bytes
    }
    await this.#send(bytes, to)
  }

  async #send (bytes: Buffer, to: Socket): Promise<void> {
    while (this.#weather.kind === 'silent') await this.#changed.promise
    const weather = this.#weather
    if (weather.kind === 'slow') await sleep(weather.ms + Math.random() * (weather.jitterMs ?? 0))
    const step = weather.kind === 'sliced' ? weather.bytes : Math.max(1, bytes.length)
    for (let start = 0; start < bytes.length; start += step) {
      if (to.destroyed) return
      // A slice that is not alone in its packet is none: the event loop gets its turn between two.
      if (!to.write(bytes.subarray(start, start + step))) await Promise.race([once(to, 'drain'), once(to, 'close')])
      if (weather.kind === 'sliced') await new Promise(resolve => { setImmediate(resolve) })
    }
  }
}

/** A reset; of a socket that is ending or not there yet a plain end: a reset of those leaves the event loop spinning. */
function breakOff (socket: Socket): void {
  if (socket.writableEnded || socket.connecting) socket.destroy()
  else socket.resetAndDestroy()
}
