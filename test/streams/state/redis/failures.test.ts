import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { test } from 'tap'
import { onFailure } from '../../../../streams/state/redis/failures.ts'

test('a stream that fails a second time is told of once, and ends nothing else', async t => {
  const sockets: Socket[] = []
  const server = createServer(socket => { sockets.push(socket.on('error', () => {})) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const redis = new Redis({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, retryStrategy: () => null, enableReadyCheck: false })
  t.teardown(() => {
    redis.disconnect()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const told: string[] = []
  onFailure(redis, ({ message }) => { told.push(message) })
  await once(redis, 'connect')
  redis.stream.emit('error', new Error('the certificate is of another'))
  redis.stream.emit('error', new Error('alert'))
  t.same(told, ['the certificate is of another'])
})
