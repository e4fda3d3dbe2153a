import { createHash } from 'node:crypto'
import { type Count, type LimitRule, isBucket, memoryMs, tokenMs } from '../limits/rules.ts'
import { type RateCounters } from '../ports.ts'
import { type RedisCalls } from './redis-calls.ts'

/** A window is a number that ends with its key. */
const countInWindow = `
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  left = tonumber(ARGV[1])
  redis.call('PEXPIRE', KEYS[1], left)
end
return {count, left}`

/** A bucket is the moment at which it is full again, on the clock of the server: the one clock that all instances have. */
const takeToken = `
local max, each = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now) + each
local excess = full - now - max * each
if excess > 0 then return {max + 1, math.ceil(excess)} end
redis.call('SET', KEYS[1], string.format('%.3f', full), 'PX', math.ceil(full - now))
return {math.ceil((full - now) / each), math.ceil(each)}`

/**
 * Counts requests over all instances of the API in Redis, one atomic script a request. Every key ends by itself, and holds a hash of its
 * sender: no user and no address is stored.
 *
 * Each process counts what it sees as well: where Redis does not answer, this is the count. Then a sender is limited by each instance by
 * itself, and never by none.
 */
export function createRedisRateCounters ({ calls, local }: { readonly calls: RedisCalls, readonly local: RateCounters }): RateCounters {
  return {
    count: async (sender, rule) => {
      const counted = await local.count(sender, rule)
      return countOf(await ask(calls, sender, rule)) ?? counted
    }
  }
}

async function ask (calls: RedisCalls, sender: string, rule: LimitRule): Promise<unknown> {
  const key = `limit:${createHash('sha256').update(sender).digest('base64url').slice(0, 27)}`
  if (isBucket(rule)) return await calls.run(takeToken, key, [String(rule.max), String(tokenMs(rule))])
  return await calls.run(countInWindow, key, [String(memoryMs(rule))])
}

/** Undefined for everything but an answer of the scripts. */
function countOf (answer: unknown): Count | undefined {
  if (!Array.isArray(answer) || answer.length !== 2) return undefined
  const [current, resetMs] = answer.map(Number)
  return Number.isFinite(current) && Number.isFinite(resetMs) ? { current: current as number, resetMs: resetMs as number } : undefined
}
