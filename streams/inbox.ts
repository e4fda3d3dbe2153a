import { publish } from './diagnostics.ts'
import { StreamsError } from './errors.ts'
import { defineStore, type Handler, type ProcessorDef, type StoreDef } from './processor.ts'
import { textSerde } from './serde/text.ts'
import { type TypedValue } from './serde/serde.ts'

/** Seven days: longer than most producers keep what they may send again. Unit: ms. */
const defaultLifeMs = 7 * 86_400_000

/** Ids of events that were handled, each with the record that came first, as `topic/partition/offset`. */
export const inboxStore: StoreDef<string> = defineStore('inbox', textSerde)

export interface InboxOptions<Input extends TypedValue = TypedValue> {
  /**
   * The id that the producer gave the event, the same however often it sends it; undefined or empty = it has none, and is always
   * handled. Pure. Ids of several producers share one room: where two may choose the same, put their names in front.
   */
  readonly eventId: (value: Input, key: string) => string | undefined
  /** How long an id is remembered, ms of context time from the record that came first. @default 7 days */
  readonly lifeMs?: number
}

/**
 * An inbox in front of a processor: of the events with one id only the first is handled, the others change nothing and are counted
 * (`pipeline_diverted_total`, how = duplicate). For producers that repeat themselves: what this runtime writes has no duplicates.
 *
 * The ids are rows of the processor, changelogged, in the transaction of what the event did: an event that fails leaves no id, so a
 * redrive of it is its first time. They lie in the task of the event's partition: a repeat must come under the same key as the first.
 * Each costs two rows until its time is over. A repeat with other content is a repeat.
 *
 * @throws {StreamsError} STR_TOPOLOGY_INVALID when the processor has a store of that name already, or `lifeMs` is no time
 */
export function withInbox<Input extends TypedValue> (processor: ProcessorDef, options: InboxOptions<Input>): ProcessorDef {
  const { lifeMs = defaultLifeMs } = options
  const eventId = options.eventId as (value: TypedValue, key: string) => string | undefined
  const refuse = (reason: string): never => { throw new StreamsError('STR_TOPOLOGY_INVALID', { processor: processor.name, reason }) }
  if (processor.stores.some(({ name }) => name === inboxStore.name)) refuse(`it has a store named ${inboxStore.name} already`)
  if (!(lifeMs > 0 && Number.isSafeInteger(lifeMs))) refuse(`an inbox cannot remember for ${lifeMs} ms`)
  const store: StoreDef<string> = Object.freeze({ ...inboxStore, ttlMs: lifeMs })

  const once = (handler: Handler): Handler => (context, value, record) => {
    const id = eventId(value, record.key)
    if (id === undefined || id === '') return handler(context, value, record)
    const seen = context.store(store)
    if (seen.get(id) !== undefined) {
      publish('streams:record:diverted', () => ({ ...context.task, how: 'duplicate', reason: 'inbox' }))
      return
    }
    seen.put(id, `${record.topic}/${record.partition}/${record.offset}`)
    return handler(context, value, record)
  }

  const handlers = Object.entries(processor.handlers as Readonly<Record<string, Handler | undefined>>)
    .map(([type, handler]) => [type, handler === undefined ? undefined : once(handler)] as const)
  return Object.freeze({
    ...processor,
    stores: [...processor.stores, store],
    handlers: Object.fromEntries(handlers),
    reads: (value: TypedValue, key: string) => {
      const id = eventId(value, key)
      const reads = processor.reads?.(value, key) ?? []
      return id === undefined || id === '' ? reads : [...reads, [store, id] as const]
    }
  })
}
