/**
 * The timers of rows that live for a time (`ttlMs`). They are ordinary timers of the task, changelogged, restored and fired like
 * any other; their keys begin with a character that no timer of a handler may begin with.
 */
const MARK = '\u0000'

/** The key of the timer that ends a row. */
export function expiryKey (store: string, key: string): string {
  return `${MARK}${store}/${key}`
}

/** True for keys that handlers cannot use. */
export function isReservedTimer (timerKey: string): boolean {
  return timerKey.startsWith(MARK)
}

/** The row that a timer ends; undefined = it is a timer of a handler. */
export function parseExpiryKey (timerKey: string): { readonly store: string, readonly key: string } | undefined {
  if (!isReservedTimer(timerKey)) return undefined
  const end = timerKey.indexOf('/')
  return { store: timerKey.slice(1, end), key: timerKey.slice(end + 1) }
}
