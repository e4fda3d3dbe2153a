import { type Clock, type Kafka, type Logger, ensureError } from '#streams'
import { type Keyring } from '../../topology/privacy/keyring.ts'
import { topics } from '../../topology/topics.ts'
import { openEventFeed } from '../play/event-feed.ts'

export interface FollowErasuresOptions {
  readonly kafka: Kafka
  readonly keys: Pick<Keyring, 'destroy' | 'drop'>
  readonly clock: Clock
  readonly logger: Logger
  /** Pause before what failed is tried again, ms. @default 5000 */
  readonly retryMs?: number
}

export interface ErasureFollower {
  /** Resolves when every erasure that the log held at the time of the call is carried out here. */
  caughtUp (): Promise<void>
  close (): Promise<void>
}

/**
 * Follows who was erased, from the start of the log on, in every process that has keys: a key in memory is dropped at once, and destroyed once more in the key
 * store. That changes nothing, but where an older copy of the store was restored: then the persons who were erased since are erased again, before anybody asks.
 *
 * What fails is tried again until it is done or closed. A process that cannot follow still looks at the row of each key once a minute.
 */
export function followErasures (options: FollowErasuresOptions): ErasureFollower {
  const { kafka, keys, clock, logger, retryMs = 5000 } = options
  const closing = new AbortController()
  const { signal } = closing
  let carriedOut = Promise.resolve()
  let opening = open()
  const running = follow()

  async function open () {
    const failed = Promise.withResolvers<Error>()
    const feed = await openEventFeed({ kafka, topic: topics.privacy.keys, from: new Map(), onFailure: failed.resolve, onValue: ({ keyId }) => { take(keyId) } })
    return { feed, failed: failed.promise }
  }

  function take (keyId: string): void {
    keys.drop(keyId)
    carriedOut = carriedOut.then(async () => { await destroy(keyId) })
  }

  async function destroy (keyId: string): Promise<void> {
    while (!signal.aborted) {
      try {
        await keys.destroy(keyId)
        return
      } catch (error) {
        await waitAfter(error, 'a person who is erased may still have a key')
      }
    }
  }

  async function follow (): Promise<void> {
    const closed = new Promise<undefined>(resolve => { signal.addEventListener('abort', () => { resolve(undefined) }, { once: true }) })
    while (!signal.aborted) {
      try {
        const { feed, failed } = await opening
        const failure = await Promise.race([failed, closed])
        await feed.close()
        if (failure !== undefined) throw failure
      } catch (error) {
        await waitAfter(error, 'the erasures of persons are not followed')
        opening = open()
        opening.catch(() => {})
      }
    }
    await opening.then(async ({ feed }) => { await feed.close() }, () => {})
  }

  async function waitAfter (error: unknown, problem: string): Promise<void> {
    if (signal.aborted) return
    logger.error({ err: ensureError(error) }, problem)
    await clock.sleep(retryMs, signal).catch(() => {})
  }

  return {
    caughtUp: async () => {
      await (await opening).feed.caughtUp()
      await carriedOut
    },
    close: async () => {
      closing.abort(new Error('nobody follows any more'))
      await running
      await carriedOut
    }
  }
}
