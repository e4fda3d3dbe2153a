import { StreamsError } from '../errors.ts'
import { type KeyValueStore, type StoreDef } from '../processor.ts'
import { expiryKey } from '../state/expiry.ts'
import { checkRange, type RangeRequest, type ScanPage } from '../state/query.ts'
import { decodeTimer } from '../time/timers.ts'
import { type Row } from './row-cache.ts'
import { type StoreRows } from './rows.ts'
import { MAX_SCANNED_BYTES, type Scans } from './scans.ts'

/** What a store needs of the context that it belongs to. */
export interface StoreHost {
  /** True while a handler runs. */
  readonly isActive: boolean
  readonly nowMs: number
  /** What runs: another one for every attempt of every input. */
  readonly source: unknown
  readonly timerRows: StoreRows
  readonly scans: Scans
  /** Throws unless a handler runs and the key can be one. */
  check (key?: string): void
  write (rows: StoreRows, key: string, row: Row): void
  setTimer (key: string, dueMs: number): void
  /** Suspends the handler until that row, or more of what was scanned, is in memory. */
  suspend (missing: { readonly store: StoreRows, readonly key: string } | 'scan'): never
  /** Throws an error that catching in the handler does not undo. */
  refuse (error: Error): never
}

/** A store as handlers see it: typed values over the rows of the cycle. */
export function createStoreFacade<V> (def: StoreDef<V>, rows: StoreRows, host: StoreHost): KeyValueStore<V> {
  const { ttlMs } = def

  /** True when the row's time is over, removed or not: the timer that removes it may have to wait for the inputs. */
  const isGone = ttlMs === undefined
    ? () => false
    : (key: string): boolean => {
        const timer = host.timerRows.get(expiryKey(def.name, key))
        if (timer === undefined) return host.suspend({ store: host.timerRows, key: expiryKey(def.name, key) })
        return timer !== null && decodeTimer(timer).dueMs <= host.nowMs
      }

  return Object.freeze({
    get: (key: string): V | undefined => {
      if (!host.isActive) host.check()
      const row = rows.get(key)
      if (row === undefined) return host.suspend({ store: rows, key })
      return row === null || (ttlMs !== undefined && isGone(key)) ? undefined : def.value.decode(row)
    },
    put: (key: string, value: V): void => {
      host.check(key)
      host.write(rows, key, def.value.encode(value))
      if (ttlMs !== undefined) host.setTimer(expiryKey(def.name, key), host.nowMs + ttlMs)
    },
    delete: (key: string): void => {
      host.check(key)
      host.write(rows, key, null)
      if (ttlMs !== undefined && host.timerRows.get(expiryKey(def.name, key)) !== null) host.write(host.timerRows, expiryKey(def.name, key), null)
    },
    scan: (range: RangeRequest): ScanPage<V> => {
      host.check()
      if (def.ordered !== true) return host.refuse(new StreamsError('STR_TOPOLOGY_INVALID', { store: def.name, reason: 'only a store declared as ordered can be scanned' }))
      checkRange(range)
      const stretch = host.scans.use(rows, range, host.source)
      const page = stretch.page(rows.overlay, range.limit, isGone)
      if (page === undefined) {
        const bytes = host.scans.trim(host.source)
        if (bytes > MAX_SCANNED_BYTES) host.refuse(new StreamsError('STR_SCAN_TOO_LARGE', { store: def.name, bytes, limit: MAX_SCANNED_BYTES }))
        host.scans.want(stretch)
        return host.suspend('scan')
      }
      return { rows: page.rows.map(([key, row]) => [key, def.value.decode(row)] as const), next: page.next }
    }
  })
}
