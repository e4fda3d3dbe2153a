import { isUtf8 } from 'node:buffer'
import { StreamsError } from '../errors.ts'
import { NO_HEADERS, type OutgoingRecord } from '../record.ts'
import { type FailedHead, type Lane, type LaneRef } from './lane.ts'

/** Which parked keys a command is about: those to which every given field applies. No field at all: every one. */
export interface ParkedFilter {
  /** Ordering key, as `dlq.parked` of the dead letter has it. */
  readonly key?: string
  /** Error code of the head's last failure. */
  readonly reason?: string
  /** Origin of the head. */
  readonly topic?: string
  /** Offsets of the head, both included. */
  readonly fromOffset?: bigint
  readonly toOffset?: bigint
  /** Dead records, or inputs that are tried again on their own, compensations above all. @default 'dead' for Discard, both for Redrive */
  readonly state?: 'dead' | 'retrying'
}

/**
 * What an operator asks of one task of a processor.
 *
 * Redrive: the dead record is handled again, at its original place in the log, then what waits behind it, in order; a failure parks
 * the key again. Discard: the dead record, or with scope `all` everything that waits too, is dropped; dead letters keep their bytes.
 */
export interface DeadLetterCommand {
  readonly type: 'Redrive' | 'Discard'
  /** Chosen by the sender: the report has it. */
  readonly id: string
  readonly processor: string
  readonly filter: ParkedFilter
  /** For Discard. @default 'head' */
  readonly scope?: 'head' | 'all'
  /** Only reports what it would do. @default false */
  readonly dryRun?: boolean
}

const FIELDS = new Set(['type', 'id', 'processor', 'filter', 'scope', 'dryRun'])
const FILTER_FIELDS = new Set(['key', 'reason', 'topic', 'fromOffset', 'toOffset', 'state'])
const ALL = 'all'

/**
 * The record that gives a command to the task that owns partition `partition` of the processor: that of the dead letter's
 * `dlq.partition`.
 */
export function commandRecord (topic: string, partition: number, command: DeadLetterCommand): OutgoingRecord {
  const { fromOffset, toOffset, ...rest } = command.filter
  const filter = {
    ...rest,
    ...(fromOffset === undefined ? {} : { fromOffset: String(fromOffset) }),
    ...(toOffset === undefined ? {} : { toOffset: String(toOffset) })
  }
  const value = JSON.stringify({ ...command, filter: Object.keys(filter).length === 0 ? ALL : filter })
  return { topic, partition, key: Buffer.from(command.processor), value: Buffer.from(value), headers: NO_HEADERS }
}

/**
 * Reads a command. Offsets are decimal text. A filter without a field must be written `"all"`, and a field that is not known is
 * refused: a slip of the pen must not make a filter wider.
 *
 * @throws {StreamsError} STR_RECORD_UNREADABLE, saying what is wrong
 */
export function decodeCommand (bytes: Buffer | null): DeadLetterCommand {
  const { type, id, processor, filter, scope, dryRun } = objectOf(parse(bytes), FIELDS)
  if (type !== 'Redrive' && type !== 'Discard') return refuse('type is neither Redrive nor Discard')
  if (scope !== undefined && (type !== 'Discard' || (scope !== 'head' && scope !== ALL))) return refuse('scope is head or all, of a Discard')
  if (dryRun !== undefined && typeof dryRun !== 'boolean') return refuse('dryRun is true or false')
  return { type, id: textOf(id, 'id'), processor: textOf(processor, 'processor'), filter: filterOf(filter), scope: scope ?? 'head', dryRun: dryRun ?? false }
}

function parse (bytes: Buffer | null): unknown {
  if (bytes === null || !isUtf8(bytes)) return refuse('not JSON')
  try {
    return JSON.parse(bytes.toString())
  } catch (error) {
    throw new StreamsError('STR_RECORD_UNREADABLE', { reason: 'not JSON' }, error)
  }
}

function filterOf (given: unknown): ParkedFilter {
  if (given === ALL) return {}
  const fields = objectOf(given, FILTER_FIELDS)
  if (Object.keys(fields).length === 0) return refuse('a filter without a field: write "all" to mean all')
  const { state } = fields
  if (state !== undefined && state !== 'dead' && state !== 'retrying') return refuse('state is dead or retrying')
  const text = (name: string): object => fields[name] === undefined ? {} : { [name]: textOf(fields[name], name) }
  const offset = (name: string): object => fields[name] === undefined ? {} : { [name]: offsetOf(fields[name], name) }
  return { ...text('key'), ...text('reason'), ...text('topic'), ...offset('fromOffset'), ...offset('toOffset'), ...(state === undefined ? {} : { state }) }
}

function objectOf (given: unknown, known: ReadonlySet<string>): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return refuse('an object is expected')
  const strange = Object.keys(given).find(name => !known.has(name))
  return strange === undefined ? given as Readonly<Record<string, unknown>> : refuse(`${strange} is not a field`)
}

function textOf (given: unknown, name: string): string {
  return typeof given === 'string' ? given : refuse(`${name} is text`)
}

function offsetOf (given: unknown, name: string): bigint {
  return typeof given === 'string' && /^\d{1,19}$/.test(given) ? BigInt(given) : refuse(`${name} is an offset, as decimal text`)
}

function refuse (reason: string): never {
  throw new StreamsError('STR_RECORD_UNREADABLE', { reason })
}

/** True when a command is about that lane. Only one whose head failed can be meant. */
export function isMeant ({ type, filter }: DeadLetterCommand, { key }: LaneRef, { state, head }: Lane): boolean {
  if (head === undefined || state === 'ready') return false
  if (state !== (filter.state ?? (type === 'Discard' ? 'dead' : state))) return false
  return (filter.key ?? key) === key && isHeadMeant(filter, head)
}

function isHeadMeant ({ reason, topic, fromOffset, toOffset }: ParkedFilter, head: FailedHead): boolean {
  return (reason ?? head.reason) === head.reason && (topic ?? head.topic) === head.topic &&
    (fromOffset ?? head.offset) <= head.offset && (toOffset ?? head.offset) >= head.offset
}
