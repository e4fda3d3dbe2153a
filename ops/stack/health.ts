import { connect } from 'node:net'

/** How to ask a service whether it can be used. */
export type Health =
  | { readonly kind: 'http', readonly url: string, readonly contains?: string }
  | { readonly kind: 'redis', readonly host: string, readonly port: number }
  | { readonly kind: 'kafka', readonly host: string, readonly port: number }

/** Undefined when the service can be used, else why not. Never rejects; gives up after `timeoutMs`. */
export async function probe (health: Health, timeoutMs = 2000): Promise<string | undefined> {
  try {
    switch (health.kind) {
      case 'http': return await probeHttp(health.url, health.contains, timeoutMs)
      case 'redis': return redisAnswer(await exchange(health, Buffer.from('PING\r\n'), answer => answer.includes(0x0a), timeoutMs))
      case 'kafka': return kafkaAnswer(await exchange(health, metadataRequest, answer => answer.length >= 12, timeoutMs))
    }
  } catch (error) {
    return reasonOf(error)
  }
}

async function probeHttp (url: string, contains: string | undefined, timeoutMs: number): Promise<string | undefined> {
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
  const body = await response.text()
  if (!response.ok) return `it answers ${response.status}`
  return contains === undefined || body.includes(contains) ? undefined : 'it answers something else'
}

/** PING is answered +PONG, or -LOADING … while Redis reads its data; a password makes it -NOAUTH, which is alive too. */
export function redisAnswer (answer: Buffer): string | undefined {
  const line = answer.toString('latin1').split('\r\n', 1)[0] ?? ''
  return line === '+PONG' || line.startsWith('-NOAUTH') ? undefined : `it answers ${line}`
}

/** Metadata version 1 for no topics, as client `health`: size, api key 3, version 1, correlation 1, client id, empty array. */
const metadataRequest = Buffer.concat([
  Buffer.from([0, 0, 0, 20, 0, 3, 0, 1, 0, 0, 0, 1, 0, 6]), Buffer.from('health'), Buffer.from([0, 0, 0, 0])
])

/** A broker that has not yet been let in by its controller answers with an empty broker list. */
export function kafkaAnswer (answer: Buffer): string | undefined {
  return answer.readInt32BE(8) > 0 ? undefined : 'the broker has not joined its cluster yet'
}

interface Address { readonly host: string, readonly port: number }

async function exchange ({ host, port }: Address, request: Buffer, isWhole: (answer: Buffer) => boolean, timeoutMs: number): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0)
    const socket = connect({ host, port }, () => socket.write(request))
    const timer = setTimeout(() => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    socket.on('data', chunk => {
      answer = Buffer.concat([answer, chunk])
      if (!isWhole(answer)) return
      resolve(answer)
      socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(timer)
      reject(new Error('it closed the connection'))
    })
  })
}

function reasonOf (thrown: unknown): string {
  const error = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ECONNREFUSED') return 'nothing listens on its port'
  return error instanceof Error ? error.message || (code ?? 'it cannot be reached') : String(error)
}
