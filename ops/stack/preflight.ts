import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { kafkaNodeCount } from './services/kafka.ts'
import { type ServiceName } from './stack.ts'

const MB = 1_048_576

/** Memory that each service takes beyond its Java heap, MB; measured on Linux x64, rounded up. */
const residentMb: Readonly<Record<ServiceName, number>> = { kafka: 150, registry: 120, redis: 50, clickhouse: 500, gateway: 80 }
/** Disk that each program takes in the cache folder and in Maven's repository, MB. */
const programMb: Readonly<Record<ServiceName, number>> = { kafka: 130, registry: 450, redis: 40, clickhouse: 0, gateway: 0 }
/** Disk that a first run needs for its data, MB. */
const dataMb = 300

/** Memory that these services need, MB. Half of a heap counts: the rest is a limit that small loads never reach. */
export function neededMemoryMb (names: readonly ServiceName[], config: Config): number {
  const heaps: Readonly<Record<string, number>> = { kafka: config.stack.kafkaHeapMb / 2, registry: config.stack.registryHeapMb / 2 }
  const count = (name: ServiceName): number => name === 'kafka' ? kafkaNodeCount(config) : 1
  return Math.round(names.reduce((sum, name) => sum + count(name) * (residentMb[name] + (heaps[name] ?? 0)), 0))
}

/** Disk that has to be downloaded into for these services, MB. */
export function neededProgramMb (names: readonly ServiceName[], cached: ReadonlySet<ServiceName>): number {
  return names.filter(name => !cached.has(name)).reduce((sum, name) => sum + programMb[name], 0)
}

/** Free space of the disk that a path lies on or will lie on, MB. */
export async function freeDiskMb (path: string): Promise<number> {
  let at = path
  while (!existsSync(at)) at = dirname(at)
  const { bavail, bsize } = await statfs(at)
  return Math.floor(bavail * bsize / MB)
}

/** Memory that the system or the container can still give, MB. */
export function availableMemoryMb (): number {
  return Math.floor(process.availableMemory() / MB)
}

/**
 * Refuses to start what cannot finish starting.
 *
 * @throws {OpsError} OPS_MEMORY_LOW or OPS_DISK_LOW.
 */
export async function requireRoom (names: readonly ServiceName[], config: Config, cached: ReadonlySet<ServiceName>): Promise<void> {
  const [neededMb, availableMb] = [neededMemoryMb(names, config), availableMemoryMb()]
  if (availableMb < neededMb) throw new OpsError('OPS_MEMORY_LOW', { availableMb, neededMb, services: names.join(', ') })
  const downloads = neededProgramMb(names, cached)
  if (downloads > 0) await requireDisk(config.cacheDir, downloads, 'the programs of the stack')
  await requireDisk(config.dataDir, dataMb, 'the data of the stack')
}

async function requireDisk (path: string, neededMb: number, purpose: string): Promise<void> {
  const freeMb = await freeDiskMb(path)
  if (freeMb < neededMb) throw new OpsError('OPS_DISK_LOW', { freeMb, neededMb, path, purpose })
}
