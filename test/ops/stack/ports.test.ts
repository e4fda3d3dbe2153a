import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { test } from 'tap'
import { freePorts, isPortFree, listeningInodes, portHolder } from '../../../ops/stack/ports.ts'

test('a port is free until somebody listens on it, and its holder is named', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  t.notOk(await isPortFree('127.0.0.1', port))
  t.match(portHolder(port), new RegExp(`\\(pid ${process.pid}\\)|another process`))
  server.close()
  await once(server, 'close')
  t.ok(await isPortFree('127.0.0.1', port))
  t.equal(portHolder(port), 'another process', 'nobody known holds it')
})

test('free ports are different ones when several are asked for', async t => {
  const ports = await freePorts('127.0.0.1', 12)
  t.equal(new Set(ports).size, 12)
  for (const port of ports) t.ok(port >= 20_000 && port < 32_000)
})

test('listening sockets are found by port and state when the table of the kernel is read', async t => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
  const row = (address: string, state: string, inode: number): string => `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0 100 0`
  const table = [head, row('0100007F:4A94', '0A', 11), row('0100007F:4A94', '01', 12), row('0100007F:4A95', '0A', 13)].join('\n')
  t.same(listeningInodes(table, 0x4a94), ['11'])
  t.same(listeningInodes(table, 1), [])
})
