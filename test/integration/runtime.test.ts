import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { ownRedis, useStack } from '../support/stack.ts'
import { CountingProcess } from './counting-process.ts'
import { CountingScene } from './counting-scene.ts'

const PARTITIONS = 3

const stack = await useStack(t, { services: ['kafka'] })
const redis = stack === undefined ? undefined : await ownRedis(t)

async function scene (t: Test): Promise<CountingScene> {
  return await CountingScene.create(t, { brokers: stack?.endpoints.brokers ?? [], redisUrl: redis?.endpoint ?? '', partitions: PARTITIONS })
}

function start (t: Test, { app }: CountingScene, instance: string): CountingProcess {
  return new CountingProcess(t, { ...app, instance })
}

function isWorking ({ running }: CountingProcess): boolean {
  return running.size === PARTITIONS
}

if (stack !== undefined && redis !== undefined) {
  t.test('the runtime on a real broker and Redis counts exactly once while its process is killed again and again', async t => {
    const counting = await scene(t)
    let worker = start(t, counting, 'one')
    for (let round = 0; round < 5; round++) {
      await worker.until(isWorking)
      const sent = counting.send(1000)
      await pause(20 + round * 25)
      await Promise.all([worker.end('SIGKILL'), sent])
      worker = start(t, counting, 'one')
    }
    await counting.send(500)
    await counting.check(t)
    await counting.checkStable(t)
    t.equal(await worker.end('SIGTERM'), 0, 'and closes in good order')
  })

  t.test('the runtime on a real broker counts exactly once while its Redis is flushed', async t => {
    const counting = await scene(t)
    const worker = start(t, counting, 'one')
    await worker.until(isWorking)
    const admin = new Redis(redis.endpoint)
    t.teardown(async () => { await admin.quit() })
    for (let round = 0; round < 4; round++) {
      const sent = counting.send(400)
      await pause(20 + round * 20)
      await admin.flushall()
      await sent
    }
    await counting.send(400)
    await counting.check(t)
    await worker.end('SIGTERM')
  })

  t.test('two processes on a real broker share the work, exactly once, while one freezes and comes back', async t => {
    const counting = await scene(t)
    const one = start(t, counting, 'one')
    const two = start(t, counting, 'two')
    await counting.send(500)
    await counting.until(500)
    one.child.kill('SIGSTOP')
    await counting.send(500)
    await pause(12_000)
    one.child.kill('SIGCONT')
    await counting.send(500)
    await counting.check(t)
    await counting.checkStable(t)
    for (const worker of [one, two]) await worker.end('SIGTERM')
  })
}
