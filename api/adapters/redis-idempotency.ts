import { randomUUID } from 'node:crypto'
import { type IdempotencyAnswer, type IdempotencyStore } from '../ports.ts'
import { type RedisCalls } from './redis-calls.ts'

/** Keys of how many generations are looked through: a life is four of them, and the one that a key came in may be nearly over. */
const generationsOfLife = 4

/**
 * Where an answer is, if it is: in a hash of its bucket for each generation, which ends as a whole. Hashes of a few hundred short fields lie packed in
 * the memory of Redis, where a key of its own takes four times as much.
 */
const find = `
local now = redis.call('TIME')
now = now[1] * 1000 + math.floor(now[2] / 1000)
local field, life = ARGV[1], tonumber(ARGV[2])
local span = life / ${generationsOfLife}
local function hash (age) return KEYS[1] .. ':' .. string.format('%d', math.floor(now / span) - age) end
local there, place
for age = 0, ${generationsOfLife} do
  there = redis.call('HGET', hash(age), field)
  if there then place = hash(age) break end
end
local function put (value)
  if not place then place = hash(0) end
  redis.call('HSET', place, field, value)
  if redis.call('PTTL', place) < 0 then redis.call('PEXPIRE', place, life + span) end
end`

/** Answers what is there, or that this instance runs it now, for no longer than its lease. */
const begin = `${find}
local ends = there and tonumber(string.match(there, '^%S+ r %S+ (%d+)$'))
if there and not (ends and ends <= now) then return there end
put(ARGV[3] .. string.format(' %d', now + tonumber(ARGV[4])))
return ''`

/** Takes the place of what this process began, or of nothing: never of what another has under the key. */
const finish = `${find}
if there and string.sub(there, 1, #ARGV[3]) ~= ARGV[3] then return 0 end
put(ARGV[4])
return 1`

const abandon = `${find}
if there and string.sub(there, 1, #ARGV[3]) == ARGV[3] then redis.call('HDEL', place, field) end
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
 * both find a key new: the log then decides, as ever. What is remembered of an answer is the place of its command in the log, from which the rest follows;
 * a key takes 75 bytes at 1,000 a second, and lives up to a quarter longer than `lifeMs`.
 */
export function createRedisIdempotency ({ calls, local, lifeMs = 86_400_000, leaseMs = 30_000 }: RedisIdempotencyOptions): IdempotencyStore {
  const instance = randomUUID().slice(0, 13)
  /** What this process wrote for the requests that it is running. */
  const running = new Map<string, string>()

  async function run (script: string, commandId: string, ...args: readonly string[]): Promise<unknown> {
    return await calls.run(script, `idempotency:${commandId.slice(0, bucketDigits)}`, [packed(commandId.slice(bucketDigits)), String(lifeMs), ...args])
  }

  return {
    begin: async (commandId, bodyHash) => {
      const known = await local.begin(commandId, bodyHash)
      if (known.kind !== 'new') return known
      const value = `${packed(bodyHash)} r ${instance}`
      const answer = answerOf(await run(begin, commandId, value, String(leaseMs)), packed(bodyHash))
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
      await run(finish, commandId, value, `${bodyHash} ${position.topic} ${position.partition} ${position.offset}`)
    },
    abandon: async commandId => {
      await local.abandon(commandId)
      const value = running.get(commandId)
      running.delete(commandId)
      if (value !== undefined) await run(abandon, commandId, value)
    }
  }
}

/** Digits of the command id that name its bucket: 65,536 of them hold a few hundred keys each at 1,000 a second. */
const bucketDigits = 4

/** The first 12 bytes of a hash: enough to tell a hundred million of them apart. */
function packed (hash: string): string {
  return Buffer.from(hash.slice(0, 24), 'hex').toString('base64url')
}

/** What is under the key means for a request with that body. No answer, and what nobody can read, is nothing: the log decides. */
function answerOf (there: unknown, bodyHash: string): IdempotencyAnswer {
  const [hash, topic, partition = '', offset = ''] = String(there ?? '').split(' ')
  const isDone = topic !== undefined && /^\d{1,5}$/.test(partition) && /^\d{1,18}$/.test(offset)
  if (topic !== 'r' && !isDone) return { kind: 'new' }
  if (hash !== bodyHash) return { kind: 'conflict' }
  return isDone ? { kind: 'done', position: { topic, partition: Number(partition), offset: BigInt(offset) } } : { kind: 'running' }
}
