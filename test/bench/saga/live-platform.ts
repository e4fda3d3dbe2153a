import { type Platform, connectPlatform } from '../../../ops/platform/connect.ts'
import { localEndpoints } from '../../../ops/stack/local.ts'
import { serviceNames } from '../../../ops/stack/stack.ts'
import { Supervisor } from '../../../ops/stack/supervisor.ts'
import { bindRegistry } from '../../../topology/index.ts'
import { startCommand } from '../../fault/child.ts'
import { Site } from '../../fault/site.ts'
import { ensureWatchdog, newOwnFolder, newPorts, remove } from '../../support/shared-stack.ts'

/** The whole platform at work, in a process and services of its own, and connections to it from here. */
export interface LivePlatform extends Platform {
  readonly metricsUrl: string
  /** Process ids: of the platform first, then of each service, in the order of `serviceNames`. */
  readonly pids: readonly number[]
}

/**
 * Starts the platform as `npm start -- --orders 0 --provider local` does, on free ports and a folder of its own; it ends with `close`, or soon
 * after this process. `profileDir`: its CPU profile goes there when it ends.
 */
export async function startPlatform (profileDir: string | undefined, report: (line: string) => void): Promise<LivePlatform> {
  const folder = newOwnFolder()
  ensureWatchdog()
  const site = new Site(folder, await newPorts())
  const close = async (): Promise<void> => {
    await site.close()
    await remove(folder, report)
  }
  try {
    const [node = '', ...program] = startCommand
    const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`, '--cpu-prof-name=platform.cpuprofile']
    const child = site.run([node, ...profile, ...program, '--orders', '0', '--provider', 'local'])
    await child.says(/API: http/)
    const { config } = site
    const platform = await connectPlatform(config, { provider: 'external', reason: '', endpoints: localEndpoints(config), versions: {}, started: [], stop: async () => {} })
    await bindRegistry(platform.registry)
    const supervisor = new Supervisor(folder, config.stack.timeoutMs, report)
    return {
      ...platform,
      metricsUrl: `http://${config.host}:${config.ports.metrics}/metrics`,
      pids: [child.pid ?? 0, ...serviceNames.map(name => supervisor.running(name)?.pid ?? 0)],
      close: async () => {
        await platform.close()
        await close()
      }
    }
  } catch (error) {
    await close()
    throw error
  }
}
