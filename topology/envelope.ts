import { createHash } from 'node:crypto'
import { type ProcessorContext, type Source } from '../streams/processor.ts'
import { type CommandMeta, type EventMeta } from '#schemas'
import { idSpace } from './partitions.ts'

/** The tenant of every record; the field is reserved for later. */
export const defaultTenant = 'default'

/** Where a record comes from: what one request caused, and what directly caused this one. */
export interface Cause {
  readonly correlationId: string
  readonly causationId: string
}

/** What ids and times are derived from: the part of the processor context that metadata needs. */
export type MetaContext = Pick<ProcessorContext, 'nextId' | 'nowMs'>

/**
 * Metadata of an event emitted by a handler: the id is derived from the input, the same on every repeat; the time is the context's.
 *
 * `aggregateVersion` counts the events of the aggregate from 1, this one included; 0 where there is no aggregate.
 */
export function eventMeta (context: MetaContext, cause: Cause, aggregateVersion = 0): EventMeta {
  return { eventId: context.nextId(), occurredAt: context.nowMs, ...cause, aggregateVersion, tenant: defaultTenant }
}

/** Metadata of a command emitted by a handler. Its id is derived from the input, so that a repeat of the input is the same command. */
export function commandMeta (context: MetaContext, cause: Cause): CommandMeta {
  return {
    commandId: commandId('platform', cause.causationId, context.nextId()),
    bodyHash: null,
    issuedAt: context.nowMs,
    correlationId: cause.correlationId,
    principal: null,
    tenant: defaultTenant
  }
}

/** The cause that a record hands on to everything it leads to. A command without correlation id starts one with its own id. */
export function causeOf (meta: EventMeta | CommandMeta, source?: Source): Cause {
  if ('eventId' in meta) return { correlationId: meta.correlationId, causationId: meta.eventId }
  const id = commandIdOf(meta, source)
  return { correlationId: meta.correlationId === '' ? id : meta.correlationId, causationId: id }
}

/** The cause of what a timer or an effect leads to; `correlationId` comes from the state of the aggregate. */
export function causeOfSource (source: Source, correlationId: string): Cause {
  return { correlationId, causationId: sourceId(source) }
}

/** The command's own id, or, for a command that came without one, the id derived from where it lies in the log. */
export function commandIdOf (meta: CommandMeta, source?: Source): string {
  if (meta.commandId !== '' || source === undefined) return meta.commandId
  return source.kind === 'record' ? topicCommandId(source.topic, source.partition, source.offset) : commandId(sourceId(source))
}

/** Id of a command that came by topic without one. */
export function topicCommandId (topic: string, partition: number, offset: bigint): string {
  return commandId(topic, String(partition), String(offset), ...idSpace === '' ? [] : [idSpace])
}

/**
 * SHA-256 in hex over the parts, each prefixed by its length, so that no two lists of parts give the same bytes.
 * For requests the parts are tenant, principal, route and idempotency key, in this order.
 */
export function commandId (...parts: readonly string[]): string {
  const hash = createHash('sha256')
  const prefix = Buffer.allocUnsafe(4)
  for (const part of parts) {
    const bytes = Buffer.from(part)
    prefix.writeUInt32BE(bytes.length)
    hash.update(prefix).update(bytes)
  }
  return hash.digest('hex')
}

/** The UUID (version 8) of the entity that a command creates: the first 16 bytes of the command id. */
export function uuidOfCommand (id: string): string {
  const variant = (Number.parseInt(id.charAt(16), 16) & 0x3 | 0x8).toString(16)
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-8${id.slice(13, 16)}-${variant}${id.slice(17, 20)}-${id.slice(20, 32)}`
}

/** SHA-256 in hex of a JSON value with its object keys in order: equal bodies give equal hashes, however they were written. */
export function bodyHash (body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex')
}

function canonicalJson (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'bigint') return `"${value}"`
  if (Buffer.isBuffer(value)) return `"${value.toString('base64')}"`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined).sort(([a], [b]) => a < b ? -1 : 1)
  return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${canonicalJson(entry)}`).join(',')}}`
}

function sourceId (source: Source): string {
  if (source.kind === 'record') return `${source.topic}/${source.partition}/${source.offset}`
  if (source.kind === 'timer') return `timer/${source.key}/${source.version}`
  return `effect/${source.effect}/${source.idempotencyKey}`
}
