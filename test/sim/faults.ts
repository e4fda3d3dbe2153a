import { type Phase } from './network.ts'
import { type Random } from './random.ts'
import { PARTITIONS } from './workload.ts'

/** Calls that a fault waits for: the first one after its time, or one of the next. */
export interface Moment {
  readonly api: string
  readonly phase: Phase
  /** Only of this process; undefined = of any. */
  readonly slot: number | undefined
  /** Such calls that pass first. */
  readonly skip: number
}

export type FaultKind =
  /** A process is killed, and started again. */
  | 'crash'
  /** A process stands still, and goes on: a zombie, if others took over meanwhile. */
  | 'pause'
  /** A process closes in good order, and is started again. */
  | 'close'
  /** One more process joins, and leaves in good order. */
  | 'join'
  /** A process loses its way to the broker, to the state, or to both. */
  | 'cut-broker' | 'cut-state' | 'cut-both'
  /** A call is slow. */
  | 'delay'
  /** A request never arrives; an answer does not: it took effect, and the caller is not told. */
  | 'lose-request' | 'lose-answer'
  /** A request arrives long after its caller was told that the connection broke. */
  | 'late'
  /** A request arrives a second time. */
  | 'twice'
  /** The state is emptied; goes back to what it was a while ago, as a failover to a lagging replica does. */
  | 'flush' | 'failover'
  /** The cleaner compacts, and drops tombstones whose time is over. */
  | 'clean'
  /** A leader refuses the next records of a transaction with a definite answer. */
  | 'refuse'
  /** The broker loses the tail of a changelog that it had acknowledged. With `forMs` its owner dies with it, and a zombie writes something else there. */
  | 'log-loss'

/** One thing that goes wrong. Plain data: it can be printed, left out and played again. */
export interface Fault {
  /** Its place in the scenario, by which it is left out. */
  readonly number: number
  readonly kind: FaultKind
  /** When it happens, or begins to wait for its moment, ms from the start. */
  readonly atMs: number
  /** How long it lasts; for a failover how far it goes back; ms. */
  readonly forMs: number
  readonly slot: number
  /** undefined = at its time. */
  readonly on: Moment | undefined
  /** A late request arrives when this call of its transaction or task is on its way; undefined = after `forMs`. */
  readonly until: Moment | undefined
  /** Partition, where one is meant. */
  readonly partition: number
  readonly topic: string
}

export interface FaultSpan {
  readonly processes: number
  /** From the first to the last input, without the quiet time, ms. */
  readonly feedMs: number
  /** The quiet time in the middle, ms; 0 = none. */
  readonly stillMs: number
}

const weights = {
  crash: 16,
  pause: 14,
  close: 5,
  join: 3,
  'cut-broker': 6,
  'cut-state': 4,
  'cut-both': 2,
  delay: 6,
  'lose-request': 4,
  'lose-answer': 10,
  late: 16,
  twice: 5,
  flush: 7,
  failover: 8,
  clean: 6,
  refuse: 7,
  'log-loss': 0
} as const satisfies Readonly<Record<FaultKind, number>>

/** Faults that need no moment. */
const certain = { crash: 4, pause: 4, 'cut-broker': 2, 'cut-state': 1, flush: 2, failover: 3, close: 1 } as const

/** Where a process is killed or paused most tellingly: between the steps of the protocol. */
const moments = {
  initProducerId: 3,
  addPartitions: 2,
  produce: 6,
  endTxn: 8,
  apply: 6,
  read: 3,
  claim: 8,
  wipe: 2,
  rows: 1,
  insert: 5,
  count: 2,
  bounds: 1,
  heartbeat: 1,
  joinGroup: 1
}
/** Calls of an Acquire: there are few of them, and a process that stands still there for long finds another owner. */
const acquiring: ReadonlySet<string> = new Set(['initProducerId', 'claim', 'wipe', 'rows', 'bounds', 'joinGroup'])

/** Calls whose requests and answers the network can lose or bring late. */
const losable = {
  initProducerId: 3,
  addPartitions: 3,
  produce: 5,
  endTxn: 9,
  apply: 5,
  read: 2,
  claim: 3,
  wipe: 2,
  insert: 6,
  count: 2,
  listOffsets: 1,
  metadata: 1
}
/** Requests that change something, and so matter when they arrive late. */
const changing = { initProducerId: 2, addPartitions: 2, produce: 4, endTxn: 14, apply: 5, claim: 3, wipe: 2, insert: 6 }

/**
 * Requests that may arrive twice. EndTxn is not among them: a connection repeats nothing by itself, and a client that would send it again
 * is a known-bad build; the numbers of a Produce, the token of an insert and the position of an apply tell a repetition.
 */
const repeated = { initProducerId: 2, addPartitions: 2, produce: 6, apply: 5, claim: 3, wipe: 2, insert: 6 }

/** Calls that a late request of the same transaction or task meets most tellingly. */
const overtaken = { produce: 6, endTxn: 2, apply: 2, claim: 1, insert: 3, count: 2 }

