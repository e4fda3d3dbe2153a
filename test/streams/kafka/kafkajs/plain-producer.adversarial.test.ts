import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { isStreamsError } from '../../../../streams/errors.ts'
import { type ClusterView } from '../../../../streams/kafka/kafkajs/cluster.ts'
import { type Lane } from '../../../../streams/kafka/kafkajs/lane.ts'
import { LinkError } from '../../../../streams/kafka/kafkajs/link.ts'
import { IdempotentProducer } from '../../../../streams/kafka/kafkajs/plain-producer.ts'
import { type TopicLimits } from '../../../../streams/kafka/kafkajs/topic-limits.ts'
import { brokerErrors } from '../../../../streams/kafka/wire/broker-error.ts'
import { readBatch, RecordCursor } from '../../../../streams/kafka/wire/record-batch-decoder.ts'
import { batchLayout } from '../../../../streams/kafka/wire/record-batch.ts'
import { WireReader } from '../../../../streams/kafka/wire/reader.ts'
import { apis, type WireRequest } from '../../../../streams/kafka/wire/request.ts'
import { WireWriter } from '../../../../streams/kafka/wire/writer.ts'
import { attack, isCaught } from '../../attack.ts'

const PARTITIONS = 3

type Outcome = 'well' | 'lose' | 'deaf' | 'omit' | 'away' | 'refuse'

interface Sequence { readonly first: number, readonly count: number, readonly offset: number }

/** Leaders that keep the truth: a batch is known again by its producer and sequence, and one that leaves a gap is refused. */
class Leaders {
  readonly logs: string[][] = Array.from({ length: PARTITIONS }, () => [])
  outcomes: Outcome[] = []
  readonly knowsRepetitions: boolean
  readonly #last = new Map<string, Sequence>()
  #producers = 0n

  constructor (knowsRepetitions: boolean) {
    this.knowsRepetitions = knowsRepetitions
  }

