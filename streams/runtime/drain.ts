import { StreamsError } from '../errors.ts'
import { type DeadLetterCommand } from '../parking/command.ts'
import { decodeEntry, type Entry, type RecordEntry } from '../parking/entry.ts'
import { entryKey, isRunnable, type Lane, type LaneRef } from '../parking/lane.ts'
import { type ParkedKeys, type Waited } from '../parking/parked-keys.ts'
import { TIMER_STORE, WAITING_STORE } from '../state/changelog.ts'
import { type RecordItem, rejected, type Trial, type WaitingItem } from './item.ts'
import { lanesOf } from './operator.ts'
import { type RecordDecoder } from './record-decoder.ts'
import { type RowReader } from './row-reader.ts'
import { type Rows, type StoreRows } from './rows.ts'

export interface DrainOptions {
  readonly parked: ParkedKeys
  readonly rows: Rows
  readonly reader: RowReader
  readonly decoder: RecordDecoder
  /** Most that one cycle takes out of queues. */
  readonly maxRecords: number
  readonly maxBytes: number
}

/** Most keys that a dry run tries, and inputs of each; and no more bytes than a cycle takes. */
const TRIAL_KEYS = 50
const TRIAL_ENTRIES = 100

interface Place extends LaneRef { readonly seq: number, readonly isDropped: boolean }
interface Found { readonly waited: Waited, readonly isDropped: boolean, readonly entry: Entry }

/** Takes out of the queues of parked keys what may run, and makes items of it again. */
export class Drain {
  readonly #options: DrainOptions

  constructor (options: DrainOptions) {
    this.#options = options
  }

  /** When `take` would find something, broker-corrected epoch ms; −Infinity = now. */
  get nextDueMs (): number { return this.#options.parked.nextDueMs }

  /**
   * The inputs whose turn it may be, key by key in the order in which they waited. Those behind one that fails again stay where they are.
   *
   * @throws {StreamsError} STR_STATE_LOST as every fenced read; STR_CHANGELOG_UNREADABLE
   */
  async take (nowMs: number): Promise<WaitingItem[]> {
    const { parked, maxRecords, maxBytes } = this.#options
    if (parked.nextDueMs > nowMs) return []
    const places: Place[] = []
    let bytes = 0
    for (const [ref, lane] of parked.committed()) {
      if (!isRunnable(lane, nowMs) || !parked.isFree(ref)) continue
      // One that failed may well fail again: what is behind it would be read for nothing.
      const wanted = placesOf(ref, lane, lane.state === 'retrying' ? 1 : maxRecords - places.length)
      for (const place of wanted) {
        if (places.length > 0 && bytes >= maxBytes) break
        places.push(place)
        bytes += lane.sizeBytes / (lane.end - lane.first)
      }
      if (places.length >= maxRecords || bytes >= maxBytes) break
    }
    return await this.#itemsOf(places)
  }

  /** What a dry run of a Redrive has to try. */
  async trials (command: DeadLetterCommand): Promise<Trial[]> {
    if (command.type !== 'Redrive' || command.dryRun !== true) return []
    const { parked, maxBytes } = this.#options
    const trials: Trial[] = []
    let bytes = 0
    for (const [ref, lane] of lanesOf(command, parked).slice(0, TRIAL_KEYS)) {
      if (bytes >= maxBytes) break
      const sizeBytes = lane.sizeBytes / (lane.end - lane.first)
      const items = await this.#itemsOf(placesOf(ref, lane, Math.min(TRIAL_ENTRIES, Math.max(1, Math.floor((maxBytes - bytes) / sizeBytes)))))
      bytes += items.length * sizeBytes
      trials.push({ ref, items })
    }
    return trials
  }

  async #itemsOf (places: readonly Place[]): Promise<WaitingItem[]> {
    const found = await this.#load(places)
    const handled = found.filter(({ isDropped }) => !isDropped).map(({ entry }) => entry)
    const records = handled.filter((entry): entry is RecordEntry => entry.kind === 'record' && entry.omittedBytes === 0)
    const read = await this.#options.decoder.read(records.map(({ record }) => record))
    const items = new Map<Entry, RecordItem>(records.map((entry, index) => [entry, read[index] as RecordItem]))
    return found.map(each => itemOf(each, items))
  }

  async #load (places: readonly Place[]): Promise<Found[]> {
    if (places.length === 0) return []
    const { rows, reader } = this.#options
    const store = rows.stores.get(WAITING_STORE) as StoreRows
    const keys = places.map(place => entryKey(place, place.seq))
    await reader.load(store, keys)
    const found = places.map(({ lane, key, seq, isDropped }, index): Found => {
      const row = store.get(keys[index] as string)
      if (row === null || row === undefined) throw new StreamsError('STR_CHANGELOG_UNREADABLE', { record: 'waiting', reason: 'an input that waits is not there', seq })
      return { waited: { lane, key, seq, sizeBytes: row.length }, isDropped, entry: decodeEntry(row) }
    })
    const timers = found.flatMap(({ entry }) => entry.kind === 'timer' ? [entry.key] : [])
    if (timers.length > 0) await reader.load(rows.stores.get(TIMER_STORE) as StoreRows, timers)
    return found
  }
}

function placesOf ({ lane, key }: LaneRef, { first, end, discardTo }: Lane, limit: number): Place[] {
  return Array.from({ length: Math.max(0, Math.min(limit, end - first)) }, (_, index) => {
    const seq = first + index
    return { lane, key, seq, isDropped: seq < discardTo }
  })
}

function itemOf ({ entry, waited, isDropped }: Found, read: ReadonlyMap<Entry, RecordItem>): WaitingItem {
  if (isDropped) return { kind: 'drop', entry, waited }
  switch (entry.kind) {
    case 'effect': return { kind: 'again', entry, waited }
    case 'timer': return { kind: 'timer', key: entry.key, dueMs: entry.dueMs, waited: { ...waited, version: entry.version } }
    case 'record': {
      const { record, atMs, omittedBytes } = entry
      const item = read.get(entry) ?? rejected(record, '', new StreamsError('STR_OUTPUT_TOO_LARGE', { reason: 'too large to wait in the changelog', bytes: omittedBytes }))
      return { ...item, waited: { ...waited, atMs, omittedBytes } }
    }
  }
}
