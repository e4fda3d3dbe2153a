import { type AddressInfo } from 'node:net'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'
import { fail } from '../hop/tally.ts'
import { type FromMailServer, addressOf, numberOf, subjectOf } from './job.ts'

interface Letter { readonly bytes: Buffer, readonly atMs: number }

/** A mail server in a process of its own. It keeps letters as they come, and reads them when it is asked for its verdict: what that takes is not measured. */
const letters: Letter[] = []
let connections = 0
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  disableReverseLookup: true,
  onConnect: (_session, done) => { connections++; done() },
  onData: (stream, _session, done) => {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => { chunks.push(chunk) })
    stream.on('end', () => {
      letters.push({ bytes: Buffer.concat(chunks), atMs: performance.timeOrigin + performance.now() })
      done()
    })
  }
})
server.on('error', fail)
const tell = (message: FromMailServer): void => { process.send?.(message) }

/** Parses every letter, and compares it with what its notification must say. */
async function verdict (): Promise<FromMailServer> {
  const arrivals: Array<readonly [number, number]> = []
  const problems: string[] = []
  for (const { bytes, atMs } of letters) {
    const { messageId = '', subject, to, text = '' } = await simpleParser(bytes)
    const no = numberOf(messageId)
    arrivals.push([no, atMs])
    const reader = to === undefined || Array.isArray(to) ? undefined : to.value[0]?.address
    if (no < 0 || subject !== subjectOf(no) || reader !== addressOf(no) || !text.includes('£1,234.50')) problems.push(`${messageId}: ${subject} to ${reader}`)
  }
  return { kind: 'verdict', arrivals, problems, connections }
}

process.on('disconnect', () => { process.exit(0) })
process.on('message', () => { verdict().then(tell, fail) })
server.listen(0, '127.0.0.1', () => { tell({ kind: 'listening', url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}` }) })
