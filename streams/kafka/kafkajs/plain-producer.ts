import { ensureError, StreamsError } from '../../errors.ts'
import { type OutgoingRecord, partitionKey, type TopicPartition } from '../../record.ts'
import { systemClock } from '../../time/system-clock.ts'
import { reportedSend } from '../plain-send.ts'
import { type PlainProducer } from '../port.ts'
import { BrokerError, brokerErrors, isBrokerError } from '../wire/broker-error.ts'
import { type ProduceAnswer, type ProducePart, produceRequest } from '../wire/produce.ts'
import { batchLayout } from '../wire/record-batch.ts'
import { recordBodySize, recordSize } from '../wire/record-batch-encoder.ts'
import { initProducerIdRequest } from '../wire/transactions.ts'
import { type ClusterView } from './cluster.ts'
import { isTransient, translate } from './failures.ts'
import { type Lane } from './lane.ts'
import { ProducerQueue, type ProducerSession } from './producer-queue.ts'
import { type TopicLimits } from './topic-limits.ts'

const REQUEST_BYTES = 8 * 1024 * 1024

/**
 * The idempotent producer. Sends that come while a request is under way are put together into the next one, so thousands of small sends a
 * second cost few requests. Records of one partition keep the order of their sends. A batch whose fate is not known is repeated under the
 * same sequence, which the broker recognises: up to the request timeout, and once in any case, because a broker that is frozen takes all of
 * that time for itself. After any other failure the producer id is thrown away.
 */
export class IdempotentProducer implements PlainProducer {
  readonly #cluster: ClusterView
  readonly #limits: TopicLimits
  readonly #lane: Lane
  readonly #queues = new Map<string, ProducerQueue>()
  /** Queues that may have something to send. */
  readonly #active = new Set<ProducerQueue>()
  readonly #busy = new Set<number>()
  #session: Promise<ProducerSession> | undefined
  #checking: Promise<void> | undefined
  #isPumping = false
  #closed: StreamsError | undefined

  constructor (cluster: ClusterView, limits: TopicLimits) {
    this.#cluster = cluster
    this.#limits = limits
    this.#lane = cluster.createLane()
  }

