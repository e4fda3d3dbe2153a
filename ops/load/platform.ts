import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, childEnvironment, loadConfig } from '../config.ts'
import { OpsError } from '../errors.ts'
import { ensureStack } from '../stack/ensure.ts'
import { leash } from '../stack/leash.ts'
import { freePorts } from '../stack/ports.ts'
import { type Report, processNames } from '../stack/stack.ts'
import { Supervisor, lastLine } from '../stack/supervisor.ts'

/** Ports that a platform of its own takes. */
const portSettings = [
  'COMMERCE_KAFKA_PORT', 'COMMERCE_KAFKA_CONTROLLER_PORT', 'COMMERCE_REGISTRY_PORT', 'COMMERCE_REDIS_PORT', 'COMMERCE_CLICKHOUSE_PORT', 'COMMERCE_GATEWAY_PORT',
  'COMMERCE_API_PORT', 'COMMERCE_METRICS_PORT'
] as const

const startFile = resolve(import.meta.dirname, '../start.ts')

/** How long a process may take until it works, ms. */
const startMs = 90_000

/** A platform for a load test: services, processors, sink and API in processes of their own, as they are deployed, with the limits on requests lifted. */
export interface LoadPlatform {
  readonly config: Config
  /** The environment in which its processes run. */
  readonly settings: Readonly<Record<string, string>>
  /** Its processes and those of its services, by name. */
  readonly pids: Readonly<Record<string, number>>
  /** Ends the processes, then the services. */
  close (): Promise<void>
}

/** Starts it in an empty folder, with further settings. What was started has ended when it rejects. */
export async function startPlatform (folder: string, more: Readonly<Record<string, string>>, report: Report): Promise<LoadPlatform> {
  const ports = await freePorts('127.0.0.1', portSettings.length)
  const settings = {
    COMMERCE_DATA_DIR: folder,
    COMMERCE_PROFILE: 'load',
    // The customers of a load test order as fast as may be, and nobody is there to look at it.
    COMMERCE_RISK_ACTIVITY_LIMIT: '0',
    COMMERCE_RECONCILE_MS: '0',
    COMMERCE_LOG_LEVEL: 'warn',
    ...Object.fromEntries(portSettings.map((name, index) => [name, String(ports[index])])),
    ...more
  }
  const config = loadConfig({ overrides: settings })
  const stack = await ensureStack({ config, report })
  const children: ChildProcess[] = []
  const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, () => {})
  const pids = new Map(processNames.map(name => [name as string, supervisor.running(name)?.pid]))
  const close = async (): Promise<void> => {
    await Promise.all(children.toReversed().map(endChild))
    await stack.stop()
  }
  try {
    for (const role of ['provision', 'processor', 'sink', 'api'] as const) {
      // Each process has metrics; those of the API are at the port of the configuration.
      const [own = 0] = role === 'api' ? [config.ports.metrics] : await freePorts('127.0.0.1', 1)
      const child = await startRole(role, folder, { ...settings, COMMERCE_METRICS_PORT: String(own) })
      if (role === 'provision') continue
      children.push(child)
      pids.set(role, child.pid)
    }
    return { config, settings, pids: Object.fromEntries([...pids].flatMap(([name, pid]) => pid === undefined ? [] : [[name, pid]])), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Resolves when it works; of provisioning, when it is done. */
async function startRole (role: 'provision' | 'processor' | 'sink' | 'api', folder: string, settings: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const log = join(folder, 'logs', `${role}.log`)
  mkdirSync(join(folder, 'logs'), { recursive: true })
  const file = openSync(log, 'w')
  // A session of its own, as each service has one: Linux shares the cores out among sessions (autogroup), and k6 shall not take the share of the API.
  const child = spawn(process.execPath, [startFile, '--role', role], { env: { ...childEnvironment(), ...settings }, stdio: ['ignore', file, file], detached: true })
  leash(child, true)
  closeSync(file)
  const failed = (problem: string): OpsError => new OpsError('OPS_LOAD_FAILED', { problem: `${role} ${problem}: ${lastLine(readFileSync(log, 'utf8'))} (${log})` })
  const says = role === 'api' ? /^API: /m : /^processors: /m
  for (const deadline = Date.now() + startMs; ; await sleep(100)) {
    if (child.exitCode !== null) {
      if (role === 'provision' && child.exitCode === 0) return child
      throw failed(`ended with ${child.exitCode}`)
    }
    if (role !== 'provision' && says.test(readFileSync(log, 'utf8'))) return child
    if (Date.now() > deadline) {
      await endChild(child)
      throw failed(`did not work within ${startMs / 1000} s`)
    }
  }
}

async function endChild (child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
