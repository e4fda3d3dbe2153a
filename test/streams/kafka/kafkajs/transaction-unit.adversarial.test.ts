import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { isStreamsError, StreamsError } from '../../../../streams/errors.ts'
import { type TopicLimits } from '../../../../streams/kafka/kafkajs/topic-limits.ts'
import { type EpochOptions, TransactionEpoch } from '../../../../streams/kafka/kafkajs/transaction-epoch.ts'
import { KafkaTransactionUnit } from '../../../../streams/kafka/kafkajs/transaction-unit.ts'
import { type CommitResult } from '../../../../streams/kafka/port.ts'
import { planBatches } from '../../../../streams/kafka/wire/batch-plan.ts'
import { type OutgoingRecord } from '../../../../streams/record.ts'
import { attack, isCaught } from '../../attack.ts'
import { errors, type Fault, LIMIT_BYTES, PARTITIONS, type Stored, TruthfulBroker } from './truthful-broker.ts'

const fault: fc.Arbitrary<Fault> = fc.record({
  after: fc.nat(9),
  how: fc.constantFrom('refuse' as const, 'refuse' as const, 'lose' as const, 'deaf' as const, 'late' as const, 'omit' as const),
  error: fc.constantFrom(...errors)
})
/** Partitions of the records of each transaction. */
const transactions = fc.array(fc.array(fc.nat(PARTITIONS - 1), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 8 })
const case_ = fc.record({ transactions, faults: fc.array(fault, { maxLength: 5 }), isLateAfterInit: fc.boolean() })
type Case = typeof case_ extends fc.Arbitrary<infer T> ? T : never

interface Unit { init (): Promise<void>, commit (records: readonly OutgoingRecord[]): Promise<CommitResult>, close (): void }

function unitOn (broker: TruthfulBroker): Unit {
  const limits: Pick<TopicLimits, 'get' | 'load' | 'forget'> = { get: () => LIMIT_BYTES, load: async () => {}, forget: () => {} }
  return new KafkaTransactionUnit(broker.options(), limits as TopicLimits, () => {})
}

/** What kafkajs does after a definite error: it takes the sequences back, and goes on with the epoch. */
class KeepsItsEpoch implements Unit {
  readonly #options: EpochOptions
  #epoch: TransactionEpoch | undefined

  constructor (broker: TruthfulBroker) {
    this.#options = broker.options()
  }

  async init (): Promise<void> {
    this.#epoch ??= await TransactionEpoch.begin(this.#options)
  }

  async commit (records: readonly OutgoingRecord[]): Promise<CommitResult> {
    const plans = planBatches(records, () => LIMIT_BYTES)
    const epoch = this.#epoch as TransactionEpoch
    try {
      await epoch.addPartitions(plans)
      const result = await epoch.produce(plans)
      await epoch.commit()
      return result
    } catch (error) {
      throw new StreamsError('STR_TXN_UNKNOWN', {}, error)
    }
  }

  close (): void {}
}

/** False when another owner began at the same moment: the task asks its group, and begins again. */
async function begun (unit: Unit): Promise<boolean> {
  try {
    await unit.init()
    return true
  } catch (error) {
    if (isStreamsError(error, 'STR_TXN_FENCED')) return false
    throw error
  }
}

