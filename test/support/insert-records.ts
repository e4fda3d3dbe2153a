import { type FetchedRecord } from '../../streams/record.ts'
import { rangeToken } from '../../streams/sink/plan.ts'
import { type PlannedRange, type SinkTarget } from '../../streams/sink/port.ts'

/** The range of exactly these records, which are of one topic-partition and in offset order, as if it had been planned alone. */
export function rangeOf (records: readonly FetchedRecord[], salt = '0'): PlannedRange {
  const [first, last] = [records[0], records.at(-1)]
  if (first === undefined || last === undefined) throw new RangeError('a range has records')
  const { topic, partition, offset: from } = first
  const range = { topic, partition, from, to: last.offset, rows: records.length, hash: '', salt, rowsBefore: 0n, lastOffsetBefore: -1n }
  return { ...range, token: rangeToken(range) }
}

/** Puts records into a target as the sink does that has planned them alone. Returns their range. */
export async function insertRecords (target: SinkTarget, records: readonly FetchedRecord[], salt?: string): Promise<PlannedRange> {
  const range = rangeOf(records, salt)
  await target.insert([{ range, rows: await target.freeze(records, { topic: range.topic, partition: range.partition, planFrom: range.from }) }])
  return range
}
