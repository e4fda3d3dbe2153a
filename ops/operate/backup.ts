import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { withLock } from '../stack/lock-file.ts'
import { processNames } from '../stack/stack.ts'
import { Supervisor } from '../stack/supervisor.ts'

/** What a backup holds: the log, schema ids, analytics, the books of the embedded gateway, keys, and what runs remember. Redis is rebuilt from the log. */
export const backedUp = ['kafka', 'kafka-2', 'kafka-3', 'registry', 'clickhouse', 'gateway', 'keys', 'runs'] as const

/** Every file of a backup by its path, with size and SHA-256. */
export interface Manifest {
  readonly createdAt: string
  readonly files: Readonly<Record<string, { readonly bytes: number, readonly sha256: string }>>
}

const manifestName = 'manifest.json'

/**
 * Copies the data of a stack that is down into a new folder. A folder that has its manifest is whole.
 *
 * @throws {OpsError} OPS_BACKUP_RUNNING while a service runs, OPS_BACKUP_FOLDER for a folder that is there, or data that is not.
 */
export async function backUp (config: Config, folder: string): Promise<Manifest> {
  return await atRest(config, async () => {
    if (existsSync(folder)) throw new OpsError('OPS_BACKUP_FOLDER', { path: folder, problem: 'is there already' })
    const files: Record<string, Manifest['files'][string]> = {}
    for (const path of await filesOf(config.dataDir)) {
      await copyTo(join(config.dataDir, path), join(folder, path))
      files[path] = await factsOf(join(folder, path))
    }
    if (Object.keys(files).length === 0) throw new OpsError('OPS_BACKUP_FOLDER', { path: config.dataDir, problem: 'holds no data of a stack' })
    const manifest = { createdAt: new Date().toISOString(), files }
    await writeFile(join(folder, manifestName), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 })
    return manifest
  })
}

/**
 * Copies a backup into a data folder that holds none of this. All files are checked first; a folder that is half restored is taken away again.
 *
 * @throws {OpsError} OPS_BACKUP_RUNNING, OPS_BACKUP_FOLDER for a data folder that is in use, OPS_BACKUP_DAMAGED naming the first file that is not what it was.
 */
export async function restore (config: Config, folder: string): Promise<Manifest> {
  return await atRest(config, async () => {
    const taken = [...backedUp, 'redis'].find(name => existsSync(join(config.dataDir, name)))
    if (taken !== undefined) throw new OpsError('OPS_BACKUP_FOLDER', { path: join(config.dataDir, taken), problem: 'is there already' })
    const manifest = await checkedManifest(folder)
    try {
      for (const path of Object.keys(manifest.files)) await copyTo(join(folder, path), join(config.dataDir, path))
    } catch (error) {
      for (const name of backedUp) await rm(join(config.dataDir, name), { recursive: true, force: true })
      throw error
    }
    return manifest
  })
}

/** Nothing of the stack runs, and nothing is started meanwhile. */
async function atRest<T> (config: Config, work: () => Promise<T>): Promise<T> {
  await mkdir(join(config.dataDir, 'run'), { recursive: true })
  return await withLock(join(config.dataDir, 'run', 'stack.lock'), { waitMs: 10_000 }, async () => {
    const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, () => {})
    const running = processNames.find(name => supervisor.running(name) !== undefined)
    if (running !== undefined) throw new OpsError('OPS_BACKUP_RUNNING', { service: running })
    return await work()
  })
}

/** Files of the data folder that belong into a backup, as relative paths. */
async function filesOf (dataDir: string): Promise<string[]> {
  const files: string[] = []
  for (const name of backedUp) {
    const folder = join(dataDir, name)
    if (!existsSync(folder)) continue
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) files.push(join(entry.parentPath, entry.name).slice(dataDir.length + 1))
    }
  }
  return files.sort()
}

function manifestOf (text: string): Manifest | undefined {
  try {
    const manifest = JSON.parse(text) as Manifest | null
    return typeof manifest?.files === 'object' ? manifest : undefined
  } catch {
    return undefined
  }
}

async function checkedManifest (folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, manifestName), 'utf8').catch(() => undefined)
  if (text === undefined) throw new OpsError('OPS_BACKUP_DAMAGED', { path: folder, problem: `${manifestName} is missing: the backup was not finished` })
  const manifest = manifestOf(text)
  if (manifest === undefined) throw new OpsError('OPS_BACKUP_DAMAGED', { path: folder, problem: `${manifestName} is not what was written` })
  for (const [path, wanted] of Object.entries(manifest.files)) {
    const found = existsSync(join(folder, path)) ? await factsOf(join(folder, path)) : undefined
    if (found?.sha256 !== wanted.sha256 || found.bytes !== wanted.bytes) {
      throw new OpsError('OPS_BACKUP_DAMAGED', { path: folder, problem: `${path} ${found === undefined ? 'is missing' : 'is not what was copied'}` })
    }
  }
  return manifest
}

async function factsOf (file: string): Promise<Manifest['files'][string]> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return { bytes: (await stat(file)).size, sha256: hash.digest('hex') }
}

/** Appears whole or not at all. */
async function copyTo (from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  await copyFile(from, `${to}.part`)
  await rename(`${to}.part`, to)
}
