import { ensureError } from '../../streams/errors.ts'
import { type RedisPaths } from '../../streams/state/redis/index.ts'
import { type RedisCommand, type RedisPath } from '../../streams/state/redis/connection.ts'
import { type Clock } from '../../streams/time/clock.ts'
import { createGatherer } from './gather.ts'

export interface RedisCallsOptions {
  readonly paths: Pick<RedisPaths, 'to'>
  /** In front of every key: `commerce` → `{commerce:api:…}`. */
  readonly applicationId: string
  readonly clock: Clock
  /** How long a request waits for an answer, ms: nobody should notice that it is late. @default 100 */
  readonly timeoutMs?: number
  /** How long nothing is asked after a call without an answer, ms. @default 1000 */
  readonly restMs?: number
  /** Told when calls are not answered any more (the error), and when they are again (undefined). */
  readonly onChange?: (error: Error | undefined) => void
}

/** Short scripts in a Redis that all instances of the API share. It may be away at any time. */
export interface RedisCalls {
  /** Runs the script on one key. undefined = there was no answer in time; the script may have run all the same. Never rejects. */
  run (script: string, key: string, args: readonly string[]): Promise<unknown>
}

/**
 * Calls that never hold a request up for longer than `timeoutMs`, and after one without an answer not at all for a while: what is down
 * or slow is not waited for again and again.
 */
export function createRedisCalls (options: RedisCallsOptions): RedisCalls {
  const { paths, applicationId, clock, timeoutMs = 100, restMs = 1000, onChange = () => {} } = options
  let restUntilMs = 0
  let isAway = false
  const ask = createGatherer<RedisPath, RedisCommand, unknown>(async (path, commands) => await path.ask(commands))

  function tell (error: Error | undefined): void {
    if (isAway === (error !== undefined)) return
    isAway = error !== undefined
    onChange(error)
  }

  return {
    run: async (script, key, args) => {
      if (clock.now() < restUntilMs) return undefined
      const tag = `${applicationId}:api:${key}`
      try {
        const answer = await within(ask(paths.to(tag), { name: 'eval', args: [script, '1', `{${tag}}`, ...args] }), timeoutMs, clock)
        tell(undefined)
        return answer
      } catch (error) {
        restUntilMs = clock.now() + restMs
        tell(ensureError(error))
        return undefined
      }
    }
  }
}

async function within<T> (answer: Promise<T>, timeoutMs: number, clock: Clock): Promise<T> {
  const late = Promise.withResolvers<never>()
  const cancel = clock.schedule(timeoutMs, () => { late.reject(new Error(`no answer within ${timeoutMs} ms`)) })
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    cancel()
  }
}
