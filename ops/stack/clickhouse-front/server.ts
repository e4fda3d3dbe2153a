import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { decodeBody, readRequest } from './request.ts'
import { describeProblem, FrontError } from './problem.ts'
import { type Engine, type EngineAnswer } from './engine.ts'

const compress = promisify(gzip)

export interface FrontServerOptions {
  readonly engine: Pick<Engine, 'run'>
  /** A request whose body has not arrived by then is dropped unexecuted, ms. */
  readonly receiveTimeoutMs: number
  /** Largest request body, before and after decompression, bytes. */
  readonly maxBodyBytes: number
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  JSON: 'application/json; charset=UTF-8', JSONEachRow: 'application/x-ndjson; charset=UTF-8', JSONCompactEachRow: 'application/x-ndjson; charset=UTF-8', CSV: 'text/csv; charset=UTF-8; header=absent'
}

/**
 * The subset of ClickHouse's HTTP interface that `@clickhouse/client` uses: `POST /` and `GET /` with the statement in the URL or
 * the body, settings and bound parameters in the URL, compressed bodies both ways, the summary header, errors as text with
 * `X-ClickHouse-Exception-Code`, and `GET /ping`. Answers are complete before their first byte, as with `wait_end_of_query`.
 * Credentials are not looked at: it binds to loopback only. Users, quotas and sessions need a server.
 */
export function createFrontServer (options: FrontServerOptions): Server {
  const { receiveTimeoutMs } = options
  const timeouts = { requestTimeout: receiveTimeoutMs, headersTimeout: receiveTimeoutMs, connectionsCheckingInterval: 1000, keepAliveTimeout: 30_000 }
  const server = createServer(timeouts)
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const arrivedMs = Date.now()
    const url = new URL(request.url ?? '/', 'http://front')
    if (url.pathname === '/ping') {
      response.end('Ok.\n')
      return
    }
    if (url.pathname !== '/') {
      response.writeHead(404).end('There is no handle ' + url.pathname + '\n')
      return
    }
    answer(options, request, response, url, arrivedMs).catch((error: unknown) => { refuse(response, error) })
  })
  return server
}

async function answer (options: FrontServerOptions, request: IncomingMessage, response: ServerResponse, url: URL, arrivedMs: number): Promise<void> {
  const received = await receive(request, options.maxBodyBytes)
  const body = decodeBody(received, request.headers['content-encoding'])
  const parsed = await readRequest(url, request.headers, body)
  const result = await options.engine.run(parsed, arrivedMs)
  if (parsed.queryId !== undefined) response.setHeader('X-ClickHouse-Query-Id', parsed.queryId)
  response.setHeader('X-ClickHouse-Server-Display-Name', 'clickhouse-front')
  response.setHeader('X-ClickHouse-Format', result.format)
  response.setHeader('X-ClickHouse-Timezone', 'UTC')
  response.setHeader('X-ClickHouse-Summary', summary(result))
  response.setHeader('Content-Type', CONTENT_TYPES[result.format] ?? 'text/plain; charset=UTF-8')
  if (!parsed.compressAnswer) {
    response.end(result.bytes)
    return
  }
  response.setHeader('Content-Encoding', 'gzip')
  response.end(await compress(result.bytes, { level: 1 }))
}

/** The body, whole: nothing is executed before its last byte. */
async function receive (request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new FrontError(307, 'TOO_MANY_BYTES', `The request body is larger than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

function summary (result: EngineAnswer): string {
  return JSON.stringify({
    read_rows: String(result.readRows),
    read_bytes: String(result.readBytes),
    written_rows: String(result.writtenRows),
    written_bytes: String(result.writtenBytes),
    total_rows_to_read: '0',
    result_rows: String(result.readRows),
    result_bytes: String(result.bytes.length),
    elapsed_ns: String(Math.round(result.elapsedSeconds * 1e9))
  })
}

function refuse (response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy()
    return
  }
  const problem = describeProblem(error)
  response.removeHeader('Content-Encoding')
  response.writeHead(problem.status, { 'Content-Type': 'text/plain; charset=UTF-8', 'X-ClickHouse-Exception-Code': String(problem.code) })
  response.end(problem.text + '\n')
}
