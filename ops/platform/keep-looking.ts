import { type Clock, type Logger, ensureError } from '#streams'

export interface LookOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** Pause before the first look, ms. */
  readonly firstAfterMs: number
  /** Pause before every other, ms. */
  readonly everyMs: number
  /** One look. `closing` aborts, and `closed` resolves, when nobody waits for it any more. */
  readonly look: (closing: AbortSignal, closed: Promise<void>) => Promise<void>
  /** What the log says, as a warning, of a look that rejects: the next one is made as usual. */
  readonly failed: string
}

/** Looks again and again until it is closed; closing waits for a look that is under way to settle. */
export function keepLooking ({ clock, logger, firstAfterMs, everyMs, look, failed }: LookOptions): { close (): Promise<void> } {
  const closing = new AbortController()
  const closed = Promise.withResolvers<void>()
  const run = async (): Promise<void> => {
    for (let pauseMs = firstAfterMs; ; pauseMs = everyMs) {
      if (pauseMs > 0) await clock.sleep(pauseMs, closing.signal).catch(() => {})
      if (closing.signal.aborted) return
      await look(closing.signal, closed.promise).catch((error: unknown) => {
        if (!closing.signal.aborted) logger.warn({ err: ensureError(error) }, failed)
      })
    }
  }
  const running = run()
  return {
    close: async () => {
      closing.abort(new Error('nobody looks any more'))
      closed.resolve()
      await running
    }
  }
}
