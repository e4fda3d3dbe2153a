import fc from 'fast-check'
import { test } from 'tap'
import { commandRecord, type DeadLetterCommand, decodeEvent, type ToldEvent } from '../../../streams/index.ts'
import { ParkedKeys } from '../../../streams/parking/parked-keys.ts'
import { checkEnds } from '../parking/ends.ts'
import { Defect, done, fragile, steps, undos } from '../parking/fragile.ts'
import { type Owner, World } from './world.ts'

/** What can happen between two sends. */
type Event =
  | { readonly kind: 'step' | 'poison' | 'undo' | 'break' | 'mend' | 'redrive' | 'discard' | 'dry-run', readonly key: number }
  | { readonly kind: 'wake', readonly key: number, readonly afterMs: number }
  | { readonly kind: 'crash' | 'second-owner' | 'flush' | 'snapshot' | 'go-back' | 'compact' }
  | { readonly kind: 'break-broker', readonly api: 'addPartitions' | 'produce' | 'endTxn', readonly phase: 'request' | 'answer', readonly skip: number }
  | { readonly kind: 'break-state', readonly op: 'read' | 'apply' | 'claim' | 'rows', readonly phase: 'request' | 'answer', readonly skip: number }
  | { readonly kind: 'wait', readonly ms: number }

const key = fc.nat(1)
const phase = fc.constantFrom('request' as const, 'answer' as const)
const skip = fc.nat(3)
const ofKey = (kind: 'step' | 'poison' | 'undo' | 'break' | 'mend' | 'redrive' | 'discard' | 'dry-run') => fc.record({ kind: fc.constant(kind), key })
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 14, arbitrary: ofKey('step') },
  { weight: 6, arbitrary: ofKey('poison') },
  { weight: 4, arbitrary: ofKey('undo') },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wake' as const), key, afterMs: fc.constantFrom(0, 50, 5000) }) },
  { weight: 5, arbitrary: ofKey('break') },
  { weight: 4, arbitrary: ofKey('mend') },
  { weight: 6, arbitrary: ofKey('redrive') },
  { weight: 1, arbitrary: ofKey('discard') },
  { weight: 1, arbitrary: ofKey('dry-run') },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'second-owner' as const, 'flush' as const, 'snapshot' as const, 'go-back' as const, 'compact' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('break-broker' as const), api: fc.constantFrom('addPartitions' as const, 'produce' as const, 'endTxn' as const), phase, skip }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('break-state' as const), op: fc.constantFrom('read' as const, 'apply' as const, 'claim' as const, 'rows' as const), phase, skip }) },
  { weight: 18, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 0, 0, 10, 100, 5000) }) }
)

const deadLetters = { commands: { name: 'dlq.commands', partitions: 1 }, events: { name: 'dlq.events', partitions: 1 } }

/** A processor whose handlers fail for the keys that are broken, and all that was sent to it. */
class History {
  readonly world: World
  readonly defect: Defect
  /** Steps, compensations and timers of each key, as they were sent. */
  readonly sent = new Map<string, string[]>()
  commands = 0
  /** Inputs seen parked, over all moments: a search that never sees one proves nothing. */
  parked = 0

  constructor (world: World, defect: Defect) {
    this.world = world
    this.defect = defect
  }

