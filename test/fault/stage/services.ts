import { setTimeout as sleep } from 'node:timers/promises'
import { type Config } from '../../../ops/config.ts'
import { localSpecs, stopLocal } from '../../../ops/stack/local.ts'
import { type ServiceSpec } from '../../../ops/stack/service.ts'
import { type Report, type ServiceName, serviceNames } from '../../../ops/stack/stack.ts'
import { Supervisor } from '../../../ops/stack/supervisor.ts'
import { Proxy } from '../net/proxy.ts'
import { withSecondDoor } from './second-door.ts'

/** A network in front of each service. */
export type Doors = Readonly<Record<ServiceName, Proxy>>

/** Ports that doors take: one a service, and the second one of the broker. */
export const doorCount = serviceNames.length + 1

/** Real services, each behind a proxy, that can be killed, frozen and started anew one by one. */
export class Services {
  readonly doors: Doors
  readonly config: Config
  readonly versions: Readonly<Record<string, string>>
  readonly #specs: ReadonlyMap<ServiceName, ServiceSpec>
  readonly #supervisor: Supervisor
  #isClosed = false

  private constructor (config: Config, specs: ReadonlyMap<ServiceName, ServiceSpec>, doors: Doors, supervisor: Supervisor) {
    this.config = config
    this.doors = doors
    this.#specs = specs
    this.#supervisor = supervisor
    this.versions = Object.fromEntries([...specs].map(([name, { version }]) => [name, version]))
  }

  /** Starts all of them. `others`: `doorCount` ports beside those of the configuration. What was started has ended when it rejects. */
  static async open (config: Config, others: readonly number[], report: Report): Promise<Services> {
    const { host, ports } = config
    const [second = 0, ...doorPorts] = others
    const doors = {} as Record<ServiceName, Proxy>
    const specs = new Map<ServiceName, ServiceSpec>()
    for (const [at, name] of serviceNames.entries()) {
      const [spec] = await localSpecs(name, config, report)
      if (spec === undefined) throw new Error(`there is no way to run ${name}`)
      const port = doorPorts[at] ?? 0
      specs.set(name, name === 'kafka' ? withSecondDoor(spec, { host, port: second, advertised: port }) : spec)
      doors[name] = await Proxy.open({ port, target: name === 'kafka' ? second : ports[name], ...name === 'kafka' ? { framing: 'kafka' } : {} })
    }
    const services = new Services(config, specs, doors, new Supervisor(config.dataDir, config.stack.timeoutMs, () => {}))
    try {
      const starts = await Promise.allSettled(serviceNames.map(async name => await services.start(name)))
      for (const start of starts) if (start.status === 'rejected') throw start.reason
      return services
    } catch (error) {
      await services.close()
      throw error
    }
  }

  spec (name: ServiceName): ServiceSpec {
    const spec = this.#specs.get(name)
    if (spec === undefined) throw new Error(`there is no ${name}`)
    return spec
  }

  /** Starts it, as it is or in another way; resolves when it is healthy. The port of a killed process may take a moment to be free. */
  async start (name: ServiceName, as: (spec: ServiceSpec) => ServiceSpec = spec => spec): Promise<void> {
    if (this.#isClosed) throw new Error(`${name} is not started: the stage is closed`)
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#supervisor.ensure(as(this.spec(name)))
        return
      } catch (error) {
        if (attempt === 20 || (error as { readonly code?: unknown }).code !== 'OPS_PORT_IN_USE') throw error
        await sleep(200)
      }
    }
  }

  async kill (name: ServiceName): Promise<void> { await this.#supervisor.kill(name) }
  async stop (name: ServiceName): Promise<void> { await this.#supervisor.stop(name) }

  isRunning (name: ServiceName): boolean { return this.#supervisor.running(name) !== undefined }

  /** SIGSTOP or SIGCONT. */
  signal (name: ServiceName, signal: NodeJS.Signals): void {
    const pid = this.#supervisor.running(name)?.pid
    if (pid !== undefined) process.kill(pid, signal)
  }

  logFile (name: ServiceName): string { return this.#supervisor.logFile(name) }

  async close (): Promise<void> {
    this.#isClosed = true
    for (const name of serviceNames) this.signal(name, 'SIGCONT')
    await stopLocal(serviceNames, this.config, () => {})
    await Promise.all(Object.values(this.doors).map(async door => await door.close()))
  }
}
