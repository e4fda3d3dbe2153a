import { defineProcessor, defineStore, defineTopic, jsonSerde, type ProcessorDef, type TopicDef, type TypedValue } from '../../../streams/index.ts'

export interface Add { readonly type: 'Add', readonly amount: number }
export interface Fail { readonly type: 'Fail', readonly message: string }
export interface Remind { readonly type: 'Remind', readonly afterMs: number }
export type Command = Add | Fail | Remind
export interface Total { readonly type: 'Total', readonly id: string, readonly total: number, readonly atMs: number }
export interface Reminded { readonly type: 'Reminded', readonly id: string, readonly payload: string, readonly atMs: number }
export type Event = Total | Reminded

export function topic<V extends TypedValue> (name: string, partitions = 1): TopicDef<V> {
  return defineTopic<V>({ name, partitions, cleanup: { policy: 'keep' }, value: jsonSerde<V>(), keyName: 'id' })
}

export const commands = topic<Command>('commands')
export const totals = topic<Event>('totals')
export const counts = defineStore<number>('counts', jsonSerde<number>())

/** Adds numbers per key, emits each total, fails on demand after having written, reminds by timer. */
export function counter (given: Partial<ProcessorDef<Command>> = {}): ProcessorDef {
  return defineProcessor<Command>({
    name: 'counter',
    inputs: [commands],
    outputs: [totals],
    stores: [counts],
    reads: (_value, key) => [[counts, key]],
    handlers: {
      Add: (context, { amount }, { key }) => {
        const total = (context.store(counts).get(key) ?? 0) + amount
        context.store(counts).put(key, total)
        context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total, atMs: context.nowMs } })
      },
      Fail: (context, { message }, { key }) => {
        context.store(counts).put(key, -1)
        context.emit(totals, { key, value: { type: 'Total', id: context.nextId(), total: -1, atMs: context.nowMs } })
        context.timers.set(key, context.nowMs + 1000, 'of a failed record')
        throw new Error(message)
      },
      Remind: (context, { afterMs }, { key }) => { context.timers.set(key, context.nowMs + afterMs, `after ${afterMs}`) }
    },
    onTimer: (context, { key, payload }) => {
      context.emit(totals, { key, value: { type: 'Reminded', id: context.nextId(), payload, atMs: context.nowMs } })
    },
    ...given as object
  })
}
