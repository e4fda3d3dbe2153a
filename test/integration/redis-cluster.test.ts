import { randomUUID } from 'node:crypto'
import t, { type Test } from 'tap'
import { Command } from 'ioredis'
import {
  changelogNames, changelogTopics, createStreams, defineTopology, initialiseTasks, isStreamsError, partitionOf, taskKey
} from '../../streams/index.ts'
import { createMemoryBroker } from '../../streams/testing/index.ts'
import { systemClock } from '../../streams/time/system-clock.ts'
import { type ApplyRequest, type StateBackend } from '../../streams/state/port.ts'
import { createRedisBackend } from '../../streams/state/redis/index.ts'
import { testScanConformance } from '../conformance/state-scans.ts'
import { type StateSubject, testStateConformance } from '../conformance/state.ts'
import { persistently } from '../support/persistently.ts'
import { type ClusterNode, ownRedisCluster } from '../support/redis-cluster.ts'
import { until } from '../support/until.ts'
import { documentedRights } from '../support/redis-rights.ts'
import { ownRedis } from '../support/stack.ts'
import { type Command as Input, counter, type Event, topic } from '../streams/runtime/counting.ts'

const ROWS = 40

function cycleOf (sequence: bigint): ApplyRequest {
  return {
    token: 1n,
    incarnation: 'me',
    expectedPosition: sequence - 1n,
    position: sequence,
    sequence,
    progress: Buffer.alloc(0),
    progressOffset: 0n,
    nowMs: 0,
    writes: Array.from({ length: ROWS }, (_, i) => ({ store: i % 2 === 0 ? 'even' : 'odd', key: `k${i}`, value: Buffer.from(String(sequence)) })),
    timers: [{ key: `t${sequence}`, dueMs: 1 }],
    restoring: false
  }
}

const readAll = { keys: Array.from({ length: ROWS }, (_, i) => ({ store: i % 2 === 0 ? 'even' : 'odd', key: `k${i}` })), scans: [{ store: 'odd', limit: 5 }] }

function slotOf (key: string): number {
  return new Command('get', [`{${key}}`]).getSlot() as number
}

/** An application of which this task has a slot that will do. */
function applicationWith (node: string, partition: number, isGood: (slot: number) => boolean): string {
  for (;;) {
    const id = `c${randomUUID().slice(0, 8)}`
    if (isGood(slotOf(taskKey(id, node, partition)))) return id
  }
}

