import { type StateSnapshot } from '../../streams/state/memory/index.ts'
import { NO_HEADERS } from '../../streams/record.ts'
import { describeFault, type Fault, type Moment } from './faults.ts'
import { type Call, type Phase } from './network.ts'
import { type SimProcess } from './process.ts'
import { APPLICATION } from './workload.ts'
import { type World } from './world.ts'

/** Producer id of the zombie that writes where a log was lost. */
const ZOMBIE = 900_000n

interface Armed { readonly fault: Fault, skip: number }
/** A request that waits for a call that it is to meet. */
interface Astray { readonly until: Moment, readonly call: Call, skip: number }

/** Makes the faults of a scenario happen: at their time, or at the call that they wait for. */
export class Injector {
  readonly #world: World
  #armed: Armed[] = []
  #astray: Astray[] = []
  readonly #cutFromState = new Set<number>()
  readonly #happened = new Map<string, number>()

  constructor (world: World) {
    this.#world = world
    world.network.tamper = (call, phase) => this.#tamper(call, phase)
  }

  /** How often each kind has happened; a fault whose moment never comes is not counted. */
  get happened (): ReadonlyMap<string, number> { return this.#happened }

  isCutFromState (slot: number | undefined): boolean {
    return slot !== undefined && this.#cutFromState.has(slot)
  }

  plan (fault: Fault): void {
    const { clock, backend } = this.#world
    if (fault.kind === 'failover') {
      let snapshot: StateSnapshot | undefined
      clock.schedule(Math.max(0, fault.atMs - fault.forMs), () => { snapshot = backend.snapshot() })
      clock.schedule(fault.atMs, () => {
        if (snapshot !== undefined) {
          backend.restore(snapshot)
          this.#world.watch.wentBack()
        }
        this.#note(fault)
      })
    } else if (fault.on === undefined) clock.schedule(fault.atMs, () => { this.#strike(fault) })
    else clock.schedule(fault.atMs, () => { this.#armed.push({ fault, skip: fault.on?.skip ?? 0 }) })
  }

  /** Faults whose moment has not come do not come any more; what lasts goes on to its end. */
  disarm (): void {
    this.#armed = []
    for (const { call } of this.#astray.splice(0)) this.#world.network.deliver(call, 0)
  }

  #tamper (call: Call, phase: Phase): { readonly untilMs: number } | undefined {
    if (this.#astray.length > 0) this.#deliver(call, phase)
    if (this.#armed.length === 0) return undefined
    const slot = this.#world.processes.get(call.process)?.slot
    const met = this.#armed.find(({ fault: { on } }) => on?.api === call.api && on.phase === phase && (on.slot === undefined || on.slot === slot))
    if (met === undefined) return undefined
    if (met.skip-- > 0) return undefined
    this.#armed = this.#armed.filter(armed => armed !== met)
    return this.#hit(met.fault, call)
  }

  /** A fault meets the call that it waited for. */
  #hit (fault: Fault, call: Call): { readonly untilMs: number } | undefined {
    const { clock } = this.#world
    switch (fault.kind) {
      case 'delay':
        this.#note(fault, call)
        return { untilMs: clock.now() + fault.forMs }
      case 'lose-request': case 'lose-answer':
        this.#note(fault, call)
        throw call.lost()
      case 'late':
        this.#note(fault, call)
        this.#lead(fault, call)
        throw call.lost()
      case 'twice':
        this.#note(fault, call)
        this.#lead(fault, call)
        return undefined
      default:
        this.#strike(fault)
        return undefined
    }
  }

  /** The request goes astray: it arrives after its time, or when it meets the call that it is to meet. */
  #lead ({ until, forMs }: Fault, call: Call): void {
    if (until === undefined) this.#world.network.deliver(call, forMs)
    else this.#astray.push({ until, call, skip: until.skip })
  }

  #deliver (call: Call, phase: Phase): void {
    const met = this.#astray.find(({ until, call: { about } }) => until.api === call.api && until.phase === phase && about === call.about)
    if (met === undefined || met.skip-- > 0) return
    this.#astray = this.#astray.filter(astray => astray !== met)
    this.#world.network.deliver(met.call, 0)
  }

  #strike (fault: Fault): void {
    const { broker, backend, watch } = this.#world
    const process = this.#world.inSlot(fault.slot)
    switch (fault.kind) {
      case 'crash': return this.#crash(fault, process)
      case 'pause': return this.#pause(fault, process)
      case 'close': return this.#close(fault, process)
      case 'join': return this.#join(fault)
      case 'cut-broker': case 'cut-state': case 'cut-both': return this.#cut(fault, process)
      case 'flush':
        this.#note(fault)
        backend.flush()
        watch.flushed()
        return
      case 'clean':
        this.#note(fault)
        broker.clean()
        return
      case 'refuse':
        this.#note(fault)
        broker.log(fault.topic, fault.topic === 'dlq' ? 0 : fault.partition).refuseNext()
        return
      case 'log-loss': return this.#loseLog(fault)
    }
  }

  #crash (fault: Fault, process: SimProcess | undefined): void {
    if (process === undefined) return
    const { clock } = this.#world
    if (fault.kind === 'crash') this.#note(fault)
    this.#world.kill(process)
    clock.schedule(fault.forMs, () => { if (this.#world.inSlot(fault.slot) === undefined) this.#world.start(fault.slot) })
  }

  #pause (fault: Fault, process: SimProcess | undefined): void {
    if (process === undefined || process.isPaused) return
    this.#note(fault)
    process.pause()
    this.#world.clock.schedule(fault.forMs, () => {
      process.resume()
      this.#world.tell(() => `${process.id} goes on`)
    })
  }

  #close (fault: Fault, process: SimProcess | undefined): void {
    if (process === undefined || process.isClosing) return
    const { clock } = this.#world
    this.#note(fault)
    process.isClosing = true
    const again = (): void => {
      if (this.#world.inSlot(fault.slot) !== process) return
      clock.schedule(fault.forMs, () => {
        if (this.#world.inSlot(fault.slot) !== process) return
        this.#world.kill(process)
        this.#world.start(fault.slot)
      })
    }
    process.streams.close().then(again, again)
  }

  #join (fault: Fault): void {
    if (this.#world.inSlot(fault.slot) !== undefined) return
    this.#note(fault)
    this.#world.start(fault.slot)
    this.#world.clock.schedule(fault.forMs, () => {
      const process = this.#world.inSlot(fault.slot)
      if (process === undefined) return
      process.isClosing = true
      const gone = (): void => { this.#world.kill(process) }
      process.streams.close().then(gone, gone)
    })
  }

  #cut (fault: Fault, process: SimProcess | undefined): void {
    if (process === undefined) return
    const { clock } = this.#world
    this.#note(fault)
    if (fault.kind !== 'cut-state') {
      process.client.isolate()
      clock.schedule(fault.forMs, () => { process.client.heal() })
    }
    if (fault.kind === 'cut-broker') return
    this.#cutFromState.add(fault.slot)
    clock.schedule(fault.forMs, () => { this.#cutFromState.delete(fault.slot) })
  }

  /** The tail goes, but not the first progress, without which a task is right to stop. */
  #loseLog (fault: Fault): void {
    const { broker, clock } = this.#world
    const log = broker.log(fault.topic, fault.partition)
    const first = log.entries().find(({ kind, outcome, key }) => kind === 'data' && outcome === 'committed' && key?.toString() === 'progress')?.offset
    const end = log.endOffset - BigInt(1 + fault.atMs % 12)
    if (first === undefined || log.lastStableOffset !== log.endOffset || end <= first + 1n) return
    this.#note(fault)
    broker.truncateTo(fault.topic, fault.partition, end)
    const killOwner = (): void => {
      const task = `${fault.topic.split('-')[1]}-${fault.partition}`
      for (const process of this.#world.alive) {
        if (process.streams.tasks().some(({ id }) => id === task)) this.#crash({ ...fault, slot: process.slot }, process)
      }
    }
    // An idle owner has nothing that would tell it: the next Acquire has to.
    if (fault.forMs === 0) {
      clock.schedule(2000, killOwner)
      return
    }
    killOwner()
    const lost = { key: Buffer.from('s/sums/lost'), value: Buffer.from('0'), headers: NO_HEADERS }
    log.appendTransactional(Array.from({ length: 12 }, () => lost), ZOMBIE, 0, clock.now())
    log.endTransaction(ZOMBIE, 0, 'abort', clock.now())
  }

  #note (fault: Fault, call?: Call): void {
    this.#happened.set(fault.kind, (this.#happened.get(fault.kind) ?? 0) + 1)
    this.#world.tell(() => `FAULT ${describeFault(fault)}${call === undefined ? '' : ` → ${call.process} ${call.api} ${call.about}`}`)
  }
}

/** True for worlds whose broker loses what it acknowledged: exactly-once ends there, and so do some of the checks. */
export function losesLog (faults: readonly Fault[]): boolean {
  return faults.some(({ kind }) => kind === 'log-loss')
}

/** Name of the application's changelog of a node. */
export function changelogOf (node: string): string {
  return `${APPLICATION}-${node}-changelog`
}