  producer (): IdempotentProducer {
    const lane = { link: async () => await Promise.resolve({ call: this.#call.bind(this) }) } as unknown as Lane
    const cluster: Partial<ClusterView> = {
      config: { requestTimeoutMs: 500 } as ClusterView['config'],
      createLane: () => lane,
      leader: (_, partition) => partition % 2,
      locate: async () => { await Promise.resolve() },
      retry: async operation => await operation(),
      call: this.#call.bind(this) as ClusterView['call'],
      doubt: () => {}
    }
    const limits: Pick<TopicLimits, 'get' | 'load' | 'forget'> = { get: () => 150, load: async () => {}, forget: () => {} }
    return new IdempotentProducer(cluster as ClusterView, limits as TopicLimits)
  }

  async #call<T> (request: WireRequest<T>): Promise<T> {
    const body = new WireWriter(256)
    request.write(body)
    const bytes = Buffer.from(body.finish())
    await new Promise(resolve => { setImmediate(resolve) })
    const out = new WireWriter(256)
    if (request.api === apis.initProducerId) {
      out.int32(0).int16(0).int64(++this.#producers).int16(0)
      return request.read(new WireReader(Buffer.from(out.finish())))
    }
    const how = this.outcomes.shift() ?? 'well'
    if (how === 'lose') throw new LinkError('lost')
    const codes: Partial<Record<Outcome, number>> = { away: brokerErrors.NOT_LEADER_OR_FOLLOWER, refuse: brokerErrors.CORRUPT_MESSAGE }
    const answers = this.#produce(bytes, codes[how] ?? 0)
    if (how === 'deaf') throw new LinkError('not heard')
    out.array([how === 'omit' ? answers.slice(1) : answers], (_, list) => {
      out.string('t').array(list, (__, { partition, code, offset }) => { out.int32(partition).int16(code).int64(BigInt(offset)).int64(-1n).int64(0n) })
    })
    return request.read(new WireReader(Buffer.from(out.int32(0).finish())))
  }

  #produce (bytes: Buffer, error: number): Array<{ readonly partition: number, readonly code: number, readonly offset: number }> {
    const input = new WireReader(bytes)
    input.nullableString()
    input.int16()
    input.int32()
    return input.array(() => {
      input.string()
      return input.array(() => {
        const partition = input.int32()
        const records = input.bytes()
        return error === 0 ? { partition, ...this.#append(partition, records) } : { partition, code: error, offset: -1 }
      })
    }).flat()
  }

  #append (partition: number, records: Buffer): { readonly code: number, readonly offset: number } {
    const batch = readBatch(records, 0)
    if (batch === undefined) throw new Error('no whole batch')
    const first = batch.bytes.readInt32BE(batchLayout.baseSequence)
    const key = `${batch.producerId}/${partition}`
    const last = this.#last.get(key)
    if (this.knowsRepetitions && last?.first === first) return { code: 0, offset: last.offset }
    const next = last === undefined ? 0 : last.first + last.count
    if (this.knowsRepetitions && first !== next) return { code: brokerErrors.OUT_OF_ORDER_SEQUENCE_NUMBER, offset: -1 }
    const log = this.logs[partition] as string[]
    const offset = log.length
    const cursor = new RecordCursor(batch, 't', partition)
    for (let record = cursor.next(); record !== undefined; record = cursor.next()) log.push(String(record.value))
    this.#last.set(key, { first, count: batch.count, offset })
    return { code: 0, offset }
  }
}

const outcome = fc.oneof({ weight: 3, arbitrary: fc.constant('well' as const) }, { weight: 2, arbitrary: fc.constantFrom<Outcome>('lose', 'deaf', 'omit', 'away', 'refuse') })
const sends = fc.array(fc.tuple(fc.array(fc.nat(PARTITIONS - 1), { minLength: 1, maxLength: 6 }), fc.boolean()), { minLength: 1, maxLength: 8 })

function exact (knowsRepetitions = true): fc.IAsyncProperty<[Array<[number[], boolean]>, Outcome[]]> {
  return fc.asyncProperty(sends, fc.array(outcome, { maxLength: 8, size: 'max' }), async (sends, outcomes) => {
    const leaders = new Leaders(knowsRepetitions)
    leaders.outcomes = [...outcomes]
    const producer = leaders.producer()
    const acknowledged: Promise<readonly string[]>[] = []
    for (const [index, [partitions, isWaited]] of sends.entries()) {
      const records = partitions.map((partition, n) => ({ topic: 't', partition, key: null, value: Buffer.from(`${index}.${n}`), headers: [] }))
      const sent = producer.send(records).then(offsets => records.map(({ partition, value }, n) => {
        assert.equal(leaders.logs[partition]?.[Number(offsets[n]?.offset)], String(value), 'the offset is that of the record')
        return String(value)
      }), (error: unknown) => {
        if (isStreamsError(error)) return []
        throw error
      })
      acknowledged.push(sent)
      if (isWaited) await sent
    }
    const told = (await Promise.all(acknowledged)).flat()
    const stored = leaders.logs.flat()
    assert.equal(new Set(stored).size, stored.length, 'nothing is there twice')
    assert.deepStrictEqual(told.filter(value => !stored.includes(value)), [], 'what was acknowledged is there')
    const placeOf = (value: string): number => { const [send, n] = value.split('.'); return Number(send) * 100 + Number(n) }
    for (const log of leaders.logs) assert.deepStrictEqual(log, [...log].sort((a, b) => placeOf(a) - placeOf(b)))
    producer.close()
  })
}

test('producer stores every acknowledged record once, in the order of the sends, whatever is lost, unheard, refused or left out', async () => {
  await fc.assert(exact(), attack(100))
})

test('producer over leaders that do not know a repetition is caught', async t => {
  t.ok(await isCaught(exact(false), 60))
})

test('producer sends a batch again when the answer leaves its partition out, and tells its offset', async t => {
  const leaders = new Leaders(true)
  leaders.outcomes = ['omit', 'omit']
  const sent = await leaders.producer().send([{ topic: 't', partition: 0, key: null, value: Buffer.from('x'), headers: [] }])
  t.same([sent[0]?.offset, leaders.logs[0]], [0n, ['x']])
})
