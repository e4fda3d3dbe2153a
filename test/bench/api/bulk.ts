import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { rssMbOf } from '../machine.ts'
import { type ServerProcess } from './server-process.ts'

export interface BulkFigures {
  readonly lines: number
  readonly linesPerSecond: number
  /** Memory of the API before the request, after a fifth of it, and at most. */
  readonly rssMb: { readonly before: number, readonly afterFifth: number, readonly most: number }
}

/** One bulk request of that many orders, read while it is sent. Every line must be accepted. */
export async function measureBulk ({ url, users: [user], pid }: ServerProcess, body: string, lines: number): Promise<BulkFigures> {
  const headers = { authorization: `Bearer ${user?.token ?? ''}`, 'content-type': 'application/x-ndjson', 'idempotency-key': crypto.randomUUID() }
  const sent = request(`${url}/v1/orders/bulk`, { method: 'POST', headers })
  const rssMb = { before: rssMbOf(pid), afterFifth: 0, most: 0 }
  const started = performance.now()
  const sending = (async () => {
    for (let line = 0; line < lines; line++) if (!sent.write(`${body}\n`)) await once(sent, 'drain')
    sent.end()
  })()
  const [response] = await once(sent, 'response') as [IncomingMessage]
  let accepted = 0
  const look = (): void => {
    rssMb.most = Math.max(rssMb.most, rssMbOf(pid))
    if (accepted < lines / 5) rssMb.afterFifth = rssMbOf(pid)
  }
  const watch = setInterval(look, 100)
  for await (const chunk of response) accepted += String(chunk).split('"status":"accepted"').length - 1
  clearInterval(watch)
  await sending
  if (accepted !== lines) throw new Error(`${accepted} of ${lines} lines were accepted`)
  return { lines, linesPerSecond: Math.round(lines / (performance.now() - started) * 1000), rssMb }
}
