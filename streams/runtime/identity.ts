import { createHash, hash } from 'node:crypto'
import { type Source } from '../processor.ts'

/** Namespace of every id the runtime derives. Never change it: ids are part of the log. */
const NAMESPACE = createHash('sha1').update('commerce-streams/derived-ids').digest().subarray(0, 16).toString('latin1')

/**
 * UUIDv5 over (processor, identity of the source, index, space of ids): the same on every repeat, different for two processors that read one
 * record.
 */
export function derivedId (processor: string, partition: number, source: Source, index: number, idSpace = ''): string {
  return uuidOf(`${processor}\n${identity(source, partition)}\n${index}${idSpace === '' ? '' : `\n${idSpace}`}`)
}

function identity (source: Source, partition: number): string {
  switch (source.kind) {
    case 'record': return `${source.topic}\n${source.partition}\n${source.offset}`
    case 'timer': return `#timer\n${partition}\n${source.key}\n${source.dueMs}\n${source.version}`
    case 'effect': return `#effect\n${partition}\n${source.effect}\n${source.key}\n${source.idempotencyKey}`
  }
}

/** The UUIDv5 of a name in the runtime's namespace. */
export function uuidOf (name: string): string {
  const hex = hash('sha1', Buffer.concat([Buffer.from(NAMESPACE, 'latin1'), Buffer.from(name)]), 'hex')
  const variant = ((parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
