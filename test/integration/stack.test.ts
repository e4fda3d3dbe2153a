import { connect } from 'node:net'
import { test } from 'tap'
import { probe } from '../../ops/stack/health.ts'
import { ownRedis, uniquePrefix, useStack } from '../support/stack.ts'

test('the shared stack answers at its endpoints when a test asks for it', async t => {
  const stack = await useStack(t, { services: ['kafka', 'registry', 'redis'] })
  if (stack === undefined) return
  const { endpoints: { brokers, registryUrl, redisUrl } } = stack
  const [host, port] = (brokers[0] ?? '').split(':')
  t.equal(await probe({ kind: 'kafka', host: host ?? '', port: Number(port) }), undefined)
  t.equal(await probe({ kind: 'http', url: `${registryUrl}/subjects` }), undefined)
  const redis = new URL(redisUrl)
  t.equal(await probe({ kind: 'redis', host: redis.hostname, port: Number(redis.port) }), undefined)
})

test('the shared stack is the same one when it is asked for twice', async t => {
  const first = await useStack(t, { services: ['redis'] })
  const second = await useStack(t, { services: ['redis'] })
  t.same(first?.endpoints, second?.endpoints)
})

test('an own Redis keeps its data when it is killed and started again', async t => {
  const redis = await ownRedis(t)
  if (redis === undefined) return
  const before = redis.pid()
  t.equal(await ask(redis.port, 'SET k v'), '+OK')
  await redis.stop()
  t.equal(redis.pid(), undefined)
  await redis.start()
  t.equal(await ask(redis.port, 'GET k'), '$1')
  await redis.kill()
  t.equal(redis.pid(), undefined)
  await redis.start()
  t.not(redis.pid(), before)
  t.equal(await ask(redis.port, 'GET k'), '$1')
})

test('unique prefixes differ when two are taken', async t => {
  t.not(uniquePrefix(), uniquePrefix())
})

async function ask (port: number, command: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => socket.write(`${command}\r\n`))
    socket.once('error', reject)
    socket.once('data', data => {
      socket.destroy()
      resolve(data.toString().split('\r\n')[0] ?? '')
    })
  })
}
