import { createHash } from 'node:crypto'
import { StreamsError } from '../errors.ts'
import { type FetchedRecord } from '../record.ts'
import { type PlannedRange } from './port.ts'

/**
 * The plan of a sink task, and its arithmetic. Pure.
 *
 * A plan says what is acknowledged (a mark per topic) and what is open: at most one range per topic, all above its mark. It is
 * committed before its ranges are inserted, and the next one acknowledges it: so at any moment the committed plan tells exactly
 * which rows may be in the target without being known to be there.
 */
export interface Plan {
  /** Grows by one with every plan, over every owner. */
  readonly sequence: bigint
  readonly marks: ReadonlyMap<string, SinkMark>
  readonly ranges: readonly PlannedRange[]
}

/** What the target holds for sure of one topic-partition. */
export interface SinkMark {
  /** First offset that is not acknowledged. */
  readonly next: bigint
  /** Rows acknowledged so far, and the offset of the last of them (−1 = none). */
  readonly rows: bigint
  readonly lastOffset: bigint
  /** Part of every deduplication token: a repair changes it. */
  readonly salt: string
}

/** A range before it is planned. */
export interface RangeDraft { readonly topic: string, readonly from: bigint, readonly to: bigint, readonly rows: number, readonly hash: string }

const FIRST_SALT = '0'

/** The plan of a task that has done nothing: nothing acknowledged, to start at these offsets. */
export function firstPlan (offsets: ReadonlyMap<string, bigint>): Plan {
  const marks = new Map<string, SinkMark>()
  for (const [topic, next] of offsets) marks.set(topic, { next, rows: 0n, lastOffset: -1n, salt: FIRST_SALT })
  return { sequence: 0n, marks, ranges: [] }
}

/** Adds inputs to a plan, never over an existing one: what provisioning does when a topic joins the sink. */
export function addInputs (plan: Plan, offsets: ReadonlyMap<string, bigint>): Plan {
  return { ...plan, sequence: plan.sequence + 1n, marks: new Map([...firstPlan(offsets).marks, ...plan.marks]) }
}

/**
 * The next plan: acknowledges every range of this one and opens the drafts.
 *
 * @throws {StreamsError} STR_SINK_PLAN_INVALID when drafts overlap what is acknowledged, or a topic comes twice.
 */
export function nextPlan (plan: Plan, partition: number, drafts: readonly RangeDraft[]): Plan {
  const marks = acknowledge(plan)
  const ranges: PlannedRange[] = []
  const planned = new Set<string>()
  const token = planToken(marks, partition, drafts)
  for (const { topic, from, to, rows, hash } of drafts) {
    const mark = marks.get(topic)
    if (mark === undefined || planned.has(topic) || from < mark.next || to < from || rows < 1 || BigInt(rows) > to - from + 1n) {
      throw new StreamsError('STR_SINK_PLAN_INVALID', { topic, partition, from, to, rows, next: mark?.next })
    }
    planned.add(topic)
    ranges.push({ topic, partition, from, to, rows, hash, salt: mark.salt, token, rowsBefore: mark.rows, lastOffsetBefore: mark.lastOffset })
  }
  return { sequence: plan.sequence + 1n, marks, ranges }
}

/** The marks once every open range is in the target. */
export function acknowledge (plan: Plan): Map<string, SinkMark> {
  const marks = new Map(plan.marks)
  for (const { topic, to, rows, rowsBefore, salt } of plan.ranges) marks.set(topic, { next: to + 1n, rows: rowsBefore + BigInt(rows), lastOffset: to, salt })
  return marks
}

/** Where to read each topic from once every open range is in the target. */
export function resumeOffsets (plan: Plan): Map<string, bigint> {
  const offsets = new Map<string, bigint>()
  for (const [topic, mark] of acknowledge(plan)) offsets.set(topic, mark.next)
  return offsets
}

/** The plan after a repair of one topic: `rows` rows below `from` stay, everything from there on comes again under another salt. */
export function restartTopic (plan: Plan, topic: string, from: bigint, kept: { readonly rows: bigint, readonly lastOffset: bigint }): Plan {
  const mark = plan.marks.get(topic)
  const salt = String(Number(mark?.salt ?? FIRST_SALT) + 1)
  return {
    sequence: plan.sequence + 1n,
    marks: new Map([...plan.marks, [topic, { next: from, rows: kept.rows, lastOffset: kept.lastOffset, salt }]]),
    ranges: plan.ranges.filter(range => range.topic !== topic)
  }
}

/**
 * Deduplication token of a range that is planned alone: never a version of code or schema, so that the same range is inserted once over
 * every upgrade.
 */
export function rangeToken ({ topic, partition, from, to, salt }: Pick<PlannedRange, 'topic' | 'partition' | 'from' | 'to' | 'salt'>): string {
  return `${topic}/${partition}/${from}-${to}/${salt}`
}

/**
 * Token of all ranges of a plan: that of its first one, which no other plan has. So what is left of a plan after a repair is still
 * known to a target that has had all of it.
 */
export function planToken (marks: ReadonlyMap<string, SinkMark>, partition: number, drafts: readonly RangeDraft[]): string {
  const [first] = drafts
  return first === undefined ? '' : rangeToken({ ...first, partition, salt: marks.get(first.topic)?.salt ?? FIRST_SALT })
}

/** Draft of the range that holds exactly these records, which are of one partition, in offset order, at least one. */
export function draftRange (records: readonly FetchedRecord[]): RangeDraft {
  const first = records[0]
  const last = records.at(-1)
  if (first === undefined || last === undefined) throw new StreamsError('STR_SINK_PLAN_INVALID', { rows: 0 })
  return { topic: first.topic, from: first.offset, to: last.offset, rows: records.length, hash: hashRecords(records) }
}

/** Hash over offsets, keys and values: tells whether the log still holds the very records that were planned. */
export function hashRecords (records: readonly FetchedRecord[]): string {
  const frame = Buffer.allocUnsafe(16 * records.length)
  const hash = createHash('sha256')
  let at = 0
  for (const { offset, key, value } of records) {
    at = frame.writeBigInt64BE(offset, at)
    at = frame.writeInt32BE(key?.length ?? -1, at)
    at = frame.writeInt32BE(value?.length ?? -1, at)
    if (key !== null) hash.update(key)
    if (value !== null) hash.update(value)
  }
  return hash.update(frame).digest('hex').slice(0, 32)
}
