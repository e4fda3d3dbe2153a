import t from 'tap'
import { Redis } from 'ioredis'
import { createGatewayMemory } from '../../api/adapters/rate-and-idempotency.ts'
import { openRedisPaths } from '../../streams/state/redis/index.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { documentedRights } from '../support/redis-rights.ts'
import { ownRedis } from '../support/stack.ts'

const position = { topic: 'commerce.orders.commands', partition: 3, offset: 41n }
const redis = await ownRedis(t)
if (redis !== undefined) {
  const { endpoint: url } = redis
  const admin = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 100 })
  admin.on('error', () => {})
  t.teardown(() => { admin.disconnect() })
  /** A Redis that was started anew knows nobody. */
  const letIn = async (): Promise<void> => {
    for (;;) {
      try {
        await admin.call('ACL', 'SETUSER', 'shop', 'on', '>secret', ...documentedRights('app'))
        return
      } catch {
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
  }
  await letIn()
  const told: string[] = []

  /** One instance of the API, as a user with the documented rights. */
  const instance = (timeoutMs: number) => {
    const shared = openRedisPaths({ url, username: 'shop', password: 'secret', waitMs: timeoutMs })
    t.teardown(async () => { await shared.close() })
    return createGatewayMemory({ clock: systemClock, applicationId: 'app', shared, timeoutMs, onShared: error => { told.push(error === undefined ? 'up' : 'down') } })
  }
  // A busy machine may be slower than a request waits.
  const [one, two] = [instance(30_000), instance(30_000)]

  await t.test('two instances count requests in parallel without losing one, and the window ends by itself', async t => {
    const rule = { max: 10, windowMs: 60_000 }
    const counts = await Promise.all(Array.from({ length: 40 }, async (_, index) => await [one, two][index % 2]?.counters.count('all user ada', rule)))
    t.same(counts.map(count => count?.current ?? 0).toSorted((a, b) => a - b), Array.from({ length: 40 }, (_, index) => index + 1))
    t.ok(counts.every(count => count !== undefined && count.resetMs > 0 && count.resetMs <= 60_000))
    const keys = await admin.keys('{app:api:limit:*')
    t.ok(keys.length > 0)
    for (const key of keys) {
      t.ok(await admin.pttl(key) > 0, 'no key lives for ever')
      t.notMatch(key, /ada/)
    }
  })

  await t.test('a bucket over two instances gives out its tokens, and then says when the next one comes', async t => {
    const rule = { max: 20, refill: 1, everyMs: 3_600_000 }
    const counts = await Promise.all(Array.from({ length: 50 }, async (_, index) => await [one, two][index % 2]?.counters.count('payments user ada', rule)))
    t.equal(counts.filter(count => (count?.current ?? 0) <= rule.max).length, 20)
    const refused = await two.counters.count('payments user ada', rule)
    t.equal(refused.current, 21)
    t.ok(refused.resetMs > 0 && refused.resetMs <= 3_600_000)
  })

  await t.test('one key in fifty requests at once to two instances is new once', async t => {
    const [commandId, bodyHash] = ['c'.repeat(64), 'b'.repeat(64)]
    const answers = await Promise.all(Array.from({ length: 50 }, async (_, index) => await [one, two][index % 2]?.idempotency.begin(commandId, bodyHash)))
    t.equal(answers.filter(answer => answer?.kind === 'new').length, 1)
    t.equal(answers.filter(answer => answer?.kind === 'running').length, 49)
    const owner = answers.findIndex(answer => answer?.kind === 'new') % 2 === 0 ? one : two
    const rest = owner === one ? two : one
    await owner.idempotency.finish(commandId, position)
    t.same(await rest.idempotency.begin(commandId, bodyHash), { kind: 'done', position })
    t.same(await rest.idempotency.begin(commandId, 'other'), { kind: 'conflict' })
    const [key = ''] = await admin.keys('{app:api:idempotency:cccc}:*')
    const left = await admin.pttl(key)
    t.ok(left > 86_400_000 && left <= 108_000_000, `it lives for a day, and at most a quarter more: ${left} ms`)
  })

  await t.test('a key is free again when its lease is over, and for its owner when it gives it up', async t => {
    const [commandId, bodyHash] = ['d'.repeat(64), 'b'.repeat(64)]
    const third = instance(30_000)
    t.same(await one.idempotency.begin(commandId, bodyHash), { kind: 'new' })
    t.same(await two.idempotency.begin(commandId, bodyHash), { kind: 'running' })
    await one.idempotency.abandon(commandId)
    t.same(await two.idempotency.begin(commandId, bodyHash), { kind: 'new' })
    const [key = ''] = await admin.keys('{app:api:idempotency:dddd}:*')
    const [[field = '', value = ''] = []] = Object.entries(await admin.hgetall(key))
    await admin.hset(key, field, value.replace(/\d+$/, '1'))
    t.same(await third.idempotency.begin(commandId, bodyHash), { kind: 'new' })
    await two.idempotency.finish(commandId, position)
    t.same(await one.idempotency.begin(commandId, bodyHash), { kind: 'running' }, 'who lost its lease writes nothing over the new owner')
  })

  await t.test('keys are small: hundreds of them lie packed together', async t => {
    const ids = Array.from({ length: 300 }, (_, index) => `eeee${index.toString(16).padStart(8, '0')}${'7'.repeat(52)}`)
    const bodyHash = 'b'.repeat(64)
    await Promise.all(ids.map(async id => {
      await one.idempotency.begin(id, bodyHash)
      await one.idempotency.finish(id, { ...position, offset: 123_456_789n })
    }))
    const [key = ''] = await admin.keys('{app:api:idempotency:eeee}:*')
    const bytes = Number(await admin.memory('USAGE', key, 'SAMPLES', '0')) / ids.length
    t.equal(await admin.hlen(key), ids.length)
    t.comment(`${bytes} bytes a key, ${String(await admin.object('ENCODING', key))}`)
    t.ok(bytes <= 100)
  })

  await t.test('limits hold and answers come while redis is paused or gone, and are shared again when it is back', async t => {
    const rule = { max: 3, windowMs: 600_000 }
    const [hasty, other] = [instance(100), instance(100)]
    let probe = 0
    /** Asks until it is Redis that answers both. */
    const shared = async (): Promise<void> => {
      for (;;) {
        probe++
        await hasty.counters.count(`probe ${probe}`, rule)
        const { current } = await other.counters.count(`probe ${probe}`, rule)
        if (current === 2) return
        await new Promise(resolve => setTimeout(resolve, 50))
      }
    }
    await shared()
    for (const [name, away, back] of [['paused', redis.pause, redis.resume], ['killed', redis.kill, redis.start]] as const) {
      told.length = 0
      await away()
      for (let i = 1; i <= 5; i++) t.equal((await hasty.counters.count(`sender ${name}`, rule)).current, i, `${name}: request ${i} is counted`)
      t.same(await hasty.idempotency.begin(`command ${name}`, 'hash'), { kind: 'new' })
      t.same(await hasty.idempotency.begin(`command ${name}`, 'hash'), { kind: 'running' })
      t.equal(told[0], 'down')
      await back()
      if (name === 'killed') await letIn()
      await shared()
      t.ok(told.includes('up'))
    }
  })
}
