import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { generateTokenKey } from '../api/index.ts'

/** The private key (JWK) that signs access tokens. */
export type TokenKey = Awaited<ReturnType<typeof generateTokenKey>>

/**
 * Reads the key that signs tokens, or makes it when there is none; only its owner may read the file. Two processes that start at
 * once agree: the file appears whole, and the first one wins.
 *
 * @throws {Error} when the file is there and holds no private Ed25519 key.
 */
export async function loadTokenKey (file: string): Promise<TokenKey> {
  const found = await readKey(file)
  if (found !== undefined) return found
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, `${JSON.stringify(await generateTokenKey())}\n`, { flag: 'wx', mode: 0o600 })
  await link(draft, file).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
  await unlink(draft)
  return await readKey(file) as TokenKey
}

async function readKey (file: string): Promise<TokenKey | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const key = parsed(text)
  if (key?.kty !== 'OKP' || key.crv !== 'Ed25519' || typeof key.d !== 'string') throw new Error(`${file} holds no private Ed25519 key (JWK)`)
  return key
}

function parsed (text: string): TokenKey | undefined {
  try {
    return JSON.parse(text) as TokenKey
  } catch {
    return undefined
  }
}
