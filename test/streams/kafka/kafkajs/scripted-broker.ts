import { createServer, type Server, type Socket } from 'node:net'
import { type Test } from 'tap'
import { createKafkaJs, type KafkaJs, type KafkaJsOptions } from '../../../../streams/kafka/kafkajs/client.ts'
import { WireReader } from '../../../../streams/kafka/wire/reader.ts'
import { type Api, apis, optionalApis } from '../../../../streams/kafka/wire/request.ts'
import { WireWriter } from '../../../../streams/kafka/wire/writer.ts'

const everyApi = { ...apis, ...optionalApis }

export type ApiName = keyof typeof everyApi

/** Writes the body of an answer. `silence` answers nothing, `hang-up` closes the connection. */
export type Script = (out: WireWriter, input: WireReader, call: number) => undefined | 'silence' | 'hang-up'

/** One partition of topic `t`, led by this broker. */
export const TOPIC = 't'

/**
 * A broker of one node that speaks the protocol over a real socket and answers as it is told, so that every answer of a real broker, and
 * every way not to answer, can be had on purpose. Without a script it answers well: one topic `t` with one partition and an empty log.
 */
export class ScriptedBroker {
  readonly calls: ApiName[] = []
  readonly bodies = new Map<ApiName, Buffer[]>()
  readonly #server: Server
  readonly #scripts = new Map<ApiName, Script>()
  readonly #sockets = new Set<Socket>()
  port = 0
  connections = 0

  private constructor () {
    this.#server = createServer((socket) => { this.#serve(socket) })
  }

  /** Listens on a free port; ends with the test. */
  static async start (t: Test): Promise<ScriptedBroker> {
    const broker = new ScriptedBroker()
    await new Promise<void>((resolve) => { broker.#server.listen(0, '127.0.0.1', resolve) })
    const address = broker.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    broker.port = address.port
    t.teardown(async () => {
      broker.hangUp()
      await new Promise<void>((resolve) => { broker.#server.close(() => { resolve() }) })
    })
    return broker
  }

  /** Replaces how an operation is answered. */
  script (name: ApiName, script: Script): void {
    this.#scripts.set(name, script)
  }

  /** Answers an operation with these error codes, one call after another, then well again. */
  fail (name: ApiName, ...codes: number[]): void {
    let next = 0
    this.#scripts.set(name, (out, input) => {
      const code = codes[next++] ?? 0
      return good[name](out, input, this.port, code)
    })
  }

  /** How often an operation was asked. */
  count (name: ApiName): number {
    return this.calls.filter((call) => call === name).length
  }

  /** Ends every connection. */
  hangUp (): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve (socket: Socket): void {
    this.connections++
    this.#sockets.add(socket)
    let buffered = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('close', () => { this.#sockets.delete(socket) })
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk])
      while (buffered.length >= 4 && buffered.length >= 4 + buffered.readInt32BE(0)) {
        const size = buffered.readInt32BE(0)
        this.#answer(socket, buffered.subarray(4, 4 + size))
        buffered = buffered.subarray(4 + size)
      }
    })
  }

  #answer (socket: Socket, request: Buffer): void {
    const input = new WireReader(request)
    const key = input.int16()
    input.int16()
    const correlationId = input.int32()
    const client = input.string()
    const name = (Object.keys(everyApi) as ApiName[]).find((one) => everyApi[one].key === key)
    if (name === undefined) throw new Error(`operation ${key} is not ours`)
    const { flexible = false }: Api = everyApi[name]
    this.calls.push(name)
    this.bodies.set(name, [...this.bodies.get(name) ?? [], request.subarray(10 + client.length + (flexible ? 1 : 0))])
    const out = new WireWriter(256).int32(0).int32(correlationId)
    if (flexible) {
      input.tags()
      out.tags()
    }
    const script = this.#scripts.get(name) ?? ((o, i) => good[name](o, i, this.port, 0))
    const how = script(out, input, this.count(name))
    if (how === 'hang-up') socket.destroy()
    if (how === undefined) {
      const frame = out.finish()
      frame.writeInt32BE(frame.length - 4)
      socket.write(frame)
    }
  }
}

/** Metadata of several nodes (1, 2, …); `leaders[p]` leads partition p. */
export function clusterOf (brokers: readonly ScriptedBroker[], ...leaders: readonly number[]): Script {
  return (out) => {
    out.int32(noThrottle)
    out.array(brokers.map(({ port }, index) => ({ nodeId: index + 1, port })), (o, { nodeId, port }) => {
      o.int32(nodeId).string('127.0.0.1').int32(port).string(null)
    })
    out.string('cluster').int32(1).int32(1).int16(0).string(TOPIC).boolean(false)
    out.array([...leaders.entries()], (o, [partition, leader]) => { o.int16(0).int32(partition).int32(leader).int32(0).int32(0).int32(0) })
    return undefined
  }
}

