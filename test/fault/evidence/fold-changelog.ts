import { hash } from 'node:crypto'
import { type FetchedRecord, decodeProgress } from '#streams'
import { decodeEffect } from '../../../streams/effects/row.ts'
import { parseChangelogKey, PROGRESS_KEY, TIMER_STORE, effectStore } from '../../../streams/state/changelog.ts'
import { decodeTimer, indexedDueMs } from '../../../streams/time/timers.ts'
import { type Origin, type StoreFacts } from './evidence.ts'

/** The index of due timers, which the state keeps beside the rows; in evidence it is told as one more store. */
export const timerIndex = '#timers by time'

const effectPrefix = effectStore('')

/** What the changelog of one task comes to when it is read from its start to its end. */
export class FoldedChangelog {
  readonly stores = new Map<string, Map<string, Buffer>>()
  readonly origins: Origin[] = []
  readonly setbacks: string[] = []
  inputs: ReadonlyMap<string, bigint> = new Map()
  sequence = -1n

  /** `stores`: names of the stores that there are, rows or not. */
  constructor (stores: readonly string[]) {
    for (const name of stores) this.stores.set(name, new Map())
  }

  add ({ key, value, offset }: Pick<FetchedRecord, 'key' | 'value' | 'offset'>): void {
    if (key !== null && PROGRESS_KEY.equals(key) && value !== null) return this.#addProgress(value, offset)
    const parsed = parseChangelogKey(key)
    if (parsed.kind !== 'row') return
    const rows = this.stores.get(parsed.store) ?? new Map<string, Buffer>()
    this.stores.set(parsed.store, rows)
    if (value === null) {
      rows.delete(parsed.key)
      return
    }
    rows.set(parsed.key, Buffer.from(value))
    if (parsed.store === TIMER_STORE) {
      const { dueMs, version } = decodeTimer(value)
      this.origins.push({ kind: 'timer', key: parsed.key, dueMs, version: String(version) })
    } else if (parsed.store.startsWith(effectPrefix)) {
      const effect = parsed.store.slice(effectPrefix.length)
      this.origins.push({ kind: 'effect', effect, key: parsed.key, idempotencyKey: decodeEffect(value).idempotencyKey })
    }
  }

  /** Every store with its digest, and the index that its timers stand for. */
  facts (): Record<string, StoreFacts> {
    const facts = Object.fromEntries([...this.stores].map(([name, rows]) => [name, storeFacts(rows)]))
    const due = new Map([...this.stores.get(TIMER_STORE) ?? []].flatMap(([key, row]) => {
      const dueMs = indexedDueMs(row)
      return dueMs === null ? [] : [[key, Buffer.from(String(dueMs))] as const]
    }))
    return { ...facts, [timerIndex]: storeFacts(due) }
  }

  #addProgress (value: Buffer, offset: bigint): void {
    const { sequence, offsets } = decodeProgress(value)
    if (sequence <= this.sequence) this.setbacks.push(`sequence ${sequence} at offset ${offset} follows ${this.sequence}`)
    for (const [topic, next] of offsets) {
      const before = this.inputs.get(topic) ?? 0n
      if (next < before) this.setbacks.push(`${topic} went back from ${before} to ${next} at offset ${offset}`)
    }
    this.inputs = offsets
    this.sequence = sequence
  }
}

/** The digest of rows: the same for the same keys and values, in whatever order they came. */
export function storeFacts (rows: ReadonlyMap<string, Buffer>): StoreFacts {
  const lines = [...rows].map(([key, value]) => `${JSON.stringify(key)}${hash('sha256', value, 'hex')}`).sort()
  return { rows: rows.size, digest: hash('sha256', lines.join('\n'), 'hex').slice(0, 32) }
}
