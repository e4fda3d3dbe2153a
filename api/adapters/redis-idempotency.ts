import { randomUUID } from 'node:crypto'
import { type IdempotencyAnswer, type IdempotencyStore } from '../ports.ts'
import { parsePosition, positionToken } from '../position.ts'
import { type RedisCalls } from './redis-calls.ts'

/** Answers what is there, or puts the value there; its life is ms. */
const begin = `
local there = redis.call('GET', KEYS[1])
if there then return there end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ''`

/** Takes the place of what this process began, or of nothing: never of what another has under the key. */
const finish = `
local there = redis.call('GET', KEYS[1])
if there and there ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`

const abandon = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
return 1`

export interface RedisIdempotencyOptions {
  readonly calls: RedisCalls
  /** What this process knows by itself: asked first, and alone while Redis does not answer. */
  readonly local: IdempotencyStore
  /** How long an answer is remembered, ms. @default 86400000 */
  readonly lifeMs?: number
  /** How long a request may run before its key is free again, should its process have died, ms. @default 30000 */
  readonly leaseMs?: number
}

/**
 * Remembers answers in Redis, for all instances of the API, and in this process. Where Redis does not answer, or forgot, two instances may
 * both find a key new: the log then decides, as ever. A key takes about 270 bytes for as long as it lives.
 */
export function createRedisIdempotency ({ calls, local, lifeMs = 86_400_000, leaseMs = 30_000 }: RedisIdempotencyOptions): IdempotencyStore {
  const instance = randomUUID()
  /** What this process wrote for the requests that it is running. */
  const running = new Map<string, string>()
  const keyOf = (commandId: string): string => `idempotency:${commandId}`

  return {
    begin: async (commandId, bodyHash) => {
      const known = await local.begin(commandId, bodyHash)
      if (known.kind !== 'new') return known
      const value = `${bodyHash} running ${instance}`
      const there = await calls.run(begin, keyOf(commandId), [value, String(leaseMs)])
      const answer = answerOf(there, bodyHash)
      if (answer.kind === 'new') running.set(commandId, value)
      else await local.abandon(commandId)
      return answer
    },
    finish: async (commandId, position) => {
      await local.finish(commandId, position)
      const value = running.get(commandId)
      running.delete(commandId)
      if (value === undefined) return
      const bodyHash = value.slice(0, value.indexOf(' '))
      await calls.run(finish, keyOf(commandId), [value, `${bodyHash} done ${positionToken(position)}`, String(lifeMs)])
    },
    abandon: async commandId => {
      await local.abandon(commandId)
      const value = running.get(commandId)
      running.delete(commandId)
      if (value !== undefined) await calls.run(abandon, keyOf(commandId), [value])
    }
  }
}

/** What is under the key means for a request with that body. No answer, and what nobody can read, is nothing: the log decides. */
function answerOf (there: unknown, bodyHash: string): IdempotencyAnswer {
  const [hash, state, token = ''] = String(there ?? '').split(' ')
  if (state !== 'running' && state !== 'done') return { kind: 'new' }
  if (hash !== bodyHash) return { kind: 'conflict' }
  if (state === 'running') return { kind: 'running' }
  const position = parsePosition(token)
  return position === undefined ? { kind: 'new' } : { kind: 'done', position }
}
