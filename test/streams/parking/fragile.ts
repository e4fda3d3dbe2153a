import { type Test } from 'tap'
import {
  defineProcessor, defineStore, defineTopic, jsonSerde, type Ordering, type ProcessorDef, type RuntimeOptions, StreamsError, type TopicDef, type TypedValue
} from '../../../streams/index.ts'
import { createTestDriver, type TestDriver } from '../../../streams/testing/index.ts'

/** A step of a key, with a number of its own so that order can be seen. */
export interface Step { readonly type: 'Step', readonly step: string, readonly about?: string }
/** Sets a timer of the key, by name. */
export interface Wake { readonly type: 'Wake', readonly timer: string, readonly afterMs: number }
/** Takes a timer of the key away. */
export interface Calm { readonly type: 'Calm', readonly timer: string }
/** A step of a compensation. */
export interface Undo { readonly type: 'Undo', readonly step: string }
export type Input = Step | Wake | Calm | Undo

/** What was done, in order: the whole history of a key is in `done`. */
export interface Done { readonly type: 'Done', readonly id: string, readonly step: string, readonly done: string, readonly atMs: number, readonly wallMs: number }

function topic<V extends TypedValue> (name: string, partitions = 1): TopicDef<V> {
  return defineTopic<V>({ name, partitions, cleanup: { policy: 'keep' }, value: jsonSerde<V>(), keyName: 'key' })
}

export const steps = topic<Input>('steps')
export const undos = topic<Undo>('undos')
export const done = topic<Done>('done')
export const history = defineStore<string>('history', jsonSerde<string>())

/** A defect that can be mended: what is broken throws after it has written. */
export class Defect {
  readonly broken = new Set<string>()
  readonly refused = new Set<string>()
  /** How often something broken was tried. */
  tries = 0

  check (name: string): void {
    if (this.refused.has(name)) throw new StreamsError('STR_RECORD_REFUSED', { why: name })
    if (!this.broken.has(name)) return
    this.tries++
    throw new Error(`${name} is broken`)
  }
}

/** Writes down each step per key, and breaks where the defect says. */
export function fragile (defect: Defect, given: Partial<ProcessorDef<Input>> = {}): ProcessorDef {
  type Context = Parameters<NonNullable<ProcessorDef['onTimer']>>[0]
  const note = (context: Context, key: string, step: string): void => {
    const all = [context.store(history).get(key), step].filter(part => part !== undefined).join(' ')
    context.store(history).put(key, all)
    context.emit(done, { key, value: { type: 'Done', id: context.nextId(), step, done: all, atMs: context.nowMs, wallMs: context.wallMs } })
    defect.check(step)
  }
  return defineProcessor<Input>({
    name: 'fragile',
    inputs: [steps, { topic: undos, compensates: true }],
    outputs: [done],
    stores: [history],
    parking: 'key',
    reads: (_value, key) => [[history, key]],
    handlers: {
      Step: (context, { step, about }, { key }) => { note(context, about ?? key, step) },
      Undo: (context, { step }, { key }) => { note(context, key, step) },
      Wake: (context, { timer, afterMs }, { key }) => {
        context.timers.set(`${key}/${timer}`, context.nowMs + afterMs, timer)
        note(context, key, `set-${timer}`)
      },
      Calm: (context, { timer }, { key }) => {
        context.timers.cancel(`${key}/${timer}`)
        note(context, key, `calm-${timer}`)
      }
    },
    onTimer: (context, { key, payload }) => { note(context, key.slice(0, key.indexOf('/')), payload) },
    timerReads: ({ key }) => [[history, key.slice(0, key.indexOf('/'))]],
    ordering: keyOrdering,
    ...given as object
  })
}

/** Timers belong to the key before the slash. */
export const keyOrdering: Ordering<Input> = { timer: ({ key }) => key.slice(0, key.indexOf('/')) }

/** A driver of one fragile processor, with words for what its tests do. */
export async function startFragile (t: Test, node: ProcessorDef, options: Partial<RuntimeOptions> = {}): Promise<Fragile> {
  const driver = await createTestDriver({ nodes: [node], options })
  t.teardown(async () => { await driver.close() })
  return new Fragile(driver)
}

export class Fragile {
  readonly driver: TestDriver

  constructor (driver: TestDriver) {
    this.driver = driver
  }

  /** Appends steps of a key, without letting anything run in between. */
  async pipe (key: string, ...names: readonly string[]): Promise<void> {
    for (const step of names) await this.driver.pipe(steps, key, { type: 'Step', step })
  }

  /** Appends steps of a key and lets them run one by one. */
  async play (key: string, ...names: readonly string[]): Promise<void> {
    for (const step of names) {
      await this.pipe(key, step)
      await this.driver.run()
    }
  }

  async undo (key: string, step: string): Promise<void> {
    await this.driver.pipe(undos, key, { type: 'Undo', step })
    await this.driver.run()
  }

  /** Steps of a key that were done, in order. */
  async history (key: string): Promise<string> {
    await this.driver.run()
    return await this.driver.store('fragile', history).get(key) ?? ''
  }

  /** What was emitted since the last call. */
  async emitted (): Promise<Done[]> {
    return (await this.driver.read(done)).map(({ value }) => value)
  }

  /** Keys, dead and retrying heads, and waiting inputs. */
  get parked () {
    return this.driver.status()[0]?.parked
  }
}
