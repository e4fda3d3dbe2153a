import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { Redis } from 'ioredis'
import { isStreamsError } from '../../streams/errors.ts'
import { type ApplyRequest, type StateBackend } from '../../streams/state/port.ts'
import { chunkApply } from '../../streams/state/redis/apply-chunks.ts'
import { RedisConnection } from '../../streams/state/redis/connection.ts'
import { createRedisBackend } from '../../streams/state/redis/index.ts'
import { taskKeys } from '../../streams/state/redis/meta.ts'
import { persistently } from '../support/persistently.ts'
import { ownRedis } from '../support/stack.ts'

function cycleOf (sequence: bigint, value = String(sequence)): ApplyRequest {
  return {
    token: 1n,
    incarnation: 'me',
    expectedPosition: sequence - 1n,
    position: sequence,
    sequence,
    progress: Buffer.alloc(0),
    progressOffset: 0n,
    nowMs: 0,
    writes: [{ store: 's', key: 'k', value: Buffer.from(value) }],
    timers: [],
    restoring: false
  }
}

function taskKey (): string {
  return `faults:${randomUUID()}:0`
}

const redis = await ownRedis(t)
if (redis !== undefined) {
  const url = redis.endpoint
  const open = (t: Test, silenceMs = 10_000): StateBackend => {
    const backend = createRedisBackend({ url, silenceMs })
    t.teardown(async () => { await backend.close() })
    return backend
  }
  const withAdmin = async <T>(act: (admin: Redis) => Promise<T>): Promise<T> => {
    const admin = new Redis(url)
    try {
      return await act(admin)
    } finally {
      admin.disconnect()
    }
  }

  t.test('redis state answers values and meta of one moment, or not at all, while its connections are cut', async t => {
    const task = open(t).open(taskKey())
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    const seen = { answered: 0, rejected: 0 }
    const done = new AbortController()
    const readers = Array.from({ length: 2 }, async () => {
      while (!done.signal.aborted) {
        const reads = await Promise.allSettled(Array.from({ length: 5 }, async () => await task.read({ keys: [{ store: 's', key: 'k' }] })))
        for (const read of reads) {
          if (read.status === 'rejected') {
            seen.rejected += 1
            if (!isStreamsError(read.reason, 'STR_STATE_UNAVAILABLE')) t.fail(String(read.reason))
          } else {
            seen.answered += 1
            if (String(read.value.values[0] ?? 0) !== String(read.value.meta?.position)) t.fail(`${String(read.value.values[0])} at ${read.value.meta?.position}`)
          }
        }
      }
    })
    await withAdmin(async admin => {
      for (let sequence = 1n; sequence <= 300n; sequence++) {
        if (sequence % 15n === 0n) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
        const answer = await persistently(async () => await task.apply(cycleOf(sequence)))
        if (answer !== 'applied' && answer !== 'already') t.fail(`${answer} at ${sequence}`)
      }
    })
    done.abort()
    await Promise.all(readers)
    t.ok(seen.answered > 0 && seen.rejected > 0, JSON.stringify(seen))
    t.equal((await persistently(async () => await task.meta()))?.position, 300n)
  })

  t.test('redis state rejects every open call at once when its server is killed, and sees what is left when it is back', async t => {
    const task = open(t).open(taskKey())
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    redis.pause()
    const calls = [task.apply(cycleOf(1n)), task.read({ keys: [] }), task.meta()]
    const settled = Promise.allSettled(calls)
    await redis.kill()
    for (const call of await settled) t.match(call, { status: 'rejected', reason: { code: 'STR_STATE_UNAVAILABLE' } })
    await redis.start()
    const meta = await persistently(async () => await task.meta())
    t.ok(meta === null || meta.position <= 1n)
  })

  t.test('redis state gives a silent server up, and the apply counts once whether it was done or not', async t => {
    const task = open(t, 300).open(taskKey())
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    redis.pause()
    await t.rejects(task.apply(cycleOf(1n)), { code: 'STR_STATE_UNAVAILABLE' })
    redis.resume()
    const answer = await persistently(async () => await task.apply(cycleOf(1n)))
    t.ok(['applied', 'already'].includes(answer), answer)
    t.equal((await task.meta())?.position, 1n)
  })

  t.test('redis state loads its scripts again when somebody flushed them', async t => {
    const task = open(t).open(taskKey())
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    await withAdmin(async admin => await admin.script('FLUSH'))
    await t.rejects(task.apply(cycleOf(1n)), { code: 'STR_STATE_UNAVAILABLE', context: { reason: 'NOSCRIPT' } })
    t.equal(await task.apply(cycleOf(1n)), 'applied')
    await withAdmin(async admin => await admin.script('FLUSH'))
    const read = { keys: [], scans: [{ store: 's', limit: 1 }], isOneMoment: true }
    await t.rejects(task.read(read), { code: 'STR_STATE_UNAVAILABLE', context: { reason: 'NOSCRIPT' } }, 'also inside of a transaction of the server')
    t.match(await task.read(read), { scans: [{ rows: [], isWhole: true }] })
  })

  t.test('redis state does not complete a large apply one part of which was lost', async t => {
    const key = taskKey()
    const task = open(t).open(key)
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    const connection = new RedisConnection({ url })
    t.teardown(async () => { await connection.close() })
    const request = { ...cycleOf(1n), writes: Array.from({ length: 9 }, (_, i) => ({ store: 's', key: `k${i}`, value: Buffer.from('v') })) }
    const [first, , last] = chunkApply(taskKeys(key), request, [], { entries: 3, bytes: 1_000_000 })
    if (first === undefined || last === undefined) return t.fail('three chunks expected')
    t.same((await connection.run('apply', [first])).map(String), ['applied'])
    t.match(await task.meta(), { position: 0n, applying: true })
    t.same((await connection.run('apply', [last])).map(String), ['behind'])
    t.equal((await task.meta())?.position, 0n)
    t.equal(await task.apply(request), 'applied')
    t.match(await task.meta(), { position: 1n, applying: false })
    t.equal((await task.rows('s')).rows.length, 9)
  })

  t.test('redis state drops rows of unknown age when the meta is gone', async t => {
    const key = taskKey()
    const task = open(t).open(key, ['s'])
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    await task.apply({ ...cycleOf(1n), timers: [{ key: 'k', dueMs: 1 }] })
    await withAdmin(async admin => await admin.del(taskKeys(key).meta))
    t.same(await task.claim({ token: 2n, incarnation: 'heir', nowMs: 0 }), { kind: 'claimed', before: null })
    const answer = await task.read({ keys: [{ store: 's', key: 'k' }], timers: { dueMs: 9, limit: 9 }, scans: [{ store: 's', limit: 9 }] })
    t.same([answer.values, answer.timers, answer.scans], [[null], [], [{ rows: [], isWhole: true }]])
  })

  t.test('redis state keeps everything of a task in few keys of one slot', async t => {
    const key = taskKey()
    const task = open(t).open(key)
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    const writes = Array.from({ length: 500 }, (_, i) => ({ store: `s${i % 2}`, key: `k${i}`, value: Buffer.from('v') }))
    await task.apply({ ...cycleOf(1n), writes, timers: [{ key: 'k', dueMs: 1 }] })
    const names = await withAdmin(async admin => await admin.keys(`*${key}*`))
    t.same(names.sort(), ['meta', 's:s0', 's:s1', 'stores', 'timers'].map(name => `{${key}}:${name}`))
  })

  t.test('redis state refuses a server that may evict, at the start and after a reconnect', async t => {
    const before = open(t)
    await before.check()
    await withAdmin(async admin => {
      await admin.config('SET', 'maxmemory-policy', 'allkeys-lru')
      await t.rejects(open(t).check(), { code: 'STR_STATE_EVICTING', context: { policy: 'allkeys-lru' } })
      await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
      await t.rejects(persistently(async () => { await before.check() }), { code: 'STR_STATE_EVICTING' })
      await admin.config('SET', 'maxmemory-policy', 'noeviction')
    })
  })

  t.test('redis state never reads from a replica, and goes on when it is promoted', async t => {
    await withAdmin(async admin => {
      await admin.replicaof('127.0.0.1', '1')
      const backend = open(t)
      await t.rejects(backend.open(taskKey()).meta(), { code: 'STR_STATE_UNAVAILABLE', context: { reason: /slave/ } })
      await admin.replicaof('NO', 'ONE')
      await t.resolves(persistently(async () => { await backend.check() }))
    })
  })

  t.test('redis state needs the password when there is one', async t => {
    await withAdmin(async admin => {
      await admin.config('SET', 'requirepass', 'secret')
      const wrong = createRedisBackend({ url, password: 'wrong', waitMs: 300 })
      await t.rejects(wrong.check(), { code: 'STR_STATE_REFUSED' })
      await wrong.close()
      const right = createRedisBackend({ url, password: 'secret' })
      await t.resolves(right.check())
      await right.close()
      await admin.config('SET', 'requirepass', '')
    })
  })
}

t.test('redis state is unavailable, and does not wait for ever, when nothing listens', async t => {
  const backend = createRedisBackend({ url: 'redis://127.0.0.1:1', waitMs: 100 })
  await t.rejects(backend.check(), { code: 'STR_STATE_UNAVAILABLE' })
  const pending = backend.open('x').meta()
  const rejected = t.rejects(pending, { code: 'STR_CLOSED' })
  await backend.close()
  await rejected
})
