import { zstdDecompressSync, brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { FrontError } from './problem.ts'

/** One request of the HTTP interface, as the engine needs it. */
export interface FrontRequest {
  readonly queryId: string | undefined
  readonly database: string | undefined
  readonly sql: string
  /** Bytes that follow the statement: the rows of an INSERT. */
  readonly data: Buffer
  /** Settings of this request alone, by name. */
  readonly settings: ReadonlyMap<string, string>
  /** Bound parameters, in the engine's escaped text form, verbatim. */
  readonly params: ReadonlyMap<string, string>
  readonly defaultFormat: string | undefined
  /** The client asked for a compressed answer. */
  readonly compressAnswer: boolean
}

/** Parameters of the HTTP interface itself: no settings of the engine. */
const INTERFACE = new Set([
  'query', 'query_id', 'database', 'default_format', 'enable_http_compression', 'wait_end_of_query', 'buffer_size', 'user', 'password', 'quota_key', 'role',
  'send_progress_in_http_headers', 'http_headers_progress_interval_ms', 'cancel_http_readonly_queries_on_client_close'
])

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: bytes => gunzipSync(bytes),
  deflate: bytes => inflateSync(bytes),
  br: bytes => brotliDecompressSync(bytes),
  zstd: bytes => zstdDecompressSync(bytes)
}

/** Undoes the Content-Encoding of a request body. @throws {FrontError} for an encoding it does not know or bytes that are not in it. */
export function decodeBody (body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body
  const decode = DECODERS[encoding]
  if (decode === undefined) throw new FrontError(48, 'NOT_IMPLEMENTED', `Content-Encoding ${encoding} is not supported`)
  try {
    return decode(body)
  } catch (error) {
    throw new FrontError(354, 'ZLIB_INFLATE_FAILED', `The request body is not ${encoding}`, error)
  }
}

/**
 * Reads a request: statement from the URL or the body, settings and `param_…` from the URL or a multipart body.
 *
 * @throws {FrontError} for an empty statement, a setting name that is no name, and sessions (nothing outlives a request here).
 */
export async function readRequest (
  url: URL, headers: Readonly<Record<string, string | string[] | undefined>>, body: Buffer
): Promise<FrontRequest> {
  const settings = new Map<string, string>()
  const params = new Map<string, string>()
  let sql = url.searchParams.get('query') ?? ''
  let data = body
  const entries: Array<[string, string]> = [...url.searchParams]
  const contentType = textHeader(headers['content-type'])
  if (contentType?.startsWith('multipart/form-data') === true) {
    const form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
    for (const [name, value] of form) if (typeof value === 'string') entries.push([name, value])
    sql = form.get('query')?.toString() ?? sql
    data = Buffer.alloc(0)
  } else if (sql === '') {
    sql = body.toString()
    data = Buffer.alloc(0)
  }
  for (const [name, value] of entries) {
    if (INTERFACE.has(name)) continue
    if (name === 'session_id' || name === 'session_timeout') throw new FrontError(48, 'NOT_IMPLEMENTED', 'Sessions are not supported: every request has a connection of its own')
    if (!/^\w+$/.test(name)) throw new FrontError(115, 'UNKNOWN_SETTING', 'Setting names are letters, digits and underscores')
    if (name.startsWith('param_')) params.set(name.slice(6), value)
    else settings.set(name, value)
  }
  if (sql.trim() === '') throw new FrontError(62, 'SYNTAX_ERROR', 'Empty query')
  const accepts = textHeader(headers['accept-encoding']) ?? ''
  return {
    queryId: url.searchParams.get('query_id') ?? undefined,
    database: url.searchParams.get('database') ?? textHeader(headers['x-clickhouse-database']),
    sql,
    data,
    settings,
    params,
    defaultFormat: url.searchParams.get('default_format') ?? textHeader(headers['x-clickhouse-format']),
    compressAnswer: url.searchParams.get('enable_http_compression') === '1' && accepts.includes('gzip')
  }
}

function textHeader (value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
