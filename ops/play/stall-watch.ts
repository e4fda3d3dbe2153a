import { type Clock } from '#streams'
import { OpsError } from '../errors.ts'

/** Waits for things to move, and gives up when nothing does. */
export interface StallWatch {
  /** Something moved. */
  moved (): void
  /** Ends every wait with this error. */
  fail (error: Error): void
  /** When something moved last, epoch ms. */
  readonly movedAtMs: number
  /**
   * Waits until something moves, half a second at most. Of several that wait, one wakes at once.
   *
   * @throws {OpsError} OPS_RUN_STALLED when nothing has moved for `stallMs`; what `fail` was given; the reason of the signal.
   */
  wait (): Promise<void>
}

export interface StallWatchOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Give up when nothing moved for this long, ms. @default 180000 */
  readonly stallMs?: number | undefined
  /** The orders that are waited for. */
  readonly open: () => readonly string[]
}

const lookMs = 500

export function createStallWatch ({ clock, signal, stallMs = 180_000, open }: StallWatchOptions): StallWatch {
  let failure: Error | undefined
  let movedAtMs = clock.now()
  let wake = (): void => {}
  return {
    moved () {
      movedAtMs = clock.now()
      wake()
    },
    fail (error) {
      failure ??= error
      wake()
    },
    get movedAtMs () { return movedAtMs },
    async wait () {
      if (failure === undefined) {
        await new Promise<void>(resolve => {
          const cancel = clock.schedule(lookMs, resolve)
          wake = () => {
            cancel()
            resolve()
          }
        })
      }
      if (failure !== undefined) throw failure
      signal.throwIfAborted()
      if (clock.now() - movedAtMs > stallMs) {
        const orders = open()
        throw new OpsError('OPS_RUN_STALLED', { open: orders.length, examples: orders.slice(0, 3).join(', ') || 'none sent' })
      }
    }
  }
}
