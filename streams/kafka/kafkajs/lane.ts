import { StreamsError } from '../../errors.ts'
import { type ConnectionConfig } from './kafkajs-internals.ts'
import { Link, LinkError } from './link.ts'

/** Where a node is; undefined when the metadata does not know it (any more). */
export type FindAddress = (nodeId: number) => { readonly host: string, readonly port: number } | undefined

/**
 * A set of connections of its own, one to each broker that is asked for. A broker serves one request of a connection at a time, so what must
 * not wait for something else (a long poll, a join) has its own lane (C1).
 */
export class Lane {
  readonly #config: ConnectionConfig
  readonly #find: FindAddress
  readonly #links = new Map<number, Promise<Link>>()
  readonly #open = new Map<number, Link>()
  #isClosed = false

  constructor (config: ConnectionConfig, find: FindAddress) {
    this.#config = config
    this.#find = find
  }

  /**
   * The connection to a broker, opened when there is none.
   *
   * @throws {LinkError} when the node is unknown or cannot be reached: refresh the metadata, wait, ask again.
   */
  async link (nodeId: number): Promise<Link> {
    if (this.#isClosed) throw new StreamsError('STR_CLOSED')
    const address = this.#find(nodeId)
    if (address === undefined) throw new LinkError(`broker ${nodeId} is not part of the cluster`)
    const open = this.#open.get(nodeId)
    if (open !== undefined && open.isUsable && open.host === address.host && open.port === address.port) return open
    let opening = this.#links.get(nodeId)
    if (opening === undefined) {
      opening = this.#connect(nodeId, address.host, address.port)
      this.#links.set(nodeId, opening)
    }
    return await opening
  }

  /** Ends every connection. */
  close (): void {
    this.#isClosed = true
    for (const link of this.#open.values()) link.close()
    this.#open.clear()
  }

  async #connect (nodeId: number, host: string, port: number): Promise<Link> {
    try {
      const link = await Link.open(this.#config, host, port)
      if (this.#isClosed) {
        link.close()
        throw new StreamsError('STR_CLOSED')
      }
      this.#open.get(nodeId)?.retire() // its session is about to expire, or the node moved
      this.#open.set(nodeId, link)
      return link
    } finally {
      this.#links.delete(nodeId)
    }
  }
}
