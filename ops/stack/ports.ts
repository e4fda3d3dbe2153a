import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'

/** True when a server could listen there now. */
export async function isPortFree (host: string, port: number): Promise<boolean> {
  const server = createServer()
  return await new Promise(resolve => {
    server.once('error', () => resolve(false))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)))
  })
}

/** Ports that were all free at one moment, below the range that systems hand out for outgoing connections. */
export async function freePorts (host: string, count: number): Promise<number[]> {
  const servers = []
  const ports: number[] = []
  try {
    while (ports.length < count) {
      const port = 20_000 + Math.floor(Math.random() * 12_000)
      const server = await listening(host, port)
      if (server === undefined) continue
      servers.push(server)
      ports.push((server.address() as AddressInfo).port)
    }
  } finally {
    await Promise.all(servers.map(async server => await new Promise(resolve => server.close(resolve))))
  }
  return ports
}

async function listening (host: string, port: number) {
  const server = createServer()
  return await new Promise<typeof server | undefined>(resolve => {
    server.once('error', () => resolve(undefined))
    server.listen({ host, port, exclusive: true }, () => resolve(server))
  })
}

/** Who listens on a port, for people: `java (pid 123)`, or that it cannot be told. */
export function portHolder (port: number): string {
  return (process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port)) ?? 'another process'
}

/** Inodes of the sockets that listen on a port, out of the text of /proc/net/tcp. */
export function listeningInodes (table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return table.split('\n').slice(1).map(line => line.trim().split(/\s+/))
    .filter(fields => fields[3] === '0A' && fields[1]?.endsWith(`:${wanted}`) === true)
    .map(fields => fields[9] ?? '')
}

function holderFromProc (port: number): string | undefined {
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(path => listeningInodes(readOr(path, ''), port))
  if (inodes.length === 0) return undefined
  const links = new Set(inodes.map(inode => `socket:[${inode}]`))
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      if (readdirSync(`/proc/${pid}/fd`).some(fd => links.has(linkOr(`/proc/${pid}/fd/${fd}`)))) {
        return `${readOr(`/proc/${pid}/comm`, 'a process').trim()} (pid ${pid})`
      }
    } catch {
      // The process has ended, or belongs to somebody else.
    }
  }
  return undefined
}

function holderFromLsof (port: number): string | undefined {
  try {
    const lines = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')
    const [pid, command] = [lines.find(line => line.startsWith('p')), lines.find(line => line.startsWith('c'))]
    return pid === undefined ? undefined : `${command?.slice(1) ?? 'a process'} (pid ${pid.slice(1)})`
  } catch {
    return undefined
  }
}

function readOr (path: string, fallback: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return fallback
  }
}

function linkOr (path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
