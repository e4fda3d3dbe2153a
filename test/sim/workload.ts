import {
  defineProcessor, defineSink, defineStore, defineTopic, defineTopology, jsonSerde, type ProcessorContext, type RecordInfo, type SinkTarget,
  type TopicDef, type Topology, type TypedValue
} from '../../streams/index.ts'

/** Partitions of every topic of the workload. */
export const PARTITIONS = 2
/** Order keys go to this many groups, which the second stage counts. */
const GROUPS = 5

/** An order of a key. `timed`: a timer fires `afterMs` later unless it is cancelled. `poison`: its handler fails after it has written. */
export interface Order { readonly type: 'Order', readonly id: string, readonly kind: 'plain' | 'timed' | 'poison', readonly afterMs: number }
/** Cancels the timer of an order, whether it comes before or after it: the topics have no common order. */
export interface Cancel { readonly type: 'Cancel', readonly id: string }
/** The nth order of a key; `dueMs` is when its timer is due. */
export interface Counted { readonly type: 'Counted', readonly id: string, readonly key: string, readonly n: number, readonly dueMs: number | null }
/** The timer of an order fired, `atMs` context time. */
export interface Fired { readonly type: 'Fired', readonly id: string, readonly key: string, readonly atMs: number }
/** A cancellation was in time, or came before its order. */
export interface Ended { readonly type: 'Ended', readonly id: string, readonly key: string }
export type Event = Counted | Fired | Ended
/** The nth event of a group. */
export interface Total { readonly type: 'Total', readonly group: string, readonly total: number, readonly what: string, readonly id: string }

function topic<V extends TypedValue> (name: string): TopicDef<V> {
  return defineTopic<V>({ name, partitions: PARTITIONS, cleanup: { policy: 'keep' }, value: jsonSerde<V>(), keyName: 'id' })
}

export const orders = topic<Order>('orders')
export const cancels = topic<Cancel>('cancels')
export const events = topic<Event>('events')
export const totals = topic<Total>('totals')
export const DEAD_LETTERS = 'dlq'
export const APPLICATION = 'sim'

const counts = defineStore<number>('counts', jsonSerde<number>())
/** Orders whose timer is armed: the key of the order. */
const armed = defineStore<string>('armed', jsonSerde<string>())
/** Orders whose timer has fired. */
const fired = defineStore<number>('fired', jsonSerde<number>())
/** Orders that were cancelled before they came. */
const fences = defineStore<boolean>('fences', jsonSerde<boolean>())
const sums = defineStore<number>('sums', jsonSerde<number>())

export function groupOf (key: string): string {
  return `g${Number(key.slice(1)) % GROUPS}`
}

/** First stage: counts orders by key, arms timers and cancels them. */
const count = defineProcessor<Order | Cancel>({
  name: 'count',
  inputs: [orders, cancels],
  outputs: [events],
  stores: [counts, armed, fired, fences],
  reads: (value, key) => value.type === 'Order' ? [[counts, key], [fences, value.id]] : [[armed, value.id], [fired, value.id]],
  handlers: {
    Order: (context, { id, kind, afterMs }, { key }) => {
      const n = (context.store(counts).get(key) ?? 0) + 1
      context.store(counts).put(key, n)
      let dueMs: number | null = null
      if (kind !== 'plain') {
        if (context.store(fences).get(id) === true) context.store(fences).delete(id)
        else {
          dueMs = context.nowMs + afterMs
          context.store(armed).put(id, key)
          context.timers.set(id, dueMs, key)
        }
      }
      context.emit(events, { key: groupOf(key), value: { type: 'Counted', id, key, n, dueMs } })
      if (kind === 'poison') throw new Error('poison')
    },
    Cancel: (context, { id }, { key }) => {
      if (context.store(armed).get(id) !== undefined) {
        context.timers.cancel(id)
        context.store(armed).delete(id)
      } else if (context.store(fired).get(id) === undefined) context.store(fences).put(id, true)
      else return
      context.emit(events, { key: groupOf(key), value: { type: 'Ended', id, key } })
    }
  },
  timerReads: ({ key: id }) => [[armed, id]],
  onTimer: (context, { key: id, payload: key }) => {
    context.store(armed).delete(id)
    context.store(fired).put(id, context.nowMs)
    context.emit(events, { key: groupOf(key), value: { type: 'Fired', id, key, atMs: context.nowMs } })
  }
})

/** Second stage: counts the events of each group. */
const sum = defineProcessor<Event>({
  name: 'sum',
  inputs: [events],
  outputs: [totals],
  stores: [sums],
  handlers: { Counted: add, Fired: add, Ended: add }
})

function add (context: ProcessorContext, { type, id }: Event, { key: group }: RecordInfo): void {
  const total = (context.store(sums).get(group) ?? 0) + 1
  context.store(sums).put(group, total)
  context.emit(totals, { key: group, value: { type: 'Total', group, total, what: type, id } })
}

/** Topics whose every record is a row of the sink's target. */
export const archived: readonly TopicDef[] = [orders, totals]

/** The topology of one process, with its own door to the target of the sink. */
export function topologyWith (target: SinkTarget, maxRows: number): Topology {
  const archive = defineSink({ name: 'archive', topics: archived, target, maxRows, maxBytes: 64 * 1024, maxWaitMs: 100 })
  return defineTopology({ applicationId: APPLICATION, version: '1', nodes: [count, sum, archive] })
}

/** Tasks of the topology. */
export const TASKS = 3 * PARTITIONS
