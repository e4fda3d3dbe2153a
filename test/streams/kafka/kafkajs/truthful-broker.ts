import { type ClusterView } from '../../../../streams/kafka/kafkajs/cluster.ts'
import { type Lane } from '../../../../streams/kafka/kafkajs/lane.ts'
import { LinkError } from '../../../../streams/kafka/kafkajs/link.ts'
import { type EpochOptions } from '../../../../streams/kafka/kafkajs/transaction-epoch.ts'
import { brokerErrors, type BrokerErrorName } from '../../../../streams/kafka/wire/broker-error.ts'
import { readBatch, RecordCursor } from '../../../../streams/kafka/wire/record-batch-decoder.ts'
import { batchLayout } from '../../../../streams/kafka/wire/record-batch.ts'
import { WireReader } from '../../../../streams/kafka/wire/reader.ts'
import { apis, type WireRequest } from '../../../../streams/kafka/wire/request.ts'
import { WireWriter } from '../../../../streams/kafka/wire/writer.ts'

export const PARTITIONS = 3
export const PRODUCER_ID = 7n
export const LIMIT_BYTES = 160

/** Proof that the coordinator did nothing. */
export const harmless: readonly BrokerErrorName[] = ['CONCURRENT_TRANSACTIONS', 'NOT_COORDINATOR', 'COORDINATOR_NOT_AVAILABLE', 'COORDINATOR_LOAD_IN_PROGRESS']
export const errors: readonly BrokerErrorName[] = ['CONCURRENT_TRANSACTIONS', 'NOT_COORDINATOR', 'INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'INVALID_TXN_STATE', 'MESSAGE_TOO_LARGE',
  'NOT_LEADER_OR_FOLLOWER', 'UNKNOWN_SERVER_ERROR', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', 'UNKNOWN_PRODUCER_ID']

const possibleOnInit: readonly BrokerErrorName[] = [...harmless, 'INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'REQUEST_TIMED_OUT', 'UNKNOWN_SERVER_ERROR']

/** What happens to one request: done or not, and told or not. */
export interface Fault {
  /** At which request, counted from the fault before. */
  readonly after: number
  /**
   * `refuse` answers an error and does nothing; `lose` does nothing and breaks off; `deaf` does it and breaks off; `late` breaks off and
   * does it later; `omit` does it and answers with nothing in it.
   */
  readonly how: 'refuse' | 'lose' | 'deaf' | 'late' | 'omit'
  readonly error: BrokerErrorName
}

export interface Stored { readonly value: string, readonly epoch: number, outcome: 'open' | 'committed' | 'aborted' }
interface LastBatch { readonly epoch: number, readonly first: number, readonly next: number, readonly offset: number }

/**
 * Coordinator and leader in one, which keep the truth: what they stored, and whether it is committed. As a real broker it takes a batch with the sequence of
 * the last one for a repetition, whatever came of that one.
 */
export class TruthfulBroker {
  readonly logs: Stored[][] = Array.from({ length: PARTITIONS }, () => [])
  /** The epochs about which an error was told, and what was sent on one of them afterwards. */
  readonly over = new Set<number>()
  readonly wrong: string[] = []
  epoch = -1
  requests = 0
  faults: Fault[] = []
  #wait = 0
  #added = new Set<number>()
  readonly #last = new Map<number, LastBatch>()
  readonly #later: Array<() => void> = []

  options (): EpochOptions {
    const link = { call: this.#call.bind(this) }
    const lane = { link: async () => await Promise.resolve(link) } as unknown as Lane
    const cluster: Partial<ClusterView> = {
      config: { requestTimeoutMs: 60 } as ClusterView['config'],
      findCoordinator: async () => await Promise.resolve(1),
      leader: (_, partition) => partition % 2,
      trustedLeader: (_, partition) => partition % 2,
      locate: async () => { await Promise.resolve() },
      doubt: () => {}
    }
    return { cluster: cluster as ClusterView, lane, transactionalId: 'x', timeoutMs: 1_000 }
  }

  /** Requests that were lost on the way arrive after all. */
  deliverLate (): void {
    for (const arrive of this.#later.splice(0)) arrive()
  }

  committed (): string[][] {
    return this.logs.map(log => log.filter(({ outcome }) => outcome === 'committed').map(({ value }) => value))
  }

  async #call<T> (request: WireRequest<T>): Promise<T> {
    const body = new WireWriter(512)
    request.write(body)
    const bytes = Buffer.from(body.finish())
    const isInit = request.api === apis.initProducerId
    const epochOf = (): number => isInit ? -1 : epochIn(request.api.name, bytes)
    if (this.over.has(epochOf())) this.wrong.push(`${request.api.name} on epoch ${epochOf()} after an error`)
    await new Promise(resolve => { setImmediate(resolve) }) // what is sent to several leaders at once is under way together
    this.requests++
    const handle = (error: number, isEmpty = false): { readonly answer: Buffer, readonly code: number, readonly epoch: number } =>
      this.#handle(request.api.name, new WireReader(bytes), bytes, error, isEmpty)
    const [fault] = this.faults
    if (fault === undefined || this.#wait++ < fault.after) {
      const { answer, code } = handle(0)
      if (code !== 0 && !isInit) this.over.add(epochOf())
      return request.read(new WireReader(answer))
    }
    this.faults.shift()
    this.#wait = 0
    const error = isInit && !possibleOnInit.includes(fault.error) ? 'CONCURRENT_TRANSACTIONS' : fault.error
    if (fault.how === 'refuse' || fault.how === 'omit') {
      const isHarmless = fault.how === 'refuse' && request.api !== apis.produce && request.api !== apis.endTxn && harmless.includes(fault.error)
      if (!isInit && !isHarmless) this.over.add(epochOf())
      return request.read(new WireReader(handle(fault.how === 'omit' && !isInit ? 0 : brokerErrors[error], fault.how === 'omit').answer))
    }
    if (!isInit) this.over.add(epochOf())
    if (fault.how === 'deaf') handle(0)
    if (fault.how === 'late') this.#later.push(() => { handle(0) })
    throw new LinkError('the connection broke')
  }

  #handle (api: string, input: WireReader, bytes: Buffer, error: number, isEmpty: boolean): { answer: Buffer, code: number, epoch: number } {
    const out = new WireWriter(256)
    let code = error
    let epoch = -1
    if (api === apis.initProducerId.name) {
      if (code === 0) this.#end('aborted', this.epoch + 1)
      out.int32(0).int16(code).int64(PRODUCER_ID).int16(this.epoch)
      return { answer: Buffer.from(out.finish()), code, epoch }
    }
    epoch = epochIn(api, bytes)
    if (code === 0 && epoch !== this.epoch) code = brokerErrors.INVALID_PRODUCER_EPOCH
    input.string()
    if (api === apis.addPartitionsToTxn.name) {
      input.int64()
      input.int16()
      const partitions = input.array(() => {
        input.string()
        return input.array(() => input.int32())
      }).flat()
      if (code === 0 && !isEmpty) for (const partition of partitions) this.#added.add(partition)
      out.int32(0).array(isEmpty ? [] : [partitions], (_, list) => { out.string('t').array(list, (__, partition) => { out.int32(partition).int16(code) }) })
    } else if (api === apis.endTxn.name) {
      if (code === 0) this.#end('committed', this.epoch)
      out.int32(0).int16(isEmpty ? brokerErrors.UNKNOWN_SERVER_ERROR : code)
    } else {
      input.int16()
      input.int32()
      const parts = input.array(() => {
        input.string()
        return input.array(() => ({ partition: input.int32(), records: input.bytes() }))
      }).flat()
      const answers = parts.map(({ partition, records }) => {
        const [itsCode, offset] = code === 0 ? this.#append(partition, records, epoch) : [code, -1]
        if (itsCode !== 0) code = itsCode
        return { partition, code: itsCode, offset }
      })
      out.array(isEmpty ? [] : [answers], (_, list) => {
        out.string('t').array(list, (__, one) => { out.int32(one.partition).int16(one.code).int64(BigInt(one.offset)).int64(1_000n).int64(0n) })
      })
      out.int32(0)
    }
    return { answer: Buffer.from(out.finish()), code, epoch }
  }

  #append (partition: number, records: Buffer, epoch: number): readonly [code: number, offset: number] {
    if (!this.#added.has(partition)) return [brokerErrors.INVALID_TXN_STATE, -1]
    const batch = readBatch(records, 0)
    if (batch === undefined) return [brokerErrors.CORRUPT_MESSAGE, -1]
    const first = batch.bytes.readInt32BE(batchLayout.baseSequence)
    const last = this.#last.get(partition)
    if (last?.epoch === epoch && last.first === first) return [0, last.offset]
    if (first !== (last?.epoch === epoch ? last.next : 0)) return [brokerErrors.OUT_OF_ORDER_SEQUENCE_NUMBER, -1]
    const log = this.logs[partition] as Stored[]
    const offset = log.length
    const cursor = new RecordCursor(batch, 't', partition)
    for (let record = cursor.next(); record !== undefined; record = cursor.next()) log.push({ value: String(record.value), epoch, outcome: 'open' })
    this.#last.set(partition, { epoch, first, next: first + batch.count, offset })
    return [0, offset]
  }

  #end (outcome: 'committed' | 'aborted', epoch: number): void {
    for (const log of this.logs) for (const stored of log) if (stored.outcome === 'open') stored.outcome = outcome
    this.#added = new Set()
    this.epoch = epoch
  }
}

function epochIn (api: string, bytes: Buffer): number {
  const behindId = 2 + bytes.readInt16BE(0)
  if (api !== apis.produce.name) return bytes.readInt16BE(behindId + 8)
  return bytes.readInt16BE(bytes.length - bytesBehindEpoch(bytes, behindId))
}

/** From the end of a Produce request to the epoch in its first batch: behind acks, timeout, the topic's name and the first partition. */
function bytesBehindEpoch (bytes: Buffer, behindId: number): number {
  const topicAt = behindId + 2 + 4 + 4
  const batchAt = topicAt + 2 + bytes.readInt16BE(topicAt) + 4 + 4 + 4
  return bytes.length - (batchAt + batchLayout.producerEpoch)
}
