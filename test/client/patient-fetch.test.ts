import { createServer } from 'node:http'
import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type Test, test } from 'tap'
import { patientFetch } from './patient-fetch.ts'

/** A server that answers 503 with these headers twice, then 200; and the bodies it was sent. */
async function busyServer (t: Test, headers: Readonly<Record<string, string>>): Promise<{ readonly url: string, readonly bodies: readonly string[] }> {
  const bodies: string[] = []
  const server = createServer((request, response) => {
    text(request).then(body => {
      bodies.push(body)
      response.writeHead(bodies.length <= 2 ? 503 : 200, headers).end()
    }, () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies }
}

test('a request is repeated whole when it is told to come again', async t => {
  const { url, bodies } = await busyServer(t, { 'retry-after': '0' })
  const response = await patientFetch(new Request(url, { method: 'POST', body: 'an order' }))
  t.equal(response.status, 200)
  t.same(bodies, ['an order', 'an order', 'an order'])
})

test('a failure that names no time is the answer', async t => {
  const { url, bodies } = await busyServer(t, {})
  t.equal((await patientFetch(new Request(url))).status, 503)
  t.equal(bodies.length, 1)
})
