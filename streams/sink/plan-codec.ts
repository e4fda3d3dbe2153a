import { StreamsError } from '../errors.ts'
import { decodeProgress, isProgress } from '../state/changelog.ts'
import { firstPlan, type Plan, rangeToken, type SinkMark } from './plan.ts'
import { type PlannedRange } from './port.ts'

/**
 * The plan as the `progress` record of the sink's changelog: version byte 4, then JSON. Offsets are decimal text. The partition is
 * that of the changelog; what a range takes over from its mark is not repeated. In version 2 each range had a token of
 * its own; 1 and 3 are the common form of progress.
 */

const PLAN_VERSION = 4
const OWN_TOKENS_VERSION = 2

interface PlanJson {
  readonly sequence: string
  readonly marks: ReadonlyArray<readonly [topic: string, next: string, rows: string, lastOffset: string, salt: string]>
  readonly ranges: ReadonlyArray<readonly [topic: string, from: string, to: string, rows: number, hash: string, token?: string]>
}

export function encodePlan (plan: Plan): Buffer {
  const json: PlanJson = {
    sequence: String(plan.sequence),
    marks: [...plan.marks].map(([topic, mark]) => [topic, String(mark.next), String(mark.rows), String(mark.lastOffset), mark.salt]),
    ranges: plan.ranges.map(({ topic, from, to, rows, hash, token }) => [topic, String(from), String(to), rows, hash, token])
  }
  return Buffer.concat([Buffer.of(PLAN_VERSION), Buffer.from(JSON.stringify(json))])
}

/**
 * Reads a plan. A progress record of the common form, as provisioning writes for every new task, is a plan with nothing done.
 *
 * @throws {StreamsError} STR_CHANGELOG_UNREADABLE
 */
export function decodePlan (bytes: Buffer, partition: number): Plan {
  if (isProgress(bytes)) {
    const { sequence, offsets } = decodeProgress(bytes)
    return { ...firstPlan(offsets), sequence }
  }
  try {
    if (bytes[0] !== PLAN_VERSION && bytes[0] !== OWN_TOKENS_VERSION) throw new RangeError('unknown version')
    const json = JSON.parse(bytes.toString('utf8', 1)) as PlanJson
    const marks = new Map<string, SinkMark>()
    for (const [topic, next, rows, lastOffset, salt] of json.marks) {
      marks.set(topic, { next: BigInt(next), rows: BigInt(rows), lastOffset: BigInt(lastOffset), salt })
    }
    const ranges = json.ranges.map(([topic, from, to, rows, hash, token]): PlannedRange => {
      const mark = marks.get(topic)
      if (mark === undefined) throw new RangeError('a range without its mark')
      const { salt, rows: rowsBefore, lastOffset: lastOffsetBefore } = mark
      const place = { topic, partition, from: BigInt(from), to: BigInt(to) }
      return { ...place, rows, hash, salt, token: token ?? rangeToken({ ...place, salt }), rowsBefore, lastOffsetBefore }
    })
    return { sequence: BigInt(json.sequence), marks, ranges }
  } catch (error) {
    throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'plan', version: bytes[0] }, error)
  }
}