  async play (events: readonly Event[]): Promise<void> {
    const { world, defect } = this
    let owner: Owner = await world.own()
    const others: Owner[] = []
    let snapshot = world.backend.snapshot()
    for (const each of events) {
      const key = 'key' in each ? `k${each.key}` : ''
      switch (each.kind) {
        case 'step': await world.send(steps, key, { type: 'Step', step: this.#next(key, 's') }); break
        case 'poison': {
          const step = this.#next(key, 's')
          defect.broken.add(`${key}/${step}`)
          await world.send(steps, key, { type: 'Step', step })
          break
        }
        case 'undo': await world.send(undos, key, { type: 'Undo', step: this.#next(key, 'u') }); break
        case 'wake': {
          const timer = this.#next(key, 't')
          this.#next(key, `set-${timer}`, '')
          await world.send(steps, key, { type: 'Wake', timer, afterMs: each.afterMs })
          break
        }
        case 'break': defect.broken.add(key); break
        case 'mend': for (const name of defect.broken) if (name.startsWith(key)) defect.broken.delete(name); break
        case 'redrive': await this.command('Redrive', key); break
        case 'discard': await this.command('Discard', key); break
        case 'dry-run': await this.command('Redrive', key, true); break
        case 'crash':
          owner.crash()
          owner = world.start()
          break
        case 'second-owner': others.push(world.start()); break
        case 'flush': world.backend.flush(); break
        case 'snapshot': snapshot = world.backend.snapshot(); break
        case 'go-back': world.backend.restore(snapshot); break
        case 'compact': world.broker.compact(world.changelog); break
        case 'break-broker': world.broker.faults.fail({ api: each.api, transactionalId: world.transactionalId }, { phase: each.phase, skip: each.skip }); break
        case 'break-state': world.backend.faults.fail({ op: each.op }, { phase: each.phase, skip: each.skip }); break
        case 'wait': await world.wait(each.ms)
      }
      this.parked += checkEnds(world).parked
      for (const { task } of [owner, ...others]) expect(task.status().state === 'failed' ? task.status().reason?.message : 'works', 'works', 'a task')
    }
    world.broker.faults.clear()
    world.backend.faults.clear()
    for (const other of others) other.crash()
    owner.crash()
    defect.broken.clear()
    await world.own()
    await world.wait(5000)
    await this.command('Redrive')
    for (let n = 0; n < 8; n++) await world.wait(400_000)
  }

  async command (type: DeadLetterCommand['type'], key?: string, dryRun = false): Promise<void> {
    const filter = key === undefined ? {} : { key }
    const command = commandRecord('dlq.commands', 0, { type, id: String(this.commands++), processor: 'fragile', filter, dryRun })
    await this.world.broker.client('operator').producer().send([command])
  }

  /** Throws what is wrong, if anything is. */
  async check (): Promise<void> {
    const told = this.world.broker.entries('dlq.events', 0).filter(({ kind, outcome }) => kind === 'data' && outcome === 'committed')
      .map(({ value }) => decodeEvent(value as Buffer))
    const reports = told.flatMap(event => event.type === 'CommandReport' ? [event.id] : [])
    expect(reports.join(), Array.from({ length: this.commands }, (_, id) => id).join(), 'commands are answered once, in order')
    const outputs = this.world.committed(done)
    expect(new Set(outputs.map(({ id }) => id)).size, outputs.length, 'ids')
    const rows = await this.world.rows('history')
    for (const [key, sent] of this.sent) {
      const handled = rows[key] === undefined ? [] : (JSON.parse(rows[key]) as string).split(' ')
      for (const lane of ['s', 'u']) {
        const inOrder = handled.filter(name => name.startsWith(lane) && !name.startsWith('set'))
        expect(inOrder.join(), [...inOrder].sort((a, b) => numberOf(a) - numberOf(b)).join(), `${key}: order of ${lane}`)
      }
      for (const name of handled) if (name.startsWith('t')) expect(handled.indexOf(`set-${name}`) < handled.indexOf(name), true, `${key}: ${name} after it was set`)
      this.#checkEnds(key, sent, handled, told)
    }
    checkEnds(this.world)
    expect(this.world.isStable, true, 'R10')
    expect(Object.keys(await this.world.rows('#parked')).length + Object.keys(await this.world.rows('#waiting')).length, 0, 'nothing is left parked')
  }

  /** Each input was handled once, or discarded; the timer of a discarded record was never set. */
  #checkEnds (key: string, sent: readonly string[], handled: readonly string[], told: readonly ToldEvent[]): void {
    expect(new Set(handled).size, handled.length, `${key}: nothing twice`)
    const discards = told.filter(event => event.type === 'DeadLetterDiscarded' && event.key === key)
    const lost = sent.filter(name => !handled.includes(name))
    const lostRecords = lost.filter(name => !name.startsWith('t'))
    const lostTimers = lost.filter(name => name.startsWith('t') && handled.includes(`set-${name}`))
    const count = (kind: string): number => discards.filter(event => 'origin' in event && (event.origin.kind === 'timer') === (kind === 'timer')).length
    expect(lostRecords.length, count('record'), `${key}: records without an end`)
    expect(lostTimers.length, count('timer'), `${key}: timers without an end`)
  }

  #next (key: string, prefix: string, suffix = String(this.sent.get(key)?.length ?? 0)): string {
    const name = `${prefix}${suffix}`
    this.sent.set(key, [...this.sent.get(key) ?? [], name])
    return name
  }
}

function numberOf (name: string): number {
  return Number(name.slice(1))
}

function expect (found: unknown, wanted: unknown, what: string): void {
  if (found !== wanted) throw new Error(`${what}: ${String(found)}, not ${String(wanted)}`)
}

const RUNS = Number(process.env['ADVERSARIAL_RUNS'] ?? 100)
/** The same histories at every run, but where a search asks for others. */
const SEED = Number(process.env['ADVERSARIAL_SEED'] ?? 20261122)

/** Plays histories; answers how often an input was seen parked. */
async function search (runs: number, endOnFailure = false): Promise<number> {
  let parked = 0
  const setting = fc.record({
    cacheBytes: fc.constantFrom(0, 1 << 20), maxCycleRecords: fc.constantFrom(1, 3, 100), maxTransactionBytes: fc.constantFrom(1000, 1 << 20)
  })
  await fc.assert(fc.asyncProperty(fc.array(event, { minLength: 20, maxLength: 70 }), setting, async (events, options) => {
    const defect = new Defect()
    const node = fragile(defect, breakingByKey(defect))
    const world = await World.open([node], { ...options, stateCheckMs: 1000 }, deadLetters)
    const history = new History(world, defect)
    try {
      await history.play(events)
      await history.check()
      parked += history.parked
    } finally {
      await world.close()
    }
  }), { numRuns: runs, seed: SEED, endOnFailure })
  return parked
}

/** The handlers of `fragile`, failing for a key as a whole, or for one of its steps. */
function breakingByKey (defect: Defect): Partial<ReturnType<typeof fragile>> {
  const { handlers, onTimer } = fragile(new Defect())
  type Handler = NonNullable<(typeof handlers)[never]>
  const guarded = Object.fromEntries(Object.entries(handlers).map(([type, handler]) => [type, ((context, value, record) => {
    (handler as Handler)(context, value, record)
    defect.check(record.key)
    if ('step' in value) defect.check(`${record.key}/${String(value.step)}`)
  }) satisfies Handler]))
  return {
    handlers: guarded,
    onTimer: (context, timer) => {
      onTimer?.(context, timer)
      defect.check(timer.key.slice(0, timer.key.indexOf('/')))
    }
  }
}

test('R6 each key keeps its order and each input has one end, under failures, redrives, crashes, cuts, second owners and lost state', { timeout: 280_000 }, async t => {
  const parked = await search(RUNS)
  t.ok(parked > RUNS, `${RUNS} histories of seed ${SEED}, inputs seen parked ${parked} times`)
})

const broken: ReadonlyArray<readonly [what: string, method: 'mustWait' | 'isNext', answer: boolean]> = [
  ['a record of a parked key is handled at once', 'mustWait', false],
  ['what waits behind a record that failed again is handled all the same', 'isNext', true]
]

for (const [what, method, answer] of broken) {
  test(`R6 the same histories find it out when ${what}`, { timeout: 280_000 }, async t => {
    const sound = ParkedKeys.prototype[method]
    t.teardown(() => { ParkedKeys.prototype[method] = sound as never })
    ParkedKeys.prototype[method] = (() => answer) as never
    await t.rejects(search(100, true))
  })
}