/** Between one and eight things that go wrong, in the order of time; a few of the worlds lose a tail of their log. */
export function drawFaults (random: Random, span: FaultSpan): Fault[] {
  const isLosingLog = random.chance(0.05)
  // Some wait for a moment that never comes: one does not.
  const sure = { ...draw(random, random.weighted(certain), span), on: undefined }
  const faults = [sure, ...Array.from({ length: random.between(0, 7) }, () => draw(random, random.weighted<FaultKind>(weights), span))]
  if (isLosingLog) faults.push(draw(random, 'log-loss', span))
  if (span.stillMs > 0) faults.push(...outlive(random, span))
  return faults.sort((a, b) => a.atMs - b.atMs).map((fault, number) => ({ ...fault, number }))
}

function draw (random: Random, kind: FaultKind, { processes, feedMs }: FaultSpan): Fault {
  const slot = random.between(0, processes - 1)
  const fault: Fault = { number: 0, kind, atMs: random.between(0, feedMs), forMs: 0, slot, on: undefined, until: undefined, partition: random.between(0, PARTITIONS - 1), topic: '' }
  const at = (apis: Readonly<Record<string, number>>, isOfSlot: boolean, phase: Phase): Moment => {
    const api = random.weighted(apis)
    return { api, phase, slot: isOfSlot ? slot : undefined, skip: random.between(0, acquiring.has(api) ? 1 : 4) }
  }
  const anyPhase: Phase = random.chance(0.5) ? 'request' : 'answer'
  switch (kind) {
    case 'crash': return { ...fault, forMs: random.between(50, 6000), on: random.chance(0.7) ? at(moments, true, anyPhase) : undefined }
    case 'pause': {
      const on = random.chance(0.7) ? at(moments, true, anyPhase) : undefined
      return { ...fault, forMs: random.between(on !== undefined && acquiring.has(on.api) ? 3500 : 200, 9000), on }
    }
    case 'close': return { ...fault, forMs: random.between(50, 3000) }
    case 'join': return { ...fault, slot: processes, forMs: random.between(500, 5000) }
    case 'cut-broker': case 'cut-state': case 'cut-both': return { ...fault, forMs: random.between(50, 7000) }
    case 'delay': return { ...fault, forMs: random.between(20, 3000), on: at(losable, false, anyPhase) }
    case 'lose-request': return { ...fault, on: at(losable, false, 'request') }
    case 'lose-answer': return { ...fault, on: at(losable, false, 'answer') }
    case 'late': case 'twice': {
      const on = at(kind === 'late' ? changing : repeated, false, 'request')
      const isMeeting = random.chance(0.7)
      const api = on.api === 'endTxn' ? 'produce' : random.weighted(overtaken)
      const until: Moment | undefined = isMeeting ? { api, phase: random.chance(0.7) ? 'answer' : 'request', slot: undefined, skip: on.api === 'endTxn' ? 0 : random.between(0, 2) } : undefined
      return { ...fault, forMs: isMeeting ? 0 : random.between(0, 2500), on, until }
    }
    case 'failover': return { ...fault, forMs: random.between(20, 2500) }
    case 'refuse': return { ...fault, topic: random.pick(['events', 'events', 'totals', 'sim-count-changelog', 'sim-sum-changelog', 'dlq']) }
    case 'log-loss': return { ...fault, forMs: random.pick([0, 20, 500]), topic: random.pick(['sim-count-changelog', 'sim-sum-changelog']) }
    case 'flush': case 'clean': return fault
  }
}

/** The state goes back by more than tombstones live, once the cleaner has dropped them. */
function outlive (random: Random, { feedMs, stillMs }: FaultSpan): Fault[] {
  const atMs = Math.round(feedMs / 2) + stillMs - 2000
  const fault = { number: 0, slot: 0, on: undefined, until: undefined, partition: 0, topic: '' }
  return [
    { ...fault, kind: 'clean', atMs, forMs: 0 },
    { ...fault, kind: 'failover', atMs: atMs + random.between(100, 1500), forMs: stillMs - random.between(0, 5000) }
  ]
}

/** One line for people. */
export function describeFault ({ number, kind, atMs, forMs, slot, on, until, partition, topic }: Fault): string {
  const where = topic === '' ? '' : ` ${topic}-${topic === 'dlq' ? 0 : partition}`
  const who = ['crash', 'pause', 'close', 'join', 'cut-broker', 'cut-state', 'cut-both'].includes(kind) ? ` p${slot}` : ''
  const when = on === undefined ? '' : ` at ${on.phase} ${on.skip + 1} of ${on.api}${on.slot === undefined ? '' : ` of p${on.slot}`}`
  const span = until === undefined ? (forMs > 0 ? `, ${forMs} ms` : '') : `, until ${until.phase} ${until.skip + 1} of ${until.api} there`
  return `#${number} ${atMs} ms: ${kind}${who}${where}${when}${span}`
}
