import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { type Test, test } from 'tap'
import { LinkError } from '../../../../streams/kafka/kafkajs/link.ts'
import { BatchReader } from '../../../../streams/kafka/kafkajs/partition-reader.ts'
import { brokerErrors } from '../../../../streams/kafka/wire/broker-error.ts'
import { type PartitionReader } from '../../../../streams/kafka/port.ts'
import { type FetchAnswer } from '../../../../streams/kafka/wire/fetch.ts'
import { attack, Dice, isCaught } from '../../attack.ts'
import { move, type Move, TruthfulLog } from '../truthful-log.ts'
import { encodePlainly } from '../wire/plain-batch.ts'
import { Brokers, nothing, PARTITIONS, type Pending } from './answering-brokers.ts'

const MAX_QUEUED = 600

const passing = ['NOT_LEADER_OR_FOLLOWER', 'KAFKA_STORAGE_ERROR', 'OFFSET_NOT_AVAILABLE', 'FENCED_LEADER_EPOCH', 'UNKNOWN_SERVER_ERROR'] as const

/** What a consumer of one partition has seen, and the rules for it. */
class Consumer {
  readonly partition: number
  readonly seen: bigint[] = []
  from = 0n
  reader: PartitionReader
  readonly #log: TruthfulLog
  readonly #open: (partition: number, offset: bigint) => PartitionReader
  #position = 0n

  constructor (partition: number, log: TruthfulLog, open: (partition: number, offset: bigint) => PartitionReader) {
    this.partition = partition
    this.#log = log
    this.#open = open
    this.reader = open(partition, 0n)
  }

  take (count: number): void {
    this.seen.push(...this.reader.take(count).map(({ offset, value }) => {
      assert.equal(String(value), String(offset), 'the record of that offset')
      return offset
    }))
    this.check()
  }

  /** Resumes where it was, or somewhere else, with another reader; the old one must say nothing any more. */
  reopen (offset: bigint): void {
    this.reader.close()
    assert.deepStrictEqual(this.reader.take(100), [])
    this.seen.length = 0
    this.from = this.#position = offset
    this.reader = this.#open(this.partition, offset)
  }

  check (): void {
    const { position, queuedBytes } = this.reader
    assert.ok(position >= this.#position, `position went back from ${this.#position} to ${position}`)
    this.#position = position
    assert.ok(queuedBytes <= MAX_QUEUED + this.#log.largestBatch, `${queuedBytes} bytes are queued`)
    const wanted = this.#log.committed(this.from)
    assert.deepStrictEqual(this.seen, wanted.slice(0, this.seen.length))
    const next = wanted[this.seen.length]
    assert.ok(next === undefined || position <= next, 'a record before its position was not given')
  }
}

type Step =
  | { readonly kind: 'write', readonly partition: number, readonly moves: readonly Move[] }
  | { readonly kind: 'answer' | 'error' | 'break' | 'take' | 'reopen' | 'forget', readonly which: number, readonly n: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), partition: fc.nat(PARTITIONS - 1), moves: fc.array(move, { minLength: 1, maxLength: 5, size: 'max' }) }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('answer' as const), which: fc.nat(20), n: fc.nat(1_000) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('take' as const), which: fc.nat(20), n: fc.integer({ min: 1, max: 7 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('error' as const, 'break' as const, 'reopen' as const, 'forget' as const), which: fc.nat(20), n: fc.nat(1_000) }) }
)

const turn = async (): Promise<void> => { await new Promise(resolve => { setImmediate(resolve) }) }

class Play {
  readonly brokers = new Brokers()
  readonly logs = Array.from({ length: PARTITIONS }, () => new TruthfulLog())
  readonly fetcher = this.brokers.fetcher()
  readonly consumers = this.logs.map((log, partition) => new Consumer(partition, log, (p, offset) => {
    return this.fetcher.open({ topic: 't', partition: p, offset, maxQueuedBytes: MAX_QUEUED })
  }))

