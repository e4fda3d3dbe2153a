import { Wakeup } from '../../streams/runtime/wakeup.ts'

export interface WindowOptions<T> {
  /** Items that are under way, or done and not taken yet, at most. */
  readonly maxItems: number
  /** The same in bytes; a larger item is taken alone. */
  readonly maxBytes: number
  readonly sizeBytes: (item: T) => number
  /** Ends everything at once: nothing new is begun, and no more results come. */
  readonly signal: AbortSignal
}

/**
 * Does work on the items of a source, many at a time, and gives the results in the order of the items. It holds back in both directions:
 * the source is read on only while there is room, and there is room only when results were taken. Rejects with what the source rejects
 * with, once all before it is told. `work` must not reject.
 */
export async function * mapInOrder<T, R> (
  source: AsyncIterable<T>, work: (item: T) => Promise<R>, options: WindowOptions<T>
): AsyncGenerator<R, void, undefined> {
  const { maxItems, maxBytes, sizeBytes, signal } = options
  const waiting: Array<{ readonly result: Promise<R>, readonly bytes: number }> = []
  const room = new Wakeup()
  const more = new Wakeup()
  let heldBytes = 0
  let heldItems = 0
  let ended: { readonly error?: unknown } | undefined
  let isOver = false
  const hasRoomFor = (bytes: number): boolean => isOver || heldItems === 0 || (heldItems < maxItems && heldBytes + bytes <= maxBytes)
  const isGoingOn = (): boolean => !isOver

  async function read (): Promise<void> {
    for await (const item of source) {
      const bytes = sizeBytes(item)
      while (!hasRoomFor(bytes)) await room.wait()
      if (isOver) return
      heldItems++
      heldBytes += bytes
      waiting.push({ result: work(item), bytes })
      more.wake()
    }
  }

  const end = (): void => {
    isOver = true
    room.wake()
    more.wake()
  }
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  const settle = (error?: unknown): void => {
    ended = error === undefined ? {} : { error }
    more.wake()
  }
  read().then(() => { settle() }, settle)
  try {
    while (isGoingOn()) {
      const first = waiting[0]
      if (first !== undefined) {
        const result = await first.result
        if (isOver) return
        waiting.shift()
        yield result
        heldItems--
        heldBytes -= first.bytes
        room.wake()
      } else if (ended === undefined) {
        await more.wait()
      } else {
        if ('error' in ended) throw ended.error
        return
      }
    }
  } finally {
    end()
    signal.removeEventListener('abort', end)
  }
}
