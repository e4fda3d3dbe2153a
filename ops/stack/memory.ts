import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { startLocal, stopLocal } from './local.ts'
import { readPidFile, writePidFile } from './pid-file.ts'
import { serviceNames, type ProcessName, type Report, type Running, type ServiceName } from './stack.ts'

/** The services that are processes even then; the others are objects inside the platform's process. */
const processes: readonly ServiceName[] = ['clickhouse', 'gateway']

/**
 * Starts what cannot live inside the process, on empty data that is deleted at the end. What a killed run left behind is
 * removed first.
 *
 * @throws {OpsError} OPS_STACK_BUSY while another process runs on the memory provider in this data folder; otherwise as startLocal.
 */
export async function startMemory (names: readonly ServiceName[], config: Config, report: Report, signal?: AbortSignal): Promise<Running> {
  const owned = memoryConfig(config)
  const ownerFile = join(owned.dataDir, 'run', 'owner.pid')
  const owner = readPidFile(ownerFile)
  if (owner !== undefined) throw new OpsError('OPS_STACK_BUSY', { pid: owner.pid, path: owned.dataDir })
  await stopMemory(config, report)
  writePidFile(ownerFile, { pid: process.pid, fingerprint: '', startedAtMs: Date.now(), stopSignal: 'SIGTERM', graceMs: 0 })
  try {
    const running = await startLocal(names.filter(name => processes.includes(name)), owned, report, signal)
    return { ...running, stop: async () => { await stopMemory(config, report) } }
  } catch (error) {
    rmSync(owned.dataDir, { recursive: true, force: true })
    throw error
  }
}

/** Ends the processes of the memory provider, whoever started them, and deletes their data. Returns what did run. */
export async function stopMemory (config: Config, report: Report): Promise<readonly ProcessName[]> {
  const owned = memoryConfig(config)
  const ended = await stopLocal(serviceNames, owned, report)
  rmSync(owned.dataDir, { recursive: true, force: true })
  return ended
}

function memoryConfig (config: Config): Config {
  return { ...config, provider: 'memory', dataDir: join(config.dataDir, 'memory') }
}