  async run (steps: readonly Step[]): Promise<void> {
    for (const one of steps) {
      this.#step(one)
      await turn()
      for (const consumer of this.consumers) consumer.check()
    }
    for (const log of this.logs) log.settle()
    const isDone = (): boolean => this.consumers.every(({ reader, partition, seen, from }) => {
      const log = this.logs[partition] as TruthfulLog
      return reader.position >= log.end && seen.length === log.committed(from).length
    })
    for (let round = 0; !isDone(); round++) {
      assert.ok(round < 3_000, 'a reader never came to the end')
      while (this.brokers.pending.length > 0) this.#answer(0, 1_000)
      for (const consumer of this.consumers) consumer.take(50)
      if (round % 20 === 19) await sleep(5)
      else await turn()
    }
    for (const { reader } of this.consumers) assert.equal(reader.failure, undefined)
    this.fetcher.close()
  }

  #step (one: Step): void {
    if (one.kind === 'write') {
      for (const each of one.moves) this.logs[one.partition]?.apply(each)
      return
    }
    const consumer = this.consumers[one.which % PARTITIONS] as Consumer
    switch (one.kind) {
      case 'take': consumer.take(one.n); break
      case 'reopen': consumer.reopen(one.n % 2 === 0 ? consumer.reader.position : BigInt(one.n) % ((this.logs[consumer.partition]?.end ?? 0n) + 1n)); break
      case 'answer': this.#answer(one.which, one.n); break
      case 'error': this.#answer(one.which, one.n, brokerErrors[passing[one.n % passing.length] as typeof passing[number]]); break
      case 'forget': this.#takePending(one.which)?.answer([]); break
      case 'break': this.#takePending(one.which)?.reject(new LinkError('the connection broke'))
    }
  }

  #takePending (which: number): Pending | undefined {
    const { pending } = this.brokers
    return pending.splice(which % Math.max(1, pending.length), 1)[0]
  }

  /** Answers any request that waits, with the log as it is now; one partition of it perhaps with an error, or cut. */
  #answer (which: number, n: number, errorCode = 0): void {
    const pending = this.#takePending(which)
    if (pending === undefined) return
    const spoilt = n % pending.asked.length
    pending.answer(pending.asked.map(({ partition, offset, maxBytes }, index) => {
      const log = this.logs[partition] as TruthfulLog
      const found = log.fetch(offset, maxBytes)
      if (index !== spoilt) return { topic: 't', partition, errorCode: 0, ...found }
      if (errorCode !== 0) return { topic: 't', partition, ...nothing, errorCode, lastStableOffset: -1n }
      const isCut = n < 700 && n % 3 === 0
      return { topic: 't', partition, errorCode: 0, ...found, records: isCut ? found.records.subarray(0, n % (found.records.length + 1)) : found.records }
    }))
  }
}

function everyRecordOnce (spoil: (play: Play) => void = () => {}): fc.IAsyncProperty<[Step[]]> {
  return fc.asyncProperty(fc.array(step, { maxLength: 80, size: 'max' }), async steps => {
    const play = new Play()
    spoil(play)
    await play.run(steps)
  })
}

test('readers give every committed record once, in order, whatever is answered late, cut, refused, forgotten, broken off or asked anew', async () => {
  await fc.assert(everyRecordOnce(), attack(300))
})

test('readers that lose a record, or give one twice, are caught by the same histories', async t => {
  const spoilt = (spoil: (records: ReturnType<PartitionReader['take']>) => ReturnType<PartitionReader['take']>) => (play: Play): void => {
    const [consumer] = play.consumers
    if (consumer === undefined) return
    const take = consumer.reader.take.bind(consumer.reader)
    Object.assign(consumer.reader, { take: (count: number) => spoil(take(count)) })
  }
  t.ok(await isCaught(everyRecordOnce(spoilt(records => records.length > 3 ? records.slice(1) : records)), 60), 'one is lost')
  t.ok(await isCaught(everyRecordOnce(spoilt(records => records.flatMap(one => [one, one]))), 60), 'one comes twice')
})

/** A reader alone, as its broker loop would use it. */
function alone (t: Test, offset = 0n): BatchReader {
  const reader = new BatchReader({ topic: 't', partition: 0, offset }, () => {}, () => {})
  t.teardown(() => { reader.close() })
  return reader
}

function plain (first: bigint, count = 1, codec = 0): Buffer {
  const records = Array.from({ length: count }, (_, delta) => ({ delta, key: null, value: Buffer.from(String(delta)) }))
  return encodePlainly({ baseOffset: first, records, codec })
}

function answered (records: Buffer, lastStableOffset = 100n): FetchAnswer {
  return { topic: 't', partition: 0, errorCode: 0, aborted: [], records, lastStableOffset }
}

