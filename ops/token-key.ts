import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type StoredKey, type TokenKeys, generateTokenKey, keyLeadS, openTokenKeys, rotateKeys, tokenKeyId } from '../api/index.ts'
import { type Config } from './config.ts'
import { OpsError } from './errors.ts'
import { withLock } from './stack/lock-file.ts'

/**
 * Reads the keys that sign tokens, or makes one when there is none; only its owner may read the file. Two processes that start at
 * once agree: the file appears whole, and the first one wins. A file with one key, without a set around it, is read as well.
 *
 * @throws {Error} when the file is there and holds something else than private Ed25519 keys.
 */
export async function loadTokenKeys (file: string): Promise<readonly StoredKey[]> {
  const found = await readKeys(file)
  if (found !== undefined) return found
  await mkdir(dirname(file), { recursive: true })
  const draft = await writeDraft(file, [await generateTokenKey()])
  await link(draft, file).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
  await unlink(draft)
  return await readKeys(file) as readonly StoredKey[]
}

/** The keys of the configuration, for a process that signs or verifies. */
export async function openConfiguredKeys ({ token }: Pick<Config, 'token'>, onError?: (error: unknown) => void): Promise<TokenKeys> {
  const read = async (): Promise<readonly StoredKey[]> => await loadTokenKeys(token.keyFile)
  return await openTokenKeys({ read, clock: { now: Date.now }, ttlS: token.ttlS, ...(onError === undefined ? {} : { onError }) })
}

/**
 * Makes a new key, which signs a minute later: by then everybody who verifies knows it. The one before counts until its last token has
 * expired. Returns when the new one signs, epoch seconds.
 *
 * @throws {OpsError} OPS_KEY_ROTATING while tokens of the key before the last are alive.
 */
export async function rotateTokenKey ({ token }: Pick<Config, 'token'>, nowS = Math.floor(Date.now() / 1000)): Promise<number> {
  const { keyFile: file, ttlS } = token
  return await withLock(`${file}.lock`, { waitMs: 10_000 }, async () => {
    const rotated = rotateKeys(await loadTokenKeys(file), await generateTokenKey(), nowS, ttlS)
    if (rotated === undefined) throw new OpsError('OPS_KEY_ROTATING', { file, seconds: ttlS + keyLeadS })
    await rename(await writeDraft(file, rotated), file)
    return rotated.at(-1)?.activeFromS ?? nowS
  })
}

async function writeDraft (file: string, keys: readonly StoredKey[]): Promise<string> {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify({ keys })}\n`, { flag: 'wx', mode: 0o600 })
  return draft
}

async function readKeys (file: string): Promise<readonly StoredKey[] | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const keys = parsed(text)
  const isGood = keys.length > 0 && keys.every(({ kty, crv, d, x }) => kty === 'OKP' && crv === 'Ed25519' && typeof d === 'string' && typeof x === 'string')
  if (!isGood) throw new Error(`${file} holds no private Ed25519 key (JWK)`)
  return await Promise.all(keys.map(async key => ({ ...key, kid: key.kid ?? await tokenKeyId(key), activeFromS: key.activeFromS ?? 0 }) as StoredKey))
}

function parsed (text: string): ReadonlyArray<Partial<StoredKey>> {
  try {
    const value = JSON.parse(text) as { readonly keys?: ReadonlyArray<Partial<StoredKey>> } & Partial<StoredKey>
    return Array.isArray(value.keys) ? value.keys as ReadonlyArray<Partial<StoredKey>> : [value]
  } catch {
    return []
  }
}
