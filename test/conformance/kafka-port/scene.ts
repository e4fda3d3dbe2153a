import { randomUUID } from 'node:crypto'
import { type Test } from 'tap'
import { type CommitResult, type Kafka, type PartitionReader, type TransactionUnit } from '../../../streams/kafka/port.ts'
import { NO_HEADERS, type FetchedRecord, type OutgoingRecord, partitionKey, type RecordHeader } from '../../../streams/record.ts'
import { isStreamsError, type StreamErrorCode } from '../../../streams/errors.ts'
import { systemClock } from '../../../streams/time/system-clock.ts'
import { type KafkaPortHarness } from '../kafka-port.ts'

/** What every case gets: the harness and one shared, started client. */
export interface Scene { readonly harness: KafkaPortHarness, readonly client: Kafka }

/** One case of the suite. */
export type Case = (t: Test, scene: Scene) => Promise<void>

/** A name that no other case uses. */
export function uniqueName (prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 12)}`
}

/** Creates a topic with LogAppendTime, as the runtime's topics are; returns its name. */
export async function createTopic (client: Kafka, partitions = 1, config: Readonly<Record<string, string>> = {}): Promise<string> {
  const name = uniqueName('topic')
  await client.admin.createTopics([{ name, partitions, replicas: 1, config: { 'message.timestamp.type': 'LogAppendTime', ...config } }])
  return name
}

/** A record with text key and value. */
export function textRecord (topic: string, value: string, partition = 0, key = 'k', headers: readonly RecordHeader[] = NO_HEADERS): OutgoingRecord {
  return { topic, partition, key: Buffer.from(key), value: Buffer.from(value), headers }
}

/** An initialised unit; closed with the test. */
export async function readyUnit (t: Test, client: Kafka, transactionalId = uniqueName('txn')): Promise<TransactionUnit> {
  const unit = client.openTransactions({ transactionalId })
  t.teardown(() => unit.close())
  await unit.init()
  return unit
}

/** The offsets a commit gave to one partition. */
export function offsetsOf (result: CommitResult, topic: string, partition = 0): { first: bigint, last: bigint } {
  const offsets = result.offsets.get(partitionKey(topic, partition))
  if (offsets === undefined) throw new Error(`no offsets for ${topic}-${partition}`)
  return { ...offsets }
}

/** The read-committed end of one partition. */
export async function endOf (client: Kafka, topic: string, partition = 0): Promise<bigint> {
  const ends = await client.endOffsets([{ topic, partition }])
  const end = ends.get(partitionKey(topic, partition))
  if (end === undefined) throw new Error(`no end offset of ${topic}-${partition}`)
  return end
}

/**
 * Commits, and waits until the records can be read: a commit is certain when it resolves, but its markers may reach the partitions a
 * little later. Only for partitions without another open transaction.
 */
export async function commitSettled (client: Kafka, unit: TransactionUnit, records: readonly OutgoingRecord[]): Promise<CommitResult> {
  const result = await unit.commit(records)
  for (const { topic, partition } of records) {
    while (await endOf(client, topic, partition) <= offsetsOf(result, topic, partition).last) await systemClock.sleep(5)
  }
  return result
}

/** A reader and a promise of its next wake-up. */
export interface WatchedReader { readonly reader: PartitionReader, changed (): Promise<void> }

/** Opens a reader that is closed with the test. */
export function watch (t: Test, client: Kafka, topic: string, offset = 0n, partition = 0, maxQueuedBytes?: number): WatchedReader {
  let wake = () => {}
  let next = new Promise<void>((resolve) => { wake = resolve })
  const reader = client.openReader({
    topic,
    partition,
    offset,
    ...(maxQueuedBytes === undefined ? {} : { maxQueuedBytes }),
    onReadable: () => {
      const awake = wake
      next = new Promise<void>((resolve) => { wake = resolve })
      awake()
    }
  })
  t.teardown(() => reader.close())
  return { reader, changed: () => next }
}

/** Takes until `done` says so; every wake-up is asked again. */
export async function takeUntil (watched: WatchedReader, done: (records: FetchedRecord[], reader: PartitionReader) => boolean): Promise<FetchedRecord[]> {
  const records: FetchedRecord[] = []
  for (;;) {
    const changed = watched.changed()
    const taken = watched.reader.take(1_000)
    records.push(...taken)
    if (done(records, watched.reader)) return records
    if (taken.length === 0) await changed
  }
}

/** Everything committed from `offset` up to the read-committed end as of now. */
export async function readAll (t: Test, client: Kafka, topic: string, partition = 0, offset = 0n): Promise<FetchedRecord[]> {
  const end = await endOf(client, topic, partition)
  return await takeUntil(watch(t, client, topic, offset, partition), (_, reader) => reader.position >= end)
}

/** The values as text. */
export function texts (records: readonly FetchedRecord[]): string[] {
  return records.map((record) => String(record.value))
}

/** Asserts that the promise rejects with one of the codes; returns the code and the context. */
export async function rejectsWith (t: Test, promise: Promise<unknown>, ...codes: StreamErrorCode[]):
Promise<{ code: StreamErrorCode, context: Readonly<Record<string, unknown>> }> {
  try {
    await promise
  } catch (error) {
    if (!isStreamsError(error)) throw error
    t.ok(codes.includes(error.code), `rejects with ${codes.join(' or ')}: ${error.message}`)
    return { code: error.code, context: error.context }
  }
  t.fail(`resolved instead of rejecting with ${codes.join(' or ')}`)
  throw new Error('unreachable')
}