test('reader gives nothing behind a batch that does not unpack when an answer that was under way comes after it', async t => {
  const reader = alone(t)
  const broken = plain(1n, 3, 0)
  broken.writeInt16BE(1, 21) // says gzip, and is not
  const { crc32c } = await import('@node-rs/crc32')
  broken.writeUInt32BE(crc32c(broken.subarray(21)), 17)
  reader.accept(answered(Buffer.concat([plain(0n), broken])), 100)
  t.same(reader.take(10).map(({ offset }) => offset), [0n])
  reader.accept(answered(plain(4n, 2)), 100) // it had been asked for from offset 4
  t.equal(reader.position, 1n)
  t.throws(() => reader.take(10), { code: 'STR_BATCH_CORRUPT' })
  t.equal(reader.queuedBytes, 0)
})

test('reader fails, and does not ask for ever, when a batch says that it is longer than any can be', async t => {
  const reader = alone(t)
  const lying = plain(0n, 5)
  lying.writeInt32BE(0x7fff0000, 8)
  let asks = 0
  while (reader.failure === undefined && asks < 100) {
    asks++
    reader.accept(answered(lying), lying.length)
  }
  t.match(reader.failure, { code: 'STR_BATCH_CORRUPT', context: { topic: 't', partition: 0, offset: 0n } })
  t.ok(asks <= 12, `${asks} times`)
  t.equal(reader.position, 0n)
})

test('reader asks again for a batch that was cut, with more room each time, and reads it in the end', async t => {
  const reader = alone(t)
  const batch = plain(0n, 50)
  const sizes: number[] = []
  for (let n = 0; n < 9; n++) {
    sizes.push(reader.fetchBytes)
    reader.accept(answered(batch.subarray(0, 70)), 70)
  }
  t.ok(sizes.every((size, index) => index === 0 || size > (sizes[index - 1] ?? 0)))
  reader.accept(answered(batch), batch.length)
  t.equal(reader.take(100).length, 50)
  t.equal(reader.failure, undefined)
})

test('reader asks the metadata before it asks again when an answer leaves its partition out', async t => {
  const brokers = new Brokers()
  const fetcher = brokers.fetcher()
  t.teardown(() => { fetcher.close() })
  fetcher.open({ topic: 't', partition: 0, offset: 0n })
  await turn()
  const before = brokers.asked.length
  brokers.pending.shift()?.answer([])
  for (let n = 0; n < 20; n++) await turn()
  t.equal(brokers.asked.length, before, 'not at once, as fast as it can')
  while (brokers.asked.length === before) await sleep(5)
  t.ok(brokers.looks > 0)
})

test('reader of one partition goes on when its neighbour in the same requests fails for good, whatever the order of answers', async () => {
  await fc.assert(fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 12, size: 'max' }), fc.nat(), async (moves, seed) => {
    const dice = new Dice(seed)
    const brokers = new Brokers()
    const fetcher = brokers.fetcher()
    const log = new TruthfulLog()
    for (const one of moves) log.apply(one)
    log.settle()
    const [bad, good] = [0, 2].map(partition => fetcher.open({ topic: 't', partition, offset: 0n, maxQueuedBytes: MAX_QUEUED })) as [PartitionReader, PartitionReader]
    const seen: bigint[] = []
    for (let round = 0; good.position < log.end || bad.failure === undefined; round++) {
      assert.ok(round < 500)
      await turn()
      const pending = brokers.pending.splice(dice.roll(Math.max(1, brokers.pending.length)), 1)[0]
      pending?.answer(pending.asked.map(({ partition, offset, maxBytes }) => partition === 0
        ? { topic: 't', partition, ...nothing, errorCode: brokerErrors.OFFSET_OUT_OF_RANGE, lastStableOffset: -1n }
        : { topic: 't', partition, errorCode: 0, ...log.fetch(offset, maxBytes) }))
      seen.push(...good.take(dice.roll(5)).map(({ offset }) => offset))
      if (good.queuedRecords > 0 && brokers.pending.length === 0) seen.push(...good.take(100).map(({ offset }) => offset))
    }
    assert.deepStrictEqual(seen.concat(good.take(100).map(({ offset }) => offset)), log.committed())
    assert.equal(good.failure, undefined)
    assert.throws(() => bad.take(1), { code: 'STR_OFFSET_OUT_OF_RANGE' })
    fetcher.close()
  }), attack(60))
})
