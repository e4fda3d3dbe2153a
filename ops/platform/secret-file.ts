import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Reads a secret of `bytes` random bytes (base64 in a file only its owner may read), or makes it when there is none. Two processes
 * that start at once agree: the file appears whole, and the first one wins.
 */
export async function loadOrCreateSecret (file: string, bytes: number): Promise<Buffer> {
  const found = await readSecret(file, bytes)
  if (found !== undefined) return found
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${randomBytes(bytes).toString('base64')}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  // link fails where the file exists by now: then the other process's secret counts.
  await link(draft, file).catch((error: NodeJS.ErrnoException) => { if (error.code !== 'EEXIST') throw error })
  await unlink(draft)
  return await readSecret(file, bytes) as Buffer
}

async function readSecret (file: string, bytes: number): Promise<Buffer | undefined> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const secret = Buffer.from(text.trim(), 'base64')
  if (secret.length !== bytes) throw new RangeError(`${file} holds ${secret.length} bytes, not ${bytes} (base64)`)
  return secret
}
