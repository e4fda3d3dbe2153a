import { type AddressInfo } from 'node:net'
import { type Test } from 'tap'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** A mail server of a test, on a port of its own: a real one, that keeps what it takes. */
export interface SmtpHouse {
  readonly url: string
  /** Letters it took, in order. */
  readonly letters: ParsedMail[]
  /** Connections that were made. */
  readonly connections: () => number
  close (): Promise<void>
}

export async function openSmtpHouse (t: Pick<Test, 'teardown'>, options: SMTPServerOptions = {}): Promise<SmtpHouse> {
  const letters: ParsedMail[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect: (_session, done) => { connections++; done() },
    onData: (stream, _session, done) => {
      simpleParser(stream).then(letter => { letters.push(letter); done() }, done)
    },
    ...options
  })
  // A client that goes in the middle of a letter is no failure of the test.
  server.on('error', () => {})
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.server.address() as AddressInfo
  const close = async (): Promise<void> => { await new Promise<void>(resolve => { server.close(() => { resolve() }) }) }
  t.teardown(close)
  return { url: `smtp://127.0.0.1:${port}`, letters, connections: () => connections, close }
}