  async send (records: readonly OutgoingRecord[]): Promise<ReadonlyArray<TopicPartition & { readonly offset: bigint }>> {
    return await reportedSend(records, async records => await this.#send(records))
  }

  async #send (records: readonly OutgoingRecord[]): Promise<ReadonlyArray<TopicPartition & { readonly offset: bigint }>> {
    const results: Array<TopicPartition & { readonly offset: bigint }> = []
    await this.#inTurn(records)
    if (this.#closed !== undefined) throw this.#closed
    this.#checkSizes(records)
    if (records.length === 0) return results
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let open = records.length
    for (const [index, record] of records.entries()) {
      const { topic, partition } = record
      this.#queue(record).add({
        record,
        resolve: (offset) => {
          results[index] = { topic, partition, offset }
          if (--open === 0) resolve()
        },
        reject
      })
    }
    this.#wake()
    await promise
    return results
  }

  /** Rejects what is still waiting. */
  close (): void {
    this.#closed = new StreamsError('STR_CLOSED')
    for (const queue of this.#queues.values()) queue.rejectAll(this.#closed)
  }

  /** Waits until leader and limit of every partition are known; sends that come meanwhile queue up behind. */
  async #inTurn (records: readonly OutgoingRecord[]): Promise<void> {
    const isKnown = records.every(({ topic, partition }) => this.#limits.get(topic) !== undefined && this.#cluster.leader(topic, partition) !== undefined)
    if (isKnown && this.#checking === undefined) return
    const turn = (this.#checking ?? Promise.resolve()).then(async () => {
      await this.#cluster.locate(records)
      await this.#limits.load([...new Set(records.map(({ topic }) => topic))].filter((topic) => this.#limits.get(topic) === undefined))
    })
    const settled = turn.then(() => {}, () => {}).then(() => {
      if (this.#checking === settled) this.#checking = undefined
    })
    this.#checking = settled
    await turn
  }

  #checkSizes (records: readonly OutgoingRecord[]): void {
    for (const [index, record] of records.entries()) {
      const maxBytes = this.#limits.get(record.topic) ?? Infinity
      const sizeBytes = batchLayout.records + recordSize(recordBodySize(record, 0))
      if (sizeBytes > maxBytes) throw new StreamsError('STR_OUTPUT_TOO_LARGE', { index, topic: record.topic, sizeBytes, maxBytes })
    }
  }

  #queue (record: OutgoingRecord): ProducerQueue {
    const key = partitionKey(record.topic, record.partition)
    let queue = this.#queues.get(key)
    if (queue === undefined) this.#queues.set(key, queue = new ProducerQueue(record))
    this.#active.add(queue)
    return queue
  }

  /** Sends in this turn of the event loop, for all callers together. */
  #wake (): void {
    if (this.#isPumping) return
    this.#isPumping = true
    queueMicrotask(() => {
      this.#isPumping = false
      this.#pump()
    })
  }

  #pump (): void {
    const now = systemClock.now()
    const byLeader = new Map<number, ProducerQueue[]>()
    for (const queue of this.#active) {
      if (queue.isEmpty) this.#active.delete(queue)
      if (queue.isEmpty || queue.isAsked || queue.notBeforeMs > now) continue
      const leader = this.#cluster.leader(queue.topic, queue.partition) ?? -1
      const list = byLeader.get(leader)
      if (list === undefined) byLeader.set(leader, [queue])
      else list.push(queue)
    }
    for (const [leader, queues] of byLeader) {
      if (this.#busy.has(leader)) continue
      this.#busy.add(leader)
      for (const queue of queues) queue.isAsked = true
      this.#request(leader, queues).catch((error: unknown) => {
        for (const queue of queues) this.#giveUp(queue, ensureError(error))
      }).finally(() => {
        for (const queue of queues) queue.isAsked = false
        this.#busy.delete(leader)
        this.#wake()
      })
    }
  }

  async #request (leader: number, queues: readonly ProducerQueue[]): Promise<void> {
    const fresh = await this.#currentSession()
    const [first] = queues
    const session = first?.session ?? fresh // one request has one producer id: queues that repeat under an older one go in a request of their own
    const parts: ProducePart[] = []
    const asked: ProducerQueue[] = []
    let sizeBytes = 0
    for (const queue of queues) {
      if ((queue.session ?? fresh) !== session || sizeBytes > REQUEST_BYTES) continue
      const part = queue.next(session, this.#limits.get(queue.topic) ?? Infinity, systemClock.now())
      if (part === undefined) continue
      parts.push(part)
      asked.push(queue)
      sizeBytes += part.batch.sizeBytes
    }
    if (parts.length === 0) return
    let answers: readonly ProduceAnswer[]
    try {
      const link = await this.#lane.link(leader)
      answers = await link.call(produceRequest(session.producer, parts, systemClock.now(), this.#cluster.config.requestTimeoutMs))
    } catch (error) {
      for (const queue of asked) this.#unsettled(queue, error)
      return
    }
    const byPartition = new Map(answers.map((answer) => [partitionKey(answer.topic, answer.partition), answer]))
    for (const queue of asked) {
      const answer = byPartition.get(partitionKey(queue.topic, queue.partition))
      if (answer?.errorCode === 0) queue.succeeded(answer)
      else this.#unsettled(queue, new BrokerError(answer?.errorCode ?? brokerErrors.UNKNOWN_SERVER_ERROR, 'Produce'))
    }
  }

  #unsettled (queue: ProducerQueue, error: unknown): void {
    const { topic, partition } = queue
    const now = systemClock.now()
    const isGone = isBrokerError(error, 'UNKNOWN_TOPIC_OR_PARTITION')
    if (isBrokerError(error, 'MESSAGE_TOO_LARGE')) this.#limits.forget(topic)
    this.#cluster.doubt(topic)
    const isInTime = now - (queue.sentSinceMs ?? now) < this.#cluster.config.requestTimeoutMs || queue.repetitions === 0
    if ((isTransient(error) || isGone) && isInTime && this.#closed === undefined) {
      const waitMs = queue.repeat(now)
      this.#cluster.locate([{ topic, partition }]).catch((missing: unknown) => { this.#giveUp(queue, translate(missing)) })
      systemClock.schedule(waitMs + 1, () => { this.#wake() })
      return
    }
    this.#session = undefined
    queue.failed(translate(error, { topic, partition }))
  }

  /** A batch that was sent leaves a gap in the sequence when it is given up and is not in the log: nothing more can come behind it. */
  #giveUp (queue: ProducerQueue, error: Error): void {
    if (queue.session !== undefined) this.#session = undefined
    queue.rejectAll(error)
  }

  async #currentSession (): Promise<ProducerSession> {
    this.#session ??= this.#cluster.retry(async () => {
      const { errorCode, producerId, producerEpoch } = await this.#cluster.call(initProducerIdRequest(null, this.#cluster.config.requestTimeoutMs))
      if (errorCode !== 0) throw new BrokerError(errorCode, 'InitProducerId')
      return { producer: { transactionalId: null, producerId, producerEpoch }, sequences: new Map<string, number>() }
    })
    try {
      return await this.#session
    } catch (error) {
      this.#session = undefined
      throw error
    }
  }
}
