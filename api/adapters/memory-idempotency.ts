import { type Clock } from '../../streams/time/clock.ts'
import { type IdempotencyAnswer, type IdempotencyStore } from '../ports.ts'
import { type LogPosition } from '../position.ts'

export interface MemoryIdempotencyOptions {
  readonly clock: Clock
  /** How long an answer is remembered, ms. @default 86400000 */
  readonly lifeMs?: number
  /** Entries at most; the oldest go first. @default 100000 */
  readonly maxEntries?: number
}

interface Entry { readonly bodyHash: string, readonly untilMs: number, position: LogPosition | undefined }

/** Remembers answers in this process. It forgets with the process, and that is allowed: the log decides. */
export function createMemoryIdempotency ({ clock, lifeMs = 86_400_000, maxEntries = 100_000 }: MemoryIdempotencyOptions): IdempotencyStore {
  const entries = new Map<string, Entry>()

  function answer (commandId: string, bodyHash: string): IdempotencyAnswer {
    const entry = entries.get(commandId)
    if (entry !== undefined && entry.untilMs > clock.now()) {
      if (entry.bodyHash !== bodyHash) return { kind: 'conflict' }
      return entry.position === undefined ? { kind: 'running' } : { kind: 'done', position: entry.position }
    }
    entries.delete(commandId)
    entries.set(commandId, { bodyHash, untilMs: clock.now() + lifeMs, position: undefined })
    for (const oldest of entries.keys()) {
      if (entries.size <= maxEntries) break
      entries.delete(oldest)
    }
    return { kind: 'new' }
  }

  return {
    begin: async (commandId, bodyHash) => answer(commandId, bodyHash),
    finish: async (commandId, position) => {
      const entry = entries.get(commandId)
      if (entry !== undefined) entry.position = position
    },
    abandon: async commandId => { entries.delete(commandId) }
  }
}
