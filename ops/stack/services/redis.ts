import { join } from 'node:path'
import { type Config } from '../../config.ts'
import { type ServiceSpec } from '../service.ts'

/** Redis that never evicts (state would be lost in silence) and appends every write to a file, forced to disk each second. */
export function redisSpec (config: Config, program: { readonly command: string, readonly version: string }): ServiceSpec {
  const { host, ports: { redis: port } } = config
  const dataDir = join(config.dataDir, 'redis')
  const options: Readonly<Record<string, string | number>> = {
    bind: host, port, dir: dataDir, daemonize: 'no', appendonly: 'yes', appendfsync: 'everysec', 'maxmemory-policy': 'noeviction', save: '', 'protected-mode': 'yes'
  }
  return {
    name: 'redis',
    version: program.version,
    host,
    ports: [{ port, setting: 'COMMERCE_REDIS_PORT' }],
    command: program.command,
    args: Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    env: {},
    dataDir,
    files: {},
    health: { kind: 'redis', host, port },
    stopSignal: 'SIGTERM',
    graceMs: 10_000
  }
}