async function play ({ transactions, faults, isLateAfterInit }: Case, create: (broker: TruthfulBroker) => Unit): Promise<void> {
  const broker = new TruthfulBroker()
  const unit = create(broker)
  await unit.init()
  broker.faults = [...faults]
  const wanted = Array.from({ length: PARTITIONS }, () => [] as string[])
  for (const [index, partitions] of transactions.entries()) {
    const records = partitions.map((partition, n) => ({ topic: 't', partition, key: null, value: Buffer.from(`${index}.${n}`), headers: [] }))
    const before = broker.committed().flat().length
    try {
      const { offsets } = await unit.commit(records)
      assert.equal(broker.committed().flat().length, before + records.length, 'committed, says the unit')
      for (const [key, { first, last }] of offsets) {
        const partition = Number(key.split('-').at(-1))
        const mine = records.filter(record => record.partition === partition).map(({ value }) => String(value))
        const log = broker.logs[partition] as Stored[]
        assert.deepStrictEqual([log[Number(first)]?.value, log[Number(last)]?.value], [mine[0], mine.at(-1)], 'the offsets are those of its records')
      }
      assert.equal(offsets.size, new Set(partitions).size)
    } catch (error) {
      if (!isStreamsError(error, 'STR_TXN_UNKNOWN') && !isStreamsError(error, 'STR_TXN_FENCED')) throw error
      if (!isLateAfterInit) broker.deliverLate()
      while (!await begun(unit)) broker.requests++
      broker.deliverLate()
    }
    // All of it or nothing, decided once the epoch is over: and the truth never changes afterwards.
    const now = broker.committed()
    const count = now.flat().length - before
    assert.ok(count === 0 || count === records.length, `${count} of ${records.length} records are committed`)
    if (count > 0) for (const { partition, value } of records) wanted[partition]?.push(String(value))
    assert.deepStrictEqual(now, wanted)
    assert.deepStrictEqual(broker.wrong, [])
    assert.deepStrictEqual(broker.logs.flat().filter(({ outcome }) => outcome === 'open'), [])
  }
  unit.close()
}

function exact (create: (broker: TruthfulBroker) => Unit): fc.IAsyncProperty<[Case]> {
  return fc.asyncProperty(case_, async one => { await play(one, create) })
}

test('transaction unit commits all or nothing, and says what the broker knows, whatever is refused, lost, late or left out', async () => {
  await fc.assert(exact(unitOn), attack(120))
})

test('transaction unit that kept its epoch after an error, as kafkajs does, is caught', async t => {
  t.ok(await isCaught(exact(broker => new KeepsItsEpoch(broker)), 100))
})

for (const how of ['refuse', 'lose', 'deaf', 'late', 'omit'] as const) {
  test(`transaction unit sends nothing more on its epoch when any one of its requests meets "${how}"`, async t => {
    for (let after = 0; after < 6; after++) {
      for (const error of how === 'refuse' ? errors : ['UNKNOWN_SERVER_ERROR'] as const) {
        const one: Case = { transactions: [[0, 1, 0, 0, 2, 2], [1], [0, 2]], faults: [{ after, how, error }], isLateAfterInit: after % 2 === 0 }
        await play(one, unitOn)
      }
    }
    t.pass('each of six places')
  })
}

test('transaction unit is of no use after close, whatever was under way', async t => {
  for (let after = 0; after < 6; after++) {
    const broker = new TruthfulBroker()
    const unit = unitOn(broker)
    await unit.init()
    const under = unit.commit([{ topic: 't', partition: 0, key: null, value: Buffer.from('x'), headers: [] }]).then(() => 'committed', () => 'failed')
    while (broker.requests < 1 + after % 3) await new Promise(resolve => { setImmediate(resolve) })
    unit.close()
    t.equal(await under === 'committed', broker.committed().flat().length === 1)
    await t.rejects(unit.commit([]), { code: 'STR_CLOSED' })
    await t.rejects(unit.init(), { code: 'STR_CLOSED' })
  }
})

test('transaction unit is fenced, and not refused for ever, when another owner begins at the same moment', async t => {
  for (const error of ['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED'] as const) {
    const broker = new TruthfulBroker()
    const unit = unitOn(broker)
    broker.faults = [{ after: 0, how: 'refuse', error }]
    await t.rejects(unit.init(), { code: 'STR_TXN_FENCED' })
    await unit.init()
    await unit.commit([{ topic: 't', partition: 0, key: null, value: Buffer.from('x'), headers: [] }])
    t.same(broker.committed()[0], ['x'])
  }
})
