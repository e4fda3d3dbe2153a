import { createServer } from 'node:http'
import { type AddressInfo } from 'node:net'
import { test } from 'tap'
import { createConfluentRegistry } from '../../../streams/serde/confluent-registry.ts'

test('confluent registry is unavailable, never denying, when something else answers or nothing does', async t => {
  const server = createServer((request, response) => {
    const [status, body] = request.url?.includes('/broken') === true ? [500, '{"error_code":50001}'] : [404, '<html>not here</html>']
    response.writeHead(status).end(body)
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  for (const path of ['/wrong', '/broken']) {
    await t.rejects(createConfluentRegistry({ url: `http://127.0.0.1:${port}${path}` }).schemaOf(1), { code: 'STR_REGISTRY_UNAVAILABLE' })
  }
  server.closeAllConnections()
  await new Promise(resolve => { server.close(resolve) })
  await t.rejects(createConfluentRegistry({ url: `http://127.0.0.1:${port}` }).schemaOf(1), { code: 'STR_REGISTRY_UNAVAILABLE' })
})
