import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** How to ask a service whether it can be used. */
export type Health =
  | { readonly kind: 'http', readonly url: string, readonly contains?: string }
  | { readonly kind: 'redis', readonly host: string, readonly port: number }
  | { readonly kind: 'kafka', readonly host: string, readonly port: number, readonly nodeId?: number }
  | { readonly kind: 'kafka-tls', readonly host: string, readonly port: number, readonly caFile: string }

/** Undefined when the service can be used, else why not. Never rejects; gives up after `timeoutMs`. */
export async function probe (health: Health, timeoutMs = 2000): Promise<string | undefined> {
  try {
    switch (health.kind) {
      case 'http': return await probeHttp(health.url, health.contains, timeoutMs)
      case 'redis': return redisAnswer(await exchange(health, Buffer.from('PING\r\n'), answer => answer.includes(0x0a), timeoutMs))
      case 'kafka': return kafkaAnswer(await exchange(health, metadataRequest, isWholeFrame, timeoutMs), health.nodeId)
      case 'kafka-tls': return versionsAnswer(await exchange(health, versionsRequest, isWholeFrame, timeoutMs))
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

/** ApiVersions version 0 as client `health`: the one question that is answered before anybody has said who he is. */
const versionsRequest = Buffer.concat([Buffer.from([0, 0, 0, 16, 0, 18, 0, 0, 0, 0, 0, 1, 0, 6]), Buffer.from('health')])

/** A broker takes requests only once its controller has let it in. */
function versionsAnswer (answer: Buffer): string | undefined {
  const errorCode = answer.readInt16BE(8)
  return errorCode === 0 ? undefined : `it answers with error ${errorCode}`
}

/** A broker that has not yet been let in by its controller is not in the list of brokers that it gives. */
export function kafkaAnswer (answer: Buffer, nodeId?: number): string | undefined {
  const ids = brokerIds(answer)
  return (nodeId === undefined ? ids.length > 0 : ids.includes(nodeId)) ? undefined : 'the broker has not joined its cluster yet'
}

/** Node ids out of a Metadata answer of version 1: size, correlation, then per broker its id, host, port and rack. */
function brokerIds (answer: Buffer): number[] {
  const ids: number[] = []
  let at = 12
  for (let left = answer.readInt32BE(8); left > 0; left--) {
    ids.push(answer.readInt32BE(at))
    at += 4 + 2 + answer.readInt16BE(at + 4) + 4
    at += 2 + Math.max(0, answer.readInt16BE(at))
  }
  return ids
}

/** A frame of the Kafka protocol begins with the size of what follows. */
function isWholeFrame (answer: Buffer): boolean {
  return answer.length >= 4 && answer.length >= 4 + answer.readInt32BE(0)
}

/** `caFile`: by TLS, certified by this authority. */
interface Address { readonly host: string, readonly port: number, readonly caFile?: string }

async function exchange ({ host, port, caFile }: Address, request: Buffer, isWhole: (answer: Buffer) => boolean, timeoutMs: number): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    let answer = Buffer.alloc(0)
    const begin = (): void => { socket.write(request) }
    const socket = caFile === undefined ? connect({ host, port }, begin) : connectTls({ host, port, ca: readFileSync(caFile) }, begin)
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
