import {
  defineProcessor, defineStore, jsonSerde, type ProcessorContext, type ProcessorDef, type RecordInfo, type StoreDef, type StoreOptions
} from '../../../streams/index.ts'
import { type RangeRequest } from '../../../streams/state/query.ts'
import { topic } from './counting.ts'

export interface Put { readonly type: 'Put', readonly key: string, readonly value: number }
export interface Delete { readonly type: 'Delete', readonly key: string }
/** Reads one row. */
export interface Get { readonly type: 'Get', readonly key: string }
/** Scans, and before that writes and removes rows in the same handler. */
export interface Scan { readonly type: 'Scan', readonly range: RangeRequest, readonly put?: string, readonly remove?: string }
/** Walks through a whole range, `limit` rows at a time. */
export interface Walk { readonly type: 'Walk', readonly range: RangeRequest }
export type Command = Put | Delete | Get | Scan | Walk

export interface Found { readonly type: 'Found', readonly rows: ReadonlyArray<readonly [string, number]>, readonly next: string | null }

export const commands = topic<Command>('commands')
export const found = topic<Found>('found')

export function indexOf (options: StoreOptions = { ordered: true }): StoreDef<number> {
  return defineStore('index', jsonSerde<number>(), options)
}

/** Does to its one store what it is told, whatever the key of the command, and emits what it reads. */
export function scanner (store = indexOf(), given: Partial<ProcessorDef<Command>> = {}): ProcessorDef {
  const emit = (context: ProcessorContext, rows: Found['rows'], next?: string): void => {
    context.emit(found, { key: 'all', value: { type: 'Found', rows, next: next ?? null } })
  }
  return defineProcessor<Command>({
    name: 'scanner',
    inputs: [commands],
    outputs: [found],
    stores: [store],
    handlers: {
      Put: (context, { key, value }) => { context.store(store).put(key, value) },
      Delete: (context, { key }) => { context.store(store).delete(key) },
      Get: (context, { key }) => {
        const value = context.store(store).get(key)
        emit(context, value === undefined ? [] : [[key, value]])
      },
      Scan: (context: ProcessorContext, { range, put, remove }: Scan, { offset }: RecordInfo) => {
        if (put !== undefined) context.store(store).put(put, Number(offset))
        if (remove !== undefined) context.store(store).delete(remove)
        const { rows, next } = context.store(store).scan(range)
        emit(context, rows, next)
      },
      Walk: (context, { range }) => {
        const rows: Array<readonly [string, number]> = []
        for (let after = range.after; ;) {
          const page = context.store(store).scan({ ...range, ...after === undefined ? {} : { after } })
          rows.push(...page.rows)
          if (page.next === undefined) break
          after = page.next
        }
        emit(context, rows)
      }
    },
    ...given as object
  })
}
