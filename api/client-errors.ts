import { type Socket } from 'node:net'
import { type ApiErrorCode, apiErrors, problemCode, problemType } from './errors.ts'

/** What a connection is told whose bytes never became a request. */
const codes: Readonly<Record<string, ApiErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'API_HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'API_REQUEST_TIMEOUT'
}

const reasons: Readonly<Record<number, string>> = { 400: 'Bad Request', 408: 'Request Timeout', 431: 'Request Header Fields Too Large' }

/** Answers bytes that are no request as a problem, and closes the connection. Nothing of them is repeated. */
export function refuseBytes (error: Error, socket: Socket): void {
  const { code = '' } = error as NodeJS.ErrnoException
  if (code === 'ECONNRESET' || socket.destroyed) return
  const problem = codes[code] ?? 'API_REQUEST_MALFORMED'
  const { status, title } = apiErrors[problem]
  const body = JSON.stringify({ type: problemType(problem), title, status, code: problemCode(problem) })
  if (socket.writable) {
    socket.write(`HTTP/1.1 ${status} ${reasons[status] ?? ''}\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
  }
  socket.destroy(error)
}