/** A started client of that broker; closed with the test. */
export async function clientOf (t: Test, broker: ScriptedBroker, options: Partial<KafkaJsOptions> = {}): Promise<KafkaJs> {
  const client = createKafkaJs({ brokers: [`127.0.0.1:${broker.port}`], clientId: 'scripted', requestTimeoutMs: 2_000, ...options })
  t.teardown(() => client.close())
  await client.start()
  return client
}

type Good = (out: WireWriter, input: WireReader, port: number, code: number) => undefined

const noThrottle = 0
let offset = 0n
/** What the broker says of the producers of its partition; a coordinator knows the first one only. */
const producers = [{ id: 7n, firstOffset: 40n }, { id: 8n, firstOffset: -1n }, { id: 9n, firstOffset: 12n }]

/** The usual answers; `code` is the error code of the (first) item. */
const good: Record<ApiName, Good> = {
  apiVersions: (out, _, __, code) => {
    out.int16(code).array(Object.values(everyApi), (o, { key, version }) => { o.int16(key).int16(version).int16(version) })
  },
  metadata: (out, _, port, code) => {
    out.int32(noThrottle).int32(1).int32(1).string('127.0.0.1').int32(port).string(null).string('cluster').int32(1)
    out.int32(1).int16(code).string(TOPIC).boolean(false).int32(code === 0 ? 1 : 0)
    if (code === 0) out.int16(0).int32(0).int32(1).int32(0).int32(0).int32(0)
  },
  findCoordinator: (out, _, port, code) => { out.int32(noThrottle).int16(code).string(null).int32(1).string('127.0.0.1').int32(port) },
  initProducerId: (out, _, __, code) => { out.int32(noThrottle).int16(code).int64(7n).int16(0) },
  addPartitionsToTxn: (out, _, __, code) => { out.int32(noThrottle).int32(1).string(TOPIC).int32(1).int32(0).int16(code) },
  produce: (out, _, __, code) => {
    out.int32(1).string(TOPIC).int32(1).int32(0).int16(code).int64(code === 0 ? offset++ : -1n).int64(1_700_000_000_000n).int64(0n).int32(noThrottle)
  },
  endTxn: (out, _, __, code) => { out.int32(noThrottle).int16(code) },
  fetch: (out, _, __, code) => {
    out.int32(noThrottle).int16(0).int32(0).int32(1).string(TOPIC).int32(1).int32(0).int16(code).int64(0n).int64(0n).int64(0n).int32(0).int32(-1).int32(0)
  },
  listOffsets: (out, _, __, code) => { out.int32(noThrottle).int32(1).string(TOPIC).int32(1).int32(0).int16(code).int64(-1n).int64(42n) },
  offsetCommit: (out, _, __, code) => { out.int32(noThrottle).int32(1).string(TOPIC).int32(1).int32(0).int16(code) },
  joinGroup: (out, _, __, code) => {
    out.int32(noThrottle).int16(code).int32(1).string('p').string('member-1').string('member-1').int32(1).string('member-1').string(null).int32(-1)
  },
  syncGroup: (out, _, __, code) => { out.int32(noThrottle).int16(code).int32(13).int16(0).int32(0).int32(3).int8(65).int8(66).int8(67) },
  heartbeat: (out, _, __, code) => { out.int32(noThrottle).int16(code) },
  leaveGroup: (out, _, __, code) => { out.int32(noThrottle).int16(code).int32(0) },
  createTopics: (out, _, __, code) => { out.int32(noThrottle).int32(1).string(TOPIC).int16(code).string(null) },
  deleteTopics: (out, _, __, code) => { out.int32(noThrottle).int32(1).string(TOPIC).int16(code) },
  describeConfigs: (out, _, __, code) => {
    out.int32(noThrottle).int32(1).int16(code).string(null).int8(2).string(TOPIC)
    out.int32(1).string('max.message.bytes').string('1000').boolean(false).int8(5).boolean(false).int32(0)
  },
  describeProducers: (out, _, __, code) => {
    out.int32(noThrottle).compactArray([TOPIC], (o, topic) => {
      o.compactString(topic).compactArray([0], (p, partition) => {
        p.int32(partition).int16(code).compactString('')
        p.compactArray(producers, (q, { id, firstOffset }) => { q.int64(id).int32(0).int32(0).int64(0n).int32(0).int64(firstOffset).tags() }).tags()
      }).tags()
    }).tags()
  },
  listTransactions: (out, _, __, code) => {
    out.int32(noThrottle).int16(code).compactArray<string>([], (o, state) => { o.compactString(state) })
    out.compactArray(producers.slice(0, 1), (o, { id }) => { o.compactString('foreign').int64(id).compactString('Ongoing').tags() }).tags()
  },
  incrementalAlterConfigs: (out, _, __, code) => { out.int32(noThrottle).int32(1).int16(code).string(null).int8(2).string(TOPIC) }
}
