import { type Test, test } from 'tap'
import { type Kafka } from '../../streams/kafka/port.ts'
import { type OutgoingRecord } from '../../streams/record.ts'
import { adminCases } from './kafka-port/admin.ts'
import { groupCases } from './kafka-port/groups.ts'
import { readerCases } from './kafka-port/readers.ts'
import { transactionCases } from './kafka-port/transactions.ts'
import { abortCases } from './kafka-port/aborts.ts'

/** A transaction that is never ended, as by a process that dies before EndTxn. */
export interface UnfinishedTransaction {
  /** Adds the partitions to the transaction and appends the records; they stay uncommitted. */
  append (records: readonly OutgoingRecord[]): Promise<void>
}

/** What an implementation gives to the suite. */
export interface KafkaPortHarness {
  /** A new started client of the same broker; the suite closes it. */
  connect (clientId: string): Promise<Kafka>
  /** Initialises the transactional id (as `TransactionUnit.init` does) and starts a transaction that nobody will end. */
  openUnfinished (client: Kafka, transactionalId: string): Promise<UnfinishedTransaction>
  /** Ends the broker, when it belongs to the harness. */
  close (): Promise<void>
}

/**
 * The conformance suite of `streams/kafka/port.ts`: every implementation runs it, so a fake can never promise more than a broker.
 *
 * Call it once from a test file; `start` gives the harness, or undefined when it has skipped the test. Topic, group
 * and transactional ids are random, so a shared broker is fine.
 */
export function testKafkaPort (implementation: string, start: (t: Test) => Promise<KafkaPortHarness | undefined>): void {
  test(`${implementation} conforms to the Kafka port`, async (t) => {
    const harness = await start(t)
    if (harness === undefined) return
    t.teardown(() => harness.close())
    const client = await harness.connect('conformance')
    t.teardown(() => client.close())
    for (const cases of [adminCases, readerCases, transactionCases, abortCases, groupCases]) {
      for (const [name, run] of Object.entries(cases)) {
        await t.test(name, async (child) => { await run(child, { harness, client }) })
      }
    }
  })
}
