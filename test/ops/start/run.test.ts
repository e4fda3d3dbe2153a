import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { test } from 'tap'
import { loadConfig } from '../../../ops/config.ts'
import { createClosers } from '../../../ops/start/closers.ts'
import { parseStartOptions } from '../../../ops/start/options.ts'
import { run } from '../../../ops/start/run.ts'

test('a start that waits for a service which never answers ends as soon as it is asked to', async t => {
  const sockets = new Set<Socket>()
  const silent = createServer(socket => { sockets.add(socket) }).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`
  const config = loadConfig({
    file: false,
    env: {},
    overrides: {
      COMMERCE_DATA_DIR: t.testdir(),
      COMMERCE_BROKERS: address,
      COMMERCE_REGISTRY_URL: `http://${address}`,
      COMMERCE_REDIS_URL: `redis://${address}`,
      COMMERCE_CLICKHOUSE_URL: `http://${address}`,
      COMMERCE_GATEWAY_URL: `http://${address}`
    }
  })
  const stop = new AbortController()
  const closers = createClosers()
  const running = run({ options: parseStartOptions([]), config, closers, signal: stop.signal, print: () => {} })
  const ended = t.rejects(running, { message: 'asked to end' })
  await once(silent, 'connection')
  stop.abort(new Error('asked to end'))
  await ended
  t.same(await closers.closeAll(), [])
})
