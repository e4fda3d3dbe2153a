/**
 * A number of places for work that should not run all at once. The returned function gives the place back; it may be called twice.
 */
export function createSlots (count: number): (signal: AbortSignal) => Promise<() => void> {
  let free = count
  const waiting: Array<() => void> = []

  function give (): void {
    const next = waiting.shift()
    if (next === undefined) free++
    else next()
  }

  function place (): () => void {
    let isHeld = true
    return () => {
      if (isHeld) give()
      isHeld = false
    }
  }

  return async signal => {
    signal.throwIfAborted()
    if (free > 0) {
      free--
      return place()
    }
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        waiting.splice(waiting.indexOf(enter), 1)
        reject(signal.reason)
      }
      const enter = (): void => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      waiting.push(enter)
      signal.addEventListener('abort', abort, { once: true })
    })
    return place()
  }
}
