import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { OpsError } from '../errors.ts'

/**
 * Makes the data folder and checks that this process may write into it. Level by level: a recursive mkdir never returns on some
 * file systems that refuse new folders.
 *
 * @throws {OpsError} OPS_DATA_DIR_UNUSABLE naming the folder and what is wrong with it.
 */
export async function ensureDataFolder (path: string): Promise<void> {
  try {
    await makeFolder(path)
    await access(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new OpsError('OPS_DATA_DIR_UNUSABLE', { path, problem: error instanceof Error ? error.message : String(error) }, error)
  }
}

async function makeFolder (path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() === true) return
  if (found !== undefined) throw new Error('it is not a folder')
  if (dirname(path) !== path) await makeFolder(dirname(path))
  await mkdir(path).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
}
