import { StreamsError } from '../errors.ts'

/**
 * The two lanes of a key. Compensations overtake: one of them waits for compensations only, everything else waits for both lanes.
 */
export type LaneName = 'compensation' | 'ordinary'

/** One lane of one ordering key. */
export interface LaneRef { readonly lane: LaneName, readonly key: string }

/**
 * ready: its head is tried as soon as no compensation of its key is in front of it. retrying: its head failed and is tried again when
 * it is due. dead: its head is a dead letter; it waits for an operator.
 */
export type LaneState = 'ready' | 'retrying' | 'dead'

/** What can happen to a lane. handled: its head is done with, whatever became of it, and more waits behind it. */
export type LaneEvent = 'handled' | 'failed' | 'died' | 'redriven' | 'discarded'

/** State × event → state. A pair that is not listed does not happen: it is a defect. */
export const laneStates: Readonly<Record<LaneState, Readonly<Partial<Record<LaneEvent, LaneState>>>>> = {
  ready: { handled: 'ready', failed: 'retrying', died: 'dead' },
  retrying: { handled: 'ready', failed: 'retrying', died: 'dead', redriven: 'ready', discarded: 'ready' },
  dead: { redriven: 'ready', discarded: 'ready' }
}

/** The head of a lane that was tried and failed. */
export interface FailedHead {
  readonly kind: 'record' | 'timer' | 'effect'
  /** Origin, as in its dead letter: for timers and effects the changelog and −1. */
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Error code of the last failure. */
  readonly reason: string
  readonly attempts: number
  /** First failure, epoch ms. */
  readonly sinceMs: number
  /** True once its bytes lie in the dead-letter topic. */
  readonly isLettered: boolean
}

/** One lane of a parked key: a queue, whose entries are rows of their own, numbered from `first` to `end − 1`. */
export interface Lane {
  readonly state: LaneState
  readonly first: number
  readonly end: number
  /** Size of the entries that wait, bytes. */
  readonly sizeBytes: number
  /** When a retrying head is tried again, epoch ms. */
  readonly dueMs: number
  /** Entries with a smaller number are dropped, not handled, when they are at the head. */
  readonly discardTo: number
  /** Absent: the head was never tried. */
  readonly head: FailedHead | undefined
  /** True once an operator was told of it: then he is told of its end too. */
  readonly isTold: boolean
}

/** A lane with one entry that has only to wait. */
export function openLane (sizeBytes: number): Lane {
  return { state: 'ready', first: 0, end: 1, sizeBytes, dueMs: 0, discardTo: 0, head: undefined, isTold: false }
}

/** One more at its end. */
export function lengthened (lane: Lane, sizeBytes: number): Lane {
  return { ...lane, end: lane.end + 1, sizeBytes: lane.sizeBytes + sizeBytes }
}

/** How a head failed. */
export interface HeadFailure {
  readonly head: FailedHead
  /** When it is tried again, epoch ms; undefined = it is dead. */
  readonly dueMs: number | undefined
  /** An operator is told. */
  readonly isTold: boolean
}

/** Its head failed: it is dead, or tried again. */
export function failed (lane: Lane, { head, dueMs, isTold }: HeadFailure): Lane {
  return { ...lane, state: next(lane.state, dueMs === undefined ? 'died' : 'failed'), head, dueMs: dueMs ?? 0, isTold: lane.isTold || isTold }
}

/** Its head is done with; undefined = nothing waits any more, the lane is gone. */
export function shortened (lane: Lane, sizeBytes: number): Lane | undefined {
  if (lane.first + 1 >= lane.end) return undefined
  return { ...lane, state: next(lane.state, 'handled'), first: lane.first + 1, sizeBytes: lane.sizeBytes - sizeBytes, dueMs: 0, head: undefined }
}

/** Its head is to be tried again now. */
export function redriven (lane: Lane): Lane {
  return { ...lane, state: next(lane.state, 'redriven'), dueMs: 0 }
}

/** Its head, or all that waits now, is to be dropped; what comes later is handled. */
export function discarded (lane: Lane, scope: 'head' | 'all'): Lane {
  return { ...lane, state: next(lane.state, 'discarded'), dueMs: 0, discardTo: scope === 'head' ? lane.first + 1 : lane.end }
}

/** True when its head may be tried now, as far as its own lane is concerned. */
export function isRunnable (lane: Lane, nowMs: number): boolean {
  return lane.state === 'ready' || (lane.state === 'retrying' && lane.dueMs <= nowMs)
}

function next (state: LaneState, event: LaneEvent): LaneState {
  const after = laneStates[state][event]
  if (after === undefined) throw new StreamsError('STR_TXN_ILLEGAL_STATE', { lane: state, event })
  return after
}

const VERSION = 1

/** Version byte, then JSON: the rows are few and small. */
export function encodeLane (lane: Lane): Buffer {
  const head = lane.head === undefined ? undefined : { ...lane.head, offset: String(lane.head.offset) }
  return Buffer.concat([Buffer.of(VERSION), Buffer.from(JSON.stringify({ ...lane, head }))])
}

/** @throws {StreamsError} STR_CHANGELOG_UNREADABLE */
export function decodeLane (bytes: Buffer): Lane {
  try {
    if (bytes[0] !== VERSION) throw new RangeError('unknown version')
    const { head, ...lane } = JSON.parse(bytes.toString('utf8', 1)) as Omit<Lane, 'head'> & { readonly head?: Omit<FailedHead, 'offset'> & { readonly offset: string } }
    return { ...lane, head: head === undefined ? undefined : { ...head, offset: BigInt(head.offset) } }
  } catch (error) {
    throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'lane', version: bytes[0] }, error)
  }
}

const PREFIXES: Readonly<Record<LaneName, string>> = { compensation: 'c/', ordinary: 'o/' }

/** Row key of a lane. */
export function laneKey ({ lane, key }: LaneRef): string {
  return PREFIXES[lane] + key
}

export function parseLaneKey (rowKey: string): LaneRef {
  return { lane: rowKey.startsWith(PREFIXES.compensation) ? 'compensation' : 'ordinary', key: rowKey.slice(2) }
}

/** Row key of an entry. */
export function entryKey ({ lane, key }: LaneRef, seq: number): string {
  return `${PREFIXES[lane]}${seq}/${key}`
}
