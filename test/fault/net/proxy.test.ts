import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'
import { type Test, test } from 'tap'
import { freePorts } from '../../../ops/stack/ports.ts'
import { KafkaFrames, apis } from './kafka-frames.ts'
import { Proxy, type ProxyOptions } from './proxy.ts'

/** A service that keeps what it was sent and answers with it, behind a proxy. */
async function setting (t: Test, framing?: ProxyOptions['framing']) {
  const received: Buffer[] = []
  let moved = Promise.withResolvers<void>()
  const service = createServer(socket => {
    socket.on('error', () => {})
    socket.on('data', chunk => {
      received.push(chunk)
      socket.write(chunk)
      moved.resolve()
      moved = Promise.withResolvers()
    })
  }).listen(0, '127.0.0.1')
  await once(service, 'listening')
  const address = service.address()
  const [port = 0] = await freePorts('127.0.0.1', 1)
  const proxy = await Proxy.open({ port, target: typeof address === 'object' && address !== null ? address.port : 0, ...framing === undefined ? {} : { framing } })
  t.teardown(async () => {
    await proxy.close()
    service.close()
  })
  const text = (): string => Buffer.concat(received).toString()
  return {
    proxy,
    text,
    arrives: async (wanted: string) => { while (!text().includes(wanted)) await moved.promise },
    client: (): Socket => {
      const socket = connect({ host: '127.0.0.1', port })
      socket.on('error', () => {})
      t.teardown(() => socket.destroy())
      return socket
    }
  }
}

/** Resolves when the connection is gone, in order or not. */
async function closed (socket: Socket): Promise<void> {
  await new Promise<void>(resolve => { if (socket.closed) resolve(); else socket.once('close', () => { resolve() }) })
}

async function answer (socket: Socket, length: number): Promise<string> {
  let text = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    text += chunk.toString()
    if (text.length >= length) break
  }
  return text
}

for (const weather of [{ kind: 'fair' }, { kind: 'slow', ms: 5 }, { kind: 'sliced', bytes: 1 }] as const) {
  test(`a proxy carries every byte in order both ways when the network is ${weather.kind}`, async t => {
    const { proxy, client } = await setting(t)
    proxy.turn(weather)
    const socket = client()
    const sent = Array.from({ length: 40 }, (_, n) => `piece ${n},`).join('')
    socket.write(sent)
    t.equal(await answer(socket, sent.length), sent)
  })
}

test('a proxy resets connections and takes no new ones when the network is cut, and does when it is healed', async t => {
  const { proxy, client } = await setting(t)
  const before = client()
  before.write('a')
  await answer(before, 1)
  proxy.turn({ kind: 'cut' })
  await closed(before)
  const during = client()
  await closed(during)
  proxy.heal()
  const after = client()
  after.write('b')
  t.equal(await answer(after, 1), 'b')
})

test('a proxy loses nothing of a silence when it is over', async t => {
  const { proxy, client, text } = await setting(t)
  const socket = client()
  socket.write('a')
  await answer(socket, 1)
  proxy.turn({ kind: 'silent' })
  socket.write('b')
  await new Promise(resolve => { setTimeout(resolve, 50) })
  t.equal(text(), 'a')
  proxy.heal()
  t.equal(await answer(socket, 1), 'b')
})

test('a failpoint holds what it waited for, and it arrives after its sender has gone', async t => {
  const { proxy, client, arrives, text } = await setting(t)
  const socket = client()
  const caught = proxy.catch('piece', { matches: ({ direction, bytes }) => direction === 'up' && bytes.includes('late'), act: 'hold' })
  socket.write('late')
  const { release } = await caught
  socket.destroy()
  await closed(socket)
  t.equal(text(), '')
  release()
  await arrives('late')
})

test('a failpoint drops or changes one piece only, and the next ones pass', async t => {
  const { proxy, client } = await setting(t)
  const socket = client()
  const dropped = proxy.catch('piece', { matches: ({ direction }) => direction === 'up', act: 'drop' })
  socket.write('gone')
  await dropped
  const changed = proxy.catch('piece', { matches: ({ direction }) => direction === 'down', act: 'change', change: bytes => Buffer.from(bytes.toString().toUpperCase()) })
  socket.write('one')
  t.equal(await answer(socket, 3), 'ONE')
  await changed
  socket.write('two')
  t.equal(await answer(socket, 3), 'two')
})

test('a proxy leads to another service when it is told to', async t => {
  const one = await setting(t)
  const two = await setting(t)
  const before = one.client()
  before.write('a')
  await answer(before, 1)
  one.proxy.lead(two.proxy.port)
  await closed(before)
  const after = one.client()
  after.write('b')
  await two.arrives('b')
  t.equal(one.text(), 'a')
})

function request (api: number, correlation: number, body = ''): Buffer {
  const head = Buffer.alloc(12)
  head.writeInt32BE(8 + body.length, 0)
  head.writeInt16BE(api, 4)
  head.writeInt32BE(correlation, 8)
  return Buffer.concat([head, Buffer.from(body)])
}

test('frames are cut whole, and answers know what they answer, when chunks begin and end anywhere', t => {
  const asked = Buffer.concat([request(apis.produce, 1, 'some records'), request(apis.endTxn, 2)])
  const answers = Buffer.concat([2, 1].map(correlation => {
    const frame = Buffer.alloc(8)
    frame.writeInt32BE(4, 0)
    frame.writeInt32BE(correlation, 4)
    return frame
  }))
  for (let at = 1; at < asked.length; at++) {
    const frames = new KafkaFrames()
    const up = [...frames.push('up', asked.subarray(0, at)), ...frames.push('up', asked.subarray(at))]
    t.same(up.map(({ api }) => api), [apis.produce, apis.endTxn])
    t.same(Buffer.concat(up.map(({ bytes }) => bytes)), asked)
    t.same(frames.push('down', answers).map(({ api }) => api), [apis.endTxn, apis.produce])
  }
  t.end()
})
