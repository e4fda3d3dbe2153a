import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { childEnvironment, loadConfig, type Config, type Overrides } from '../../ops/config.ts'
import { runningContainers, startDocker, stopDocker } from '../../ops/stack/docker.ts'
import { gatherDocker } from '../../ops/stack/facts.ts'
import { startLocal, stopLocal } from '../../ops/stack/local.ts'
import { withLock } from '../../ops/stack/lock-file.ts'
import { stopMemory } from '../../ops/stack/memory.ts'
import { readPidFile, writePidFile } from '../../ops/stack/pid-file.ts'
import { freePorts } from '../../ops/stack/ports.ts'
import { serviceNames, type Report, type ServiceName } from '../../ops/stack/stack.ts'
import { dropLease, liveLeases, takeLease } from './leases.ts'

/** Everything of the stack that tests share, apart from the one a developer works with. */
export const root = resolve(import.meta.dirname, '../../.cache/test-stack')
/** Services that belong to one test: a folder each, with the lease of its owner. */
export const ownRoot = join(root, 'own')
/** Where such a folder is made ready. */
const draftRoot = join(root, 'drafts')

const dataDir = join(root, 'shared')
const leases = join(root, 'leases')
const portsFile = join(dataDir, 'ports.json')
const watchdogPid = join(root, 'watchdog.pid')

/** What every port of the platform is set by, services first, and where the configuration keeps it. */
const portSettings = {
  COMMERCE_KAFKA_PORT: 'kafka',
  COMMERCE_KAFKA_CONTROLLER_PORT: 'kafkaController',
  COMMERCE_REGISTRY_PORT: 'registry',
  COMMERCE_REDIS_PORT: 'redis',
  COMMERCE_CLICKHOUSE_PORT: 'clickhouse',
  COMMERCE_GATEWAY_PORT: 'gateway',
  COMMERCE_API_PORT: 'api',
  COMMERCE_METRICS_PORT: 'metrics'
} as const satisfies Readonly<Record<string, keyof Config['ports']>>
/** The settings, in the order in which `newPorts` gives their ports. */
export const portNames: readonly string[] = Object.keys(portSettings)

/** The second and the third broker, and their controllers. */
const peerPorts = 4

/** Ports that one stack takes. */
export const portCount = portNames.length + peerPorts

/** Settings of a stack of its own kind: its own folder, free ports, and the cache that all stacks share. */
export function stackConfig (folder: string, ports: readonly number[], overrides: Overrides = {}): Config {
  const peers = ports.slice(portNames.length, portNames.length + peerPorts)
  const own = { COMMERCE_DATA_DIR: folder, COMMERCE_KAFKA_PEER_PORTS: peers.join(','), ...Object.fromEntries(portNames.map((name, index) => [name, ports[index]])) }
  return loadConfig({ file: false, overrides: { ...own, ...overrides } })
}

/** The environment in which a process of the platform finds that stack. */
export function settingsOf ({ dataDir, ports }: Config): Readonly<Record<string, string>> {
  return { COMMERCE_DATA_DIR: dataDir, ...Object.fromEntries(Object.entries(portSettings).map(([name, key]) => [name, String(ports[key])])) }
}

export async function newPorts (): Promise<readonly number[]> {
  return await freePorts('127.0.0.1', portCount)
}

/** A folder that is seen by the watchdog only once it has the lease of this process: without one it would be taken for left over. */
export function newOwnFolder (): string {
  const id = randomUUID()
  takeLease(join(draftRoot, id, 'leases'), process.pid)
  mkdirSync(ownRoot, { recursive: true })
  renameSync(join(draftRoot, id), join(ownRoot, id))
  return join(ownRoot, id)
}

/** Makes the shared services run, by that provider, for `user` (and all its children) until that process has ended. */
export async function acquireShared (names: readonly ServiceName[], provider: 'local' | 'docker', user: number, report: Report): Promise<Config> {
  return await guarded(async () => {
    const fresh = liveLeases(leases).length === 0
    takeLease(leases, user)
    ensureWatchdog()
    if (fresh) await clear(report)
    const config = stackConfig(dataDir, await sharedPorts())
    await (provider === 'docker' ? startDocker : startLocal)(names, config, report)
    return config
  })
}

/** Ends the lease of `user`; with the last one, every shared service and every service left over by a dead test. */
export async function releaseShared (user: number, report: Report): Promise<void> {
  if (!existsSync(root)) return
  await guarded(async () => {
    dropLease(leases, user)
    await sweep(report)
  })
}

/** Ends what nobody uses any more. Returns true while somebody uses something. */
export async function sweep (report: Report): Promise<boolean> {
  for (const folder of existsSync(ownRoot) ? readdirSync(ownRoot).map(name => join(ownRoot, name)) : []) {
    if (liveLeases(join(folder, 'leases')).length === 0) await remove(folder, report)
  }
  if (liveLeases(leases).length > 0) return true
  await clear(report)
  return existsSync(ownRoot) && readdirSync(ownRoot).length > 0
}

/** One at a time over all test processes and the watchdog. */
export async function guarded<T> (work: () => Promise<T>): Promise<T> {
  return await withLock(join(root, 'test.lock'), { waitMs: 20 * 60_000 }, work)
}

/** Ends the services of a stack folder, those of a run in memory too, and deletes it. */
export async function remove (folder: string, report: Report): Promise<void> {
  if (!existsSync(folder)) return
  const config = stackConfig(folder, [])
  await stopMemory(config, report)
  await stopLocal(serviceNames, config, report)
  rmSync(folder, { recursive: true, force: true })
}

/** Starts the process that ends everything once the last user is gone, unless it runs. */
export function ensureWatchdog (): void {
  if (readPidFile(watchdogPid) !== undefined) return
  mkdirSync(root, { recursive: true })
  const child = spawn(process.execPath, [join(import.meta.dirname, 'stack-watchdog.ts')], { env: childEnvironment(), detached: true, stdio: 'ignore' })
  child.unref()
  if (child.pid !== undefined) writePidFile(watchdogPid, { pid: child.pid, fingerprint: '', startedAtMs: Date.now(), stopSignal: 'SIGTERM', graceMs: 1000 })
}

async function clear (report: Report): Promise<void> {
  if (!existsSync(dataDir)) return
  const config = stackConfig(dataDir, [])
  if ((await gatherDocker()).docker !== undefined && (await runningContainers(config)).size > 0) await stopDocker(config, report, true)
  await remove(dataDir, report)
}

/** The ports of the shared stack: chosen by the first user, kept until the last one has gone. */
async function sharedPorts (): Promise<readonly number[]> {
  if (existsSync(portsFile)) return JSON.parse(readFileSync(portsFile, 'utf8')) as number[]
  const ports = await newPorts()
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(portsFile, JSON.stringify(ports))
  return ports
}
