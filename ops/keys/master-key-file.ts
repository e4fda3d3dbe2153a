import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { type MasterKey, masterKeyOf } from '../../topology/privacy/local-master-keys.ts'
import { OpsError } from '../errors.ts'
import { loadOrCreateSecret } from '../platform/secret-file.ts'
import { withLock } from '../stack/lock-file.ts'

/**
 * The master keys in a file that only its owner may read, oldest first: one key in base64, as it is made, or one a line while it is rotated.
 * Makes one when there is none.
 *
 * @throws {RangeError} when the file holds something else.
 */
export async function readMasterKeys (file: string): Promise<readonly MasterKey[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (text === undefined) return [masterKeyOf(await loadOrCreateSecret(file, 32))]
  const keys = text.trim().split('\n').map(line => Buffer.from(line.trim(), 'base64'))
  if (keys.some(({ length }) => length !== 32)) throw new RangeError(`${file} holds something that is no key: 32 bytes in base64 a line`)
  return keys.map(masterKeyOf)
}

/** Adds a master key, which wraps from now on; the one before still opens. Answers its id. @throws {OpsError} OPS_MASTER_KEY_ROTATING when there are two */
export async function addMasterKey (file: string): Promise<string> {
  return await change(file, keys => {
    if (keys.length > 1) throw new OpsError('OPS_MASTER_KEY_ROTATING', { file })
    return [...keys, masterKeyOf(randomBytes(32))]
  })
}

/** Drops all master keys but the newest. Answers its id. Whoever calls has made sure that no data key needs them. */
export async function dropOldMasterKeys (file: string): Promise<string> {
  return await change(file, keys => keys.slice(-1))
}

/** Puts older master keys back, before the newest: a data key turned up that needs one. */
export async function restoreMasterKeys (file: string, older: readonly MasterKey[]): Promise<void> {
  await change(file, keys => [...older.filter(({ id }) => !keys.some(key => key.id === id)), ...keys])
}

async function change (file: string, decide: (keys: readonly MasterKey[]) => readonly MasterKey[]): Promise<string> {
  return await withLock(`${file}.lock`, { waitMs: 10_000 }, async () => {
    const keys = decide(await readMasterKeys(file))
    const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
    await writeFile(draft, keys.map(({ bytes }) => `${bytes.toString('base64')}\n`).join(''), { flag: 'wx', mode: 0o600, flush: true })
    await rename(draft, file)
    return keys.at(-1)?.id ?? ''
  })
}
