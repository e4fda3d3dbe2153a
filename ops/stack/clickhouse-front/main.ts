import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureError } from '../../../streams/errors.ts'

/**
 * The process: `node ops/stack/clickhouse-front/main.ts --port 8123 --path DIR`. Says `ready` once it serves; SIGTERM or SIGINT
 * finishes what runs, lets go of the folder and ends with 0. Exit code 1 with one line on stderr when it cannot start.
 */

// Before anything uses the thread pool: four readers and four writers of the engine, and some for compression.
process.env['UV_THREADPOOL_SIZE'] ??= '12'

const RECEIVE_TIMEOUT_MS = 30_000
const CLOSE_TIMEOUT_MS = 20_000

async function main (): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, path: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' } } })
  const port = Number(values.port)
  if (values.path === undefined || !Number.isInteger(port) || port < 0 || port > 65535) throw new Error('usage: main.ts --port PORT --path DIR [--host 127.0.0.1]')
  const { Engine } = await import('./engine.ts')
  const { createFrontServer } = await import('./server.ts')
  const path = resolve(values.path)
  mkdirSync(path, { recursive: true })
  const engine = await Engine.open({
    path,
    receiveTimeoutMs: RECEIVE_TIMEOUT_MS,
    insertSeconds: 60,
    readSeconds: 60,
    readMaxMemoryBytes: 2 * 1024 ** 3,
    readMaxResultBytes: 256 * 1024 ** 2
  })
  const server = createFrontServer({ engine, receiveTimeoutMs: RECEIVE_TIMEOUT_MS, maxBodyBytes: 256 * 1024 ** 2 })
  server.on('error', (error: NodeJS.ErrnoException) => {
    fail(error.code === 'EADDRINUSE' ? new Error(`port ${port} of ${values.host} is in use`) : error)
  })
  let isClosing = false
  const close = (): void => {
    if (isClosing) return
    isClosing = true
    // A statement that never ends must not keep the process: what it did is durable or was never acknowledged.
    setTimeout(() => process.exit(0), CLOSE_TIMEOUT_MS).unref()
    server.close(() => { engine.close().then(() => process.exit(0), fail) })
    server.closeIdleConnections()
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
  server.listen(port, values.host, () => {
    const address = server.address()
    process.stdout.write(`ready on http://${values.host}:${address !== null && typeof address === 'object' ? address.port : port}\n`)
  })
}

function fail (thrown: unknown): void {
  process.stderr.write(`clickhouse-front: ${ensureError(thrown).message}\n`)
  process.exit(1)
}

main().catch(fail)
