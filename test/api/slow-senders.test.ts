import { once } from 'node:events'
import { connect } from 'node:net'
import fastify from 'fastify'
import { test } from 'tap'
import { slowSendersPlugin } from '../../api/plugins/app/slow-senders.ts'

test('who takes too long to send a body is closed with 408, unless the route sees to it itself', async t => {
  const app = fastify()
  await app.register(slowSendersPlugin)
  app.post('/short', { config: { bodyTimeoutMs: 30 } }, async () => 'whole')
  app.post('/own', { config: { bodyTimeoutMs: 0 } }, async () => 'whole')
  await app.listen({ port: 0, host: '127.0.0.1' })
  t.teardown(async () => { await app.close() })
  const { port } = app.server.address() as { readonly port: number }
  const post = (path: string) => {
    const socket = connect(port, '127.0.0.1')
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{`)
    let text = ''
    socket.on('data', chunk => { text += String(chunk) })
    return { socket, end: async () => { await once(socket, 'close'); return text } }
  }
  const own = post('/own')
  t.match(await post('/short').end(), /^HTTP\/1.1 408 /)
  own.socket.write('}')
  t.match(await own.end(), /^HTTP\/1.1 200 /)
})
