import { addInputs, resumeOffsets } from '../sink/plan.ts'
import { decodePlan, encodePlan } from '../sink/plan-codec.ts'
import { decodeProgress, encodeProgress, isProgress } from '../state/changelog.ts'

/** The inputs that a progress record of a processor or a sink names. @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function inputsOfProgress (bytes: Buffer, partition: number): ReadonlySet<string> {
  return new Set((isProgress(bytes) ? decodeProgress(bytes).offsets : resumeOffsets(decodePlan(bytes, partition))).keys())
}

/**
 * A progress record with further inputs, as the next of the given one: what is there stays as it is. Without one, the first
 * progress of a task; sinks read it as a plan with nothing done.
 *
 * @throws {StreamsError} STR_CHANGELOG_UNREADABLE
 */
export function addToProgress (bytes: Buffer | undefined, starts: ReadonlyMap<string, bigint>, partition: number, nowMs: number): Buffer {
  if (bytes === undefined) return encodeProgress({ sequence: 1n, contextTimeMs: nowMs, offsets: starts })
  if (!isProgress(bytes)) return encodePlan(addInputs(decodePlan(bytes, partition), starts))
  const progress = decodeProgress(bytes)
  return encodeProgress({ ...progress, sequence: progress.sequence + 1n, offsets: new Map([...starts, ...progress.offsets]) })
}
