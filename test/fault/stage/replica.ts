import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePorts } from '../../../ops/stack/ports.ts'
import { Proxy } from '../net/proxy.ts'
import { until } from '../../support/until.ts'
import { type Stage } from './stage.ts'
import { type ChildProcess, spawn } from 'node:child_process'

/** A replica of the stage's Redis, in a process of its own; `link` is the network between the two. */
export class Replica {
  readonly port: number
  readonly link: Proxy
  readonly #process: ChildProcess

  private constructor (port: number, link: Proxy, process: ChildProcess) {
    this.port = port
    this.link = link
    this.#process = process
  }

  /** Resolves when it holds what the master holds. */
  static async start ({ services, folder }: Stage): Promise<Replica> {
    const { command } = services.spec('redis')
    const [port = 0, linkPort = 0] = await freePorts('127.0.0.1', 2)
    const link = await Proxy.open({ port: linkPort, target: services.config.ports.redis })
    const dir = join(folder, `replica-${port}`)
    mkdirSync(dir, { recursive: true })
    const options = { port, bind: '127.0.0.1', dir, save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction', 'repl-timeout': 60 }
    const child = spawn(command, Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]).concat(['--replicaof', '127.0.0.1', String(linkPort)]), { stdio: 'ignore' })
    const replica = new Replica(port, link, child)
    await until(async () => (await replica.#ask(async client => await client.info('replication')).catch(() => '')).includes('master_link_status:up'), 'the replica follows its master')
    return replica
  }

  async promote (): Promise<void> {
    await this.#ask(async client => await client.replicaof('NO', 'ONE'))
  }

  async close (): Promise<void> {
    this.#process.kill('SIGKILL')
    if (this.#process.exitCode === null && this.#process.signalCode === null) await once(this.#process, 'exit')
    await this.link.close()
  }

  async #ask<T> (ask: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis({ host: '127.0.0.1', port: this.port, maxRetriesPerRequest: 1, retryStrategy: () => null })
    client.on('error', () => {})
    try {
      return await ask(client)
    } finally {
      client.disconnect()
    }
  }
}