const cluster = await ownRedisCluster(t)
if (cluster !== undefined) {
  const { url, primaries } = cluster
  const open = (t: Test): StateBackend => {
    const backend = createRedisBackend({ url, silenceMs: 3_000 })
    t.teardown(async () => { await backend.close() })
    return backend
  }
  const createSubject = async (): Promise<StateSubject> => {
    const other = createRedisBackend({ url })
    return {
      backend: createRedisBackend({ url }),
      other,
      flush: async () => { for (const { admin } of primaries) await admin.flushall() },
      close: async () => { await other.close() }
    }
  }
  testStateConformance('redis cluster state', createSubject)
  testScanConformance('redis cluster state', createSubject)

  t.test('redis cluster state spreads tasks over the nodes, and keeps each in one slot', async t => {
    const backend = open(t)
    await backend.check()
    const keys = Array.from({ length: 24 }, (_, partition) => `cluster:${randomUUID()}:${partition}`)
    await Promise.all(keys.map(async key => {
      const task = backend.open(key, ['odd'])
      await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
      t.equal(await task.apply(cycleOf(1n)), 'applied')
    }))
    const found = await Promise.all(primaries.map(async ({ admin }) => (await admin.keys('*cluster:*')).length))
    t.ok(found.every(count => count > 0), found.join(' '))
    t.equal(found.reduce((sum, count) => sum + count), 24 * 6, 'meta, timers, names, two stores, one order each')
  })

  t.test('redis cluster state works for a user that may do what is documented, and asks for the slots', async t => {
    for (const { admin } of primaries) await admin.call('ACL', 'SETUSER', 'shop', 'on', '>s3cret', ...documentedRights('acl'), '+cluster')
    const backend = createRedisBackend({ url: primaries.map(({ service }) => service.endpoint).join(','), username: 'shop', password: 's3cret' })
    t.teardown(async () => { await backend.close() })
    await backend.check()
    for (let partition = 0; partition < 8; partition++) {
      const task = backend.open(`acl:${randomUUID()}:${partition}`, ['odd'])
      await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
      t.equal(await task.apply(cycleOf(1n)), 'applied')
      t.match(await task.read({ ...readAll, isOneMoment: true }), { meta: { position: 1n } })
    }
    const wrong = createRedisBackend({ url, username: 'shop', password: 'wrong' })
    t.teardown(async () => { await wrong.close() })
    await t.rejects(wrong.check(), { code: 'STR_STATE_REFUSED', context: { reason: 'WRONGPASS' } })
  })

  t.test('redis cluster state loses no apply and answers no torn read while the slot of a task moves from node to node', { timeout: 120_000 }, async t => {
    const key = `moving:${randomUUID()}:0`
    const slot = slotOf(key)
    const task = open(t).open(key, ['odd'])
    const reader = open(t).open(key)
    await persistently(async () => await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 }))
    let sequence = 0n
    const done = new AbortController()
    const seen = { answered: 0, refused: 0 }
    const applying = (async () => {
      while (!done.signal.aborted) {
        const answer = await persistently(async () => await task.apply(cycleOf(sequence + 1n)))
        if (answer !== 'applied' && answer !== 'already') {
          done.abort()
          t.fail(`${answer} at ${sequence}`)
        } else sequence++
      }
    })()
    const reading = (async () => {
      while (!done.signal.aborted) {
        try {
          const { values, scans, meta } = await reader.read({ ...readAll, isOneMoment: true })
          const found = new Set([...values, ...scans.flatMap(({ rows }) => rows.map(([, value]) => value))].map(value => value === null ? '0' : String(value)))
          if (found.size !== 1 || !found.has(String(meta?.position ?? 0n))) t.fail(`${[...found].join()} at ${meta?.position}`)
          seen.answered++
        } catch (error) {
          if (!isStreamsError(error, 'STR_STATE_UNAVAILABLE')) throw error
          seen.refused++
          await new Promise(resolve => setTimeout(resolve, 5))
        }
      }
    })()
    const applies = async (count: bigint): Promise<void> => {
      const goal = sequence + count
      await until(() => sequence >= goal || done.signal.aborted)
    }
    for (let moves = 0; moves < 6; moves++) {
      await applies(5n)
      const from = await cluster.ownerOf(slot)
      const move = await cluster.beginMove(slot, primaries[(primaries.indexOf(from) + 1) % 3] as ClusterNode)
      // Key by key, with time in between for those who ask in the middle of it.
      while (await move.moveKeys(1) > 0) await new Promise(resolve => setTimeout(resolve, 20))
      await move.end()
    }
    await applies(5n)
    done.abort()
    await Promise.all([applying, reading])
    const { values, meta, timers } = await persistently(async () => await task.read({ ...readAll, timers: { dueMs: 9, limit: 100_000 } }))
    t.equal(meta?.position, sequence)
    t.ok(values.every(value => String(value) === String(sequence)))
    t.equal(timers.length, Number(sequence), 'every apply is in it, once')
    t.ok(seen.answered > 0 && seen.refused > 0, JSON.stringify(seen))
  })

  t.test('redis cluster state refuses a slot that is half moved, as a whole', async t => {
    const key = `half:${randomUUID()}:0`
    const slot = slotOf(key)
    const task = open(t).open(key, ['odd'])
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    await task.apply(cycleOf(1n))
    const from = await cluster.ownerOf(slot)
    const move = await cluster.beginMove(slot, primaries.find(node => node !== from) as ClusterNode)
    await move.moveKeys(3)
    await t.rejects(task.read(readAll), { code: 'STR_STATE_UNAVAILABLE' })
    await t.rejects(task.apply(cycleOf(2n)), { code: 'STR_STATE_UNAVAILABLE' })
    while (await move.moveKeys(10) > 0);
    await move.end()
    t.equal(await persistently(async () => await task.apply(cycleOf(2n))), 'applied')
    t.match(await task.read(readAll), { meta: { position: 2n } })
  })

  t.test('redis cluster state refuses a slot that nobody serves, and goes on when somebody does', async t => {
    const key = `nobody:${randomUUID()}:0`
    const task = open(t).open(key, ['odd'])
    await task.claim({ token: 1n, incarnation: 'me', nowMs: 0 })
    const { admin } = await cluster.ownerOf(slotOf(key))
    await admin.call('CLUSTER', 'DELSLOTS', String(slotOf(key)))
    await t.rejects(task.apply(cycleOf(1n)), { code: 'STR_STATE_UNAVAILABLE', context: { reason: 'CLUSTERDOWN' } })
    await admin.call('CLUSTER', 'ADDSLOTS', String(slotOf(key)))
    t.equal(await persistently(async () => await task.apply(cycleOf(1n))), 'applied')
  })

  t.test('an application counts every record once on a cluster whose slots move, and whose primary is killed before its replica heard of all', { timeout: 180_000 }, async t => {
    const partitions = 6
    const commands = topic<Input>('commands', partitions)
    const totals = topic<Event>('totals', partitions)
    const topology = defineTopology({
      applicationId: applicationWith('counter', 5, slot => slot < 5_461),
      version: '1',
      nodes: [counter({ inputs: [{ topic: commands }], outputs: [totals] })]
    })
    const broker = createMemoryBroker({ clock: systemClock })
    for (const name of ['commands', 'totals', 'dlq']) broker.createTopic({ name, partitions, replicas: 1, config: {} })
    for (const spec of changelogTopics(topology)) broker.createTopic(spec)
    await initialiseTasks({ kafka: broker.client(), topology, clock: systemClock, created: new Set(changelogNames(topology)) })
    const state = createRedisBackend({ url, silenceMs: 2_000, waitMs: 500 })
    const options = { cacheBytes: 0, maxBackoffMs: 500, backoffMs: 50, maxCycleRecords: 20, stateCheckMs: 500 }
    const streams = createStreams({ topology, kafka: broker.client(), state, options })
    t.teardown(async () => {
      await streams.close()
      await state.close()
      await broker.close()
    })
    await streams.start()
    const producer = broker.client('sender').producer()
    const KEYS = 50
    let sent = 0
    const send = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n++, sent++) {
        const key = Buffer.from(`k${sent % KEYS}`)
        await producer.send([{ topic: 'commands', partition: partitionOf(key, partitions), key, value: commands.value.encode({ type: 'Add', amount: 1 }), headers: [] }])
      }
    }
    const committed = (): Event[] => Array.from({ length: partitions }, (_, partition) => broker.entries('totals', partition)).flat()
      .filter(({ kind, outcome }) => kind === 'data' && outcome === 'committed').map(({ value }) => totals.value.decode(value ?? Buffer.alloc(0)))
    const caughtUp = async (): Promise<void> => {
      const deadline = performance.now() + 90_000
      while (committed().length < sent) {
        if (performance.now() > deadline) throw new Error(`${committed().length} of ${sent}: ${streams.health().reasons.join('; ')}`)
        await send(1)
        await new Promise(resolve => setTimeout(resolve, 20))
        if (sent > 6000) await new Promise(resolve => setTimeout(resolve, 200))
      }
    }
    await send(600)
    for (let partition = 0; partition < partitions; partition += 2) {
      const slot = slotOf(taskKey(topology.applicationId, 'counter', partition))
      const from = await cluster.ownerOf(slot)
      const move = await cluster.beginMove(slot, primaries[(primaries.indexOf(from) + 1) % 3] as ClusterNode)
      while (await move.moveKeys(1) > 0) await send(20)
      await move.end()
      await send(100)
    }
    await caughtUp()
    // Task 5 is kept by the first primary. What that applies from now on, its replica does not hear of: it is lost with the primary.
    const [dying] = primaries as [ClusterNode]
    await dying.admin.call('ACL', 'SETUSER', 'default', '-psync', '-sync')
    await dying.admin.call('CLIENT', 'KILL', 'TYPE', 'replica')
    await send(400)
    await caughtUp()
    const keys = Array.from({ length: partitions }, (_, partition) => taskKey(topology.applicationId, 'counter', partition))
    await cluster.replica.admin.readonly()
    const behind = await Promise.all(keys.map(async key => {
      if (await cluster.ownerOf(slotOf(key)) !== dying) return 0n
      const position = (await persistently(async () => await state.open(key).meta()))?.position ?? 0n
      return position - BigInt(await cluster.replica.admin.hget(`{${key}}:meta`, 'position') ?? 0)
    }))
    t.ok(behind.some(positions => positions > 0n), behind.join())
    await dying.service.kill()
    await send(400)
    await caughtUp()
    t.ok(await isPrimary(cluster.replica), 'the replica has taken over')
    const outputs = committed()
    t.equal(outputs.length, sent)
    t.equal(new Set(outputs.map(({ id }) => id)).size, sent, 'each once')
    t.equal(broker.entries('dlq', 0).length, 0)
    const rows = new Map<string, number>()
    for (let partition = 0; partition < partitions; partition++) {
      const found = await persistently(async () => await state.open(taskKey(topology.applicationId, 'counter', partition)).rows('counts'))
      for (const [key, value] of found.rows) rows.set(key, (rows.get(key) ?? 0) + Number(value))
    }
    t.equal([...rows.values()].reduce((sum, count) => sum + count, 0), sent, 'nothing lost, nothing twice')
  })

  t.test('redis state says what is wrong when one URL names a node of a cluster, or several name none', async t => {
    const single = createRedisBackend({ url: (primaries[1] as ClusterNode).service.endpoint })
    t.teardown(async () => { await single.close() })
    await t.rejects(single.check(), { code: 'STR_STATE_REFUSED', context: { reason: /node of a cluster/ } })
    const plain = await ownRedis(t)
    if (plain === undefined) return
    const several = createRedisBackend({ url: `${plain.endpoint},${plain.endpoint}` })
    t.teardown(async () => { await several.close() })
    await t.rejects(several.check(), { code: 'STR_STATE_REFUSED', context: { reason: /not a node of a cluster/ } })
  })
}

async function isPrimary ({ admin }: ClusterNode): Promise<boolean> {
  return String((await admin.role() as readonly unknown[])[0]) === 'master'
}

t.test('redis cluster state is unavailable, and does not wait for ever, when no node answers', async t => {
  const backend = createRedisBackend({ url: 'redis://127.0.0.1:1,redis://127.0.0.1:2', waitMs: 100 })
  await t.rejects(backend.check(), { code: 'STR_STATE_UNAVAILABLE', context: { reason: /no node/ } })
  await t.rejects(backend.open('x').meta(), { code: 'STR_STATE_UNAVAILABLE' })
  await backend.close()
  await t.rejects(backend.open('x').meta(), { code: 'STR_CLOSED' })
})
