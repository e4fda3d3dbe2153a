import { defineProcessor, defineStore, jsonSerde, type ProcessorContext, type ProcessorDef, type StoreDef, type StoreOptions } from '../../../streams/index.ts'
import { topic } from './counting.ts'

export interface Put { readonly type: 'Put', readonly key: string, readonly value: number }
export interface Get { readonly type: 'Get', readonly key: string }
export interface Delete { readonly type: 'Delete', readonly key: string }
export interface List { readonly type: 'List' }
export type Command = Put | Get | Delete | List
/** What was done, at which context time, and what was there for a Get or List. */
export interface Done { readonly type: 'Done', readonly command: Command, readonly atMs: number, readonly rows: ReadonlyArray<readonly [string, number]> }

export const commands = topic<Command>('commands')
export const done = topic<Done>('done')
export const TTL_MS = 1000

export function sessionsOf (options: StoreOptions = { ttlMs: TTL_MS, ordered: true }): StoreDef<number> {
  return defineStore('sessions', jsonSerde<number>(), options)
}

/** A store whose rows live for a second. */
export function expiring (store = sessionsOf(), given: Partial<ProcessorDef<Command>> = {}): ProcessorDef {
  const emit = (context: ProcessorContext, command: Command, rows: Done['rows'] = []): void => {
    context.emit(done, { key: 'all', value: { type: 'Done', command, atMs: context.nowMs, rows } })
  }
  return defineProcessor<Command>({
    name: 'expiring',
    inputs: [commands],
    outputs: [done],
    stores: [store],
    reads: value => value.type === 'Get' ? [[store, value.key]] : [],
    handlers: {
      Put: (context, command) => {
        context.store(store).put(command.key, command.value)
        emit(context, command)
      },
      Get: (context, command) => {
        const value = context.store(store).get(command.key)
        emit(context, command, value === undefined ? [] : [[command.key, value]])
      },
      Delete: (context, command) => {
        context.store(store).delete(command.key)
        emit(context, command)
      },
      List: (context, command) => { emit(context, command, context.store(store).scan({ limit: 1000 }).rows) }
    },
    ...given as object
  })
}
