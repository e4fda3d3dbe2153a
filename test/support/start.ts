import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Test } from 'tap'
import { freePorts, isPortFree } from '../../ops/stack/ports.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { Child, startCommand } from '../fault/child.ts'
import { ensureWatchdog, remove } from './shared-stack.ts'
import { newOwnFolder } from './stack.ts'

const portSettings = [
  'COMMERCE_KAFKA_PORT', 'COMMERCE_KAFKA_CONTROLLER_PORT', 'COMMERCE_REGISTRY_PORT', 'COMMERCE_REDIS_PORT', 'COMMERCE_CLICKHOUSE_PORT',
  'COMMERCE_GATEWAY_PORT', 'COMMERCE_API_PORT', 'COMMERCE_METRICS_PORT'
] as const

/** A data folder and ports of a test's own, in which it runs the start command as a person would. */
export class Machine {
  readonly #folder: string
  readonly #ports: readonly number[]
  #runs = 0

  /** Whatever runs in it has ended when the test has. */
  static async create (t: Test): Promise<Machine> {
    const folder = newOwnFolder()
    ensureWatchdog()
    t.teardown(async () => await remove(folder, () => {}))
    return new Machine(t, folder, await freePorts('127.0.0.1', portSettings.length))
  }

  readonly #test: Test

  private constructor (t: Test, folder: string, ports: readonly number[]) {
    this.#test = t
    this.#folder = folder
    this.#ports = ports
  }

  get summaryFile (): string { return join(this.#folder, 'summary.json') }

  summary (): Summary {
    return JSON.parse(readFileSync(this.summaryFile, 'utf8')) as Summary
  }

  /** `npm start -- args`, or the command that it stands for. */
  start (args: readonly string[], { npm = true }: { readonly npm?: boolean } = {}): Child {
    return this.#run([...npm ? ['npm', 'start', '--'] : startCommand, ...args])
  }

  /** `npm run stack:down` */
  stackDown (): Child {
    return this.#run(['npm', 'run', 'stack:down'])
  }

  #run (command: readonly string[]): Child {
    const settings = { COMMERCE_DATA_DIR: this.#folder, ...Object.fromEntries(portSettings.map((name, at) => [name, String(this.#ports[at])])) }
    const child = new Child(command, settings, join(this.#folder, 'logs', `start-${++this.#runs}`))
    this.#test.teardown(async () => { if (child.isRunning) await child.end() })
    return child
  }

  /** What is still there of the processes that ran here: taken ports, processes that name the folder, pid and lock files. */
  async leftovers (): Promise<readonly string[]> {
    const taken = []
    for (const [at, name] of portSettings.entries()) if (!await isPortFree('127.0.0.1', this.#ports[at] ?? 0)) taken.push(name)
    const files = ['run', 'memory/run'].flatMap(name => namesIn(join(this.#folder, name)).map(file => `${name}/${file}`))
    return [...taken, ...files, ...processesNaming(this.#folder)]
  }
}

function processesNaming (text: string): string[] {
  return namesIn('/proc').filter(name => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap(pid => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return line.includes(text) ? [`${pid} ${line}`] : []
    } catch {
      return []
    }
  })
}

function namesIn (folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
