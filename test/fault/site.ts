import { join } from 'node:path'
import { type Config } from '../../ops/config.ts'
import { localSpecs, startLocal, stopLocal } from '../../ops/stack/local.ts'
import { type ServiceName, serviceNames } from '../../ops/stack/stack.ts'
import { Supervisor } from '../../ops/stack/supervisor.ts'
import { settingsOf, stackConfig } from '../support/shared-stack.ts'
import { Child, startCommand } from './child.ts'

const ignore = (): void => {}

/** A data folder and ports in which commands run as a person would run them: each starts the services it needs, if they are not there. */
export class Site {
  readonly config: Config
  readonly #supervisor: Supervisor
  readonly #children = new Set<Child>()

  /** `ports`: as `newPorts` gives them. */
  constructor (folder: string, ports: readonly number[]) {
    this.config = stackConfig(folder, ports)
    this.#supervisor = new Supervisor(folder, this.config.stack.timeoutMs, ignore)
  }

  /** `npm start -- args`, but for npm. */
  start (args: readonly string[]): Child {
    return this.run([...startCommand, ...args])
  }

  /** Any command, with the settings of the site. */
  run (command: readonly string[]): Child {
    const child = new Child(command, { ...settingsOf(this.config), COMMERCE_CARRIER_PICKUP_MS: '1000' }, join(this.config.dataDir, 'logs', `start-${this.#children.size + 1}`))
    this.#children.add(child)
    return child
  }

  /**
   * SIGKILL of everything at once, as when the power fails: the command with its children, broker, registry, Redis, ClickHouse and
   * the gateway. Resolves with the services that ran when all are gone.
   */
  async killEverything (child: Child): Promise<readonly ServiceName[]> {
    const running = serviceNames.filter(name => this.#supervisor.running(name) !== undefined)
    child.signal('SIGKILL')
    await Promise.all([child.ended, ...running.map(async name => await this.#supervisor.kill(name))])
    return running
  }

  /** SIGKILL of one service; resolves when it is gone. */
  async killService (name: ServiceName): Promise<void> {
    await this.#supervisor.kill(name)
  }

  /** Starts a service that was killed; resolves when it is healthy. It runs until the site is closed. */
  async startService (name: ServiceName): Promise<void> {
    for (const spec of await localSpecs(name, this.config, ignore)) await this.#supervisor.ensure(spec)
  }

  /** Runs some of the services while `work` does, for a look at what they hold; those that run already are left as they are. */
  async withServices<T> (names: readonly ServiceName[], work: () => Promise<T>): Promise<T> {
    const running = await startLocal(names, this.config, ignore)
    try {
      return await work()
    } finally {
      await running.stop()
    }
  }

  /** Ends the commands, then the services. */
  async close (): Promise<void> {
    await Promise.all([...this.#children].filter(child => child.isRunning).map(async child => await child.end()))
    await stopLocal(serviceNames, this.config, ignore)
  }
}
