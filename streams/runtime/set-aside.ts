import { decodeEffect, encodeEffect } from '../effects/row.ts'
import { type EffectEntry, type Entry } from '../parking/entry.ts'
import { effectStore, TIMER_STORE } from '../state/changelog.ts'
import { decodeTimer, encodeTimer } from '../time/timers.ts'
import { type Rows, type StoreRows } from './rows.ts'

/**
 * Marks the row of a timer or an effect that goes into the queue of its key: the timer is not due any more, the effect is not called,
 * and each is still there to be set anew, cancelled or asked for meanwhile. `failures`: how often the finish of the effect failed.
 */
export function setAside (rows: Rows, entry: Entry, failures: number): void {
  if (entry.kind === 'timer') {
    const store = rows.stores.get(TIMER_STORE) as StoreRows
    rows.write(store, entry.key, encodeTimer({ ...decodeTimer(store.get(entry.key) as Buffer), isWaiting: true }))
  } else if (entry.kind === 'effect') {
    const store = rows.stores.get(effectStore(entry.effect)) as StoreRows
    rows.write(store, entry.key, encodeEffect({ ...decodeEffect(store.get(entry.key) as Buffer), failures, isStopped: true }))
  }
}

/** The effect is called again, by the rule for one that was called before; nothing happens when its row is over. */
export function takeUp (rows: Rows, { effect, key, idempotencyKey }: EffectEntry): void {
  const store = rows.stores.get(effectStore(effect))
  const row = store?.get(key)
  if (store === undefined || row === null || row === undefined) return
  const stored = decodeEffect(row)
  if (stored.isStopped && stored.idempotencyKey === idempotencyKey) rows.write(store, key, encodeEffect({ ...stored, isStopped: false }))
}
