import { createServer as createHttp } from 'node:http'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { once } from 'node:events'
import { test, type Test } from 'tap'
import { kafkaAnswer, probe, redisAnswer } from '../../../ops/stack/health.ts'
import { freePorts } from '../../../ops/stack/ports.ts'

async function serve (t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => { server.close() })
  return (server.address() as AddressInfo).port
}

test('an HTTP service is healthy when it answers 200 with what is expected', async t => {
  const port = await serve(t, createHttp((request, response) => { response.writeHead(request.url === '/bad' ? 503 : 200, { connection: 'close' }).end('Ok.\n') }))
  const url = `http://127.0.0.1:${port}`
  t.equal(await probe({ kind: 'http', url, contains: 'Ok.' }), undefined)
  t.equal(await probe({ kind: 'http', url, contains: 'Fine' }), 'it answers something else')
  t.equal(await probe({ kind: 'http', url: `${url}/bad` }), 'it answers 503')
})

test('a service that is not there is told from one that does not answer', async t => {
  const [port = 0] = await freePorts('127.0.0.1', 1)
  t.equal(await probe({ kind: 'http', url: `http://127.0.0.1:${port}/` }), 'nothing listens on its port')
  t.equal(await probe({ kind: 'kafka', host: '127.0.0.1', port }), 'nothing listens on its port')
  const silent = await serve(t, createServer(socket => { t.teardown(() => socket.destroy()) }))
  t.match(await probe({ kind: 'redis', host: '127.0.0.1', port: silent }, 50), /no answer within 50 ms/)
})

test('Redis is healthy when it answers PONG or asks for a password, and not while it loads', async t => {
  t.equal(redisAnswer(Buffer.from('+PONG\r\n')), undefined)
  t.equal(redisAnswer(Buffer.from('-NOAUTH Authentication required.\r\n')), undefined)
  t.equal(redisAnswer(Buffer.from('-LOADING Redis is loading the dataset in memory\r\n')), 'it answers -LOADING Redis is loading the dataset in memory')
  const port = await serve(t, createServer(socket => socket.once('data', data => socket.end(data.toString() === 'PING\r\n' ? '+PONG\r\n' : '-ERR\r\n'))))
  t.equal(await probe({ kind: 'redis', host: '127.0.0.1', port }), undefined)
})

test('a broker is healthy when its answer lists it', async t => {
  const answer = (...nodeIds: number[]): Buffer => {
    const brokers = nodeIds.map(id => Buffer.concat([int32(id), Buffer.from([0, 9]), Buffer.from('localhost'), int32(9092), Buffer.from(id === 1 ? [255, 255] : [0, 1, 65])]))
    const body = Buffer.concat([int32(1), int32(nodeIds.length), ...brokers])
    return Buffer.concat([int32(body.length), body])
  }
  t.equal(kafkaAnswer(answer(1)), undefined)
  t.equal(kafkaAnswer(answer()), 'the broker has not joined its cluster yet')
  t.equal(kafkaAnswer(answer(2, 1, 3), 3), undefined)
  t.equal(kafkaAnswer(answer(1, 2), 3), 'the broker has not joined its cluster yet', 'others have')
  const port = await serve(t, createServer(socket => socket.once('data', request => {
    t.equal(request.readInt32BE(0), request.length - 4, 'the request says its own length')
    t.same([request.readInt16BE(4), request.readInt16BE(6)], [3, 1], 'Metadata, version 1')
    socket.write(answer(1, 2).subarray(0, 30))
    setImmediate(() => { socket.end(answer(1, 2).subarray(30)) })
  })))
  t.equal(await probe({ kind: 'kafka', host: '127.0.0.1', port, nodeId: 2 }), undefined)
})

test('a service is not healthy when it closes the connection without an answer', async t => {
  const port = await serve(t, createServer(socket => socket.end()))
  t.equal(await probe({ kind: 'kafka', host: '127.0.0.1', port }), 'it closed the connection')
})

function int32 (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
