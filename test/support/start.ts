import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Test } from 'tap'
import { type Config } from '../../ops/config.ts'
import { isPortFree } from '../../ops/stack/ports.ts'
import { type Summary } from '../../ops/start/summary.ts'
import { type Child, startCommand } from '../fault/child.ts'
import { Site } from '../fault/site.ts'
import { ensureWatchdog, newOwnFolder, newPorts, portNames, remove, settingsOf } from './shared-stack.ts'

/** A data folder and ports of a test's own, in which it runs the start command as a person would. */
export class Machine {
  readonly #site: Site
  readonly #folder: string
  readonly #test: Test

  /** Whatever runs in it has ended when the test has. */
  static async create (t: Test): Promise<Machine> {
    const folder = newOwnFolder()
    ensureWatchdog()
    t.teardown(async () => await remove(folder, () => {}))
    return new Machine(t, folder, new Site(folder, await newPorts()))
  }

  private constructor (t: Test, folder: string, site: Site) {
    this.#test = t
    this.#folder = folder
    this.#site = site
  }

  get summaryFile (): string { return join(this.#folder, 'summary.json') }

  summary (): Summary {
    return JSON.parse(readFileSync(this.summaryFile, 'utf8')) as Summary
  }

  /** Configuration of what runs in it. */
  get config (): Config { return this.#site.config }

  /** `npm start -- args`, or the command that it stands for, with further settings. */
  start (args: readonly string[], { npm = true, settings = {} }: { readonly npm?: boolean, readonly settings?: Readonly<Record<string, string>> } = {}): Child {
    const environment = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    return this.run([...environment.length === 0 ? [] : ['env', ...environment], ...npm ? ['npm', 'start', '--'] : startCommand, ...args])
  }

  /** `npm run stack:down` */
  stackDown (): Child {
    return this.run(['npm', 'run', 'stack:down'])
  }

  /** Any command, with the settings of the machine. */
  run (command: readonly string[]): Child {
    const child = this.#site.run(command)
    this.#test.teardown(async () => { if (child.isRunning) await child.end() })
    return child
  }

  /** What is still there of the processes that ran here: taken ports, processes that name the folder, pid and lock files. */
  async leftovers (): Promise<readonly string[]> {
    const taken = []
    const settings = settingsOf(this.#site.config)
    for (const name of portNames) if (!await isPortFree('127.0.0.1', Number(settings[name]))) taken.push(name)
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
