import { type ProductView } from '#schemas'
import { type EffectDef, type KeyValueStore, type ProcessorContext, type Source, type StoreDef } from '../../streams/processor.ts'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { type TopicDef } from '../../streams/topic.ts'
import { type Cell } from './cell.ts'

/** A record that a step emits. `partition` is set where the key does not decide. */
export interface Output { readonly topic: string, readonly key: string, readonly value: TypedValue, readonly partition: number | undefined }

export interface SceneOptions {
  readonly processor: string
  readonly partition: number
  readonly source: Source
  readonly nowMs: number
  readonly products: ReadonlyMap<string, ProductView>
}

/** The processor context over one cell, in memory: what a handler does is collected and becomes the next cell, or is thrown away. */
export class SceneContext implements ProcessorContext {
  readonly task: ProcessorContext['task']
  readonly source: Source
  readonly nowMs: number
  readonly wallMs: number
  readonly runningSinceMs = -Infinity
  readonly headers = []
  readonly outputs: Output[] = []
  readonly #products: ReadonlyMap<string, ProductView>
  readonly #rows: Record<string, TypedValue>
  readonly #timers: Record<string, true>
  readonly #effects: Record<string, TypedValue>

  constructor (cell: Cell, { processor, partition, source, nowMs, products }: SceneOptions) {
    this.task = { processor, partition }
    this.source = source
    this.nowMs = this.wallMs = nowMs
    this.#products = products
    this.#rows = { ...cell.rows }
    this.#timers = { ...cell.timers }
    this.#effects = { ...cell.effects }
  }

  get cell (): Cell {
    return { rows: this.#rows, timers: this.#timers, effects: this.#effects }
  }

  /** Always the same: each aggregate of the model makes at most one entity of a kind. */
  nextId (): string {
    return '00000000-0000-4000-8000-000000000000'
  }

  store<V> ({ name, ordered }: StoreDef<V>): KeyValueStore<V> {
    const rows = this.#rows
    const head = `${name}/`
    return {
      get: key => rows[head + key] as V | undefined,
      put: (key, value) => { rows[head + key] = value as TypedValue },
      delete: key => { Reflect.deleteProperty(rows, head + key) },
      scan ({ prefix = '', after, limit }) {
        if (ordered !== true) throw new Error(`${name} is not ordered`)
        const keys = Object.keys(rows).filter(key => key.startsWith(head + prefix)).map(key => key.slice(head.length)).sort()
          .filter(key => after === undefined || key > after)
        const page = keys.slice(0, limit)
        return { rows: page.map(key => [key, rows[head + key] as V] as const), next: keys.length > limit ? page.at(-1) : undefined }
      }
    }
  }

  emit<V extends TypedValue> (topic: TopicDef<V>, { key, value, partition }: { readonly key: string, readonly value: V, readonly partition?: number }): void {
    this.outputs.push({ topic: topic.name, key, value, partition })
  }

  readonly timers = {
    set: (key: string) => { this.#timers[key] = true },
    cancel: (key: string) => { Reflect.deleteProperty(this.#timers, key) }
  }

  global<V extends TypedValue> () {
    return {
      get: (key: string) => {
        const value = this.#products.get(key) as unknown as V | undefined
        return value === undefined ? undefined : { value, version: 1n }
      }
    }
  }

  startEffect<Request> (effect: EffectDef<Request>, { key, request }: { readonly key: string, readonly request: Request }): void {
    if (this.isEffectOpen(effect, key)) throw new Error(`an effect of ${key} is open already`)
    this.#effects[key] = request as TypedValue
  }

  isEffectOpen (_effect: EffectDef, key: string): boolean {
    return key in this.#effects
  }

  endEffect (effect: EffectDef, key: string): boolean {
    const wasOpen = this.isEffectOpen(effect, key)
    this.finishEffect(key)
    return wasOpen
  }

  /** Removes the row of the effect whose outcome is handled, as the runtime does. */
  finishEffect (key: string): void {
    Reflect.deleteProperty(this.#effects, key)
  }

  /** Removes the row of the timer that fires, as the runtime does. */
  fireTimer (key: string): void {
    Reflect.deleteProperty(this.#timers, key)
  }
}
