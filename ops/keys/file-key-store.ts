import { createHash, randomBytes } from 'node:crypto'
import { type FileHandle, link, mkdir, open, readFile, readdir, rename, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { digestOf } from '../../topology/privacy/digest.ts'
import { type DestroyedKey, type KeyRow, type KeyStore, KeysUnavailable, type WrappedKey } from '../../topology/privacy/key-store.ts'

/** A file as it is written: one line of JSON. */
type Line =
  | { readonly keyId: string, readonly masterKeyId: string, readonly wrapped: string }
  | { readonly keyId: string, readonly destroyedAt: number, readonly digest: string | null }

/**
 * A key store in a folder, one file a key, which only its owner may read; several processes may use it, over a shared file system as well. Files
 * appear whole: they are drafted, synced and linked.
 *
 * A key is destroyed by a second file, `.gone`, which wins over the first from the moment it is there; then the key's bytes are overwritten and its file is
 * removed. Whoever writes a key looks for `.gone` afterwards and takes his file back: whatever the order, none stays. A file system that never writes in
 * place (SSDs, snapshots) may keep old blocks: those hold wrapped keys only, and retiring the master key makes them worthless.
 */
export function createFileKeyStore (folder: string): KeyStore {
  return {
    read: async keyId => await guarded(async () => await readRow(folder, keyId)),
    create: async (keyId, key) => await guarded(async () => {
      const found = await readRow(folder, keyId)
      if (found !== undefined) return found
      const { live, gone, shard } = placesOf(folder, keyId)
      await mkdir(shard, { recursive: true, mode: 0o700 })
      const draft = await writeDraft(live, lineOf(keyId, key))
      // Fails where the file exists by now: then the other one's key counts.
      await link(draft, live).catch(ignore('EEXIST'))
      await unlink(draft)
      await syncFolder(shard)
      if (await readLine(gone) !== undefined) await shred(live)
      const row = await readRow(folder, keyId)
      if (row === undefined) throw new KeysUnavailable('a key was stored and is not there')
      return row
    }),
    rewrap: async (keyId, key) => {
      await guarded(async () => {
        const { live, gone, shard } = placesOf(folder, keyId)
        if ((await readRow(folder, keyId))?.kind !== 'live') return
        const before = await open(live, 'r+').catch(ignore('ENOENT'))
        if (before === undefined) return
        try {
          await rename(await writeDraft(live, lineOf(keyId, key)), live)
          await overwrite(before)
        } finally {
          await before.close()
        }
        await syncFolder(shard)
        if (await readLine(gone) !== undefined) await shred(live)
      })
    },
    destroy: async (keyId, nowMs) => await guarded(async () => await destroy(folder, keyId, nowMs)),
    list: () => listRows(folder)
  }
}

async function destroy (folder: string, keyId: string, nowMs: number): Promise<DestroyedKey> {
  const { live, gone, shard, name } = placesOf(folder, keyId)
  await mkdir(shard, { recursive: true, mode: 0o700 })
  const before = await readRow(folder, keyId)
  const remains = (await readdir(shard)).filter(file => file.startsWith(`${name}.key`))
  if (before?.kind === 'destroyed' && remains.length === 0) return { destroyedAt: before.destroyedAt, digest: before.digest }
  if (before?.kind !== 'destroyed') {
    const line: Line = { keyId, destroyedAt: nowMs, digest: before === undefined ? null : digestOf(before.key) }
    const draft = await writeDraft(gone, line)
    await link(draft, gone).catch(ignore('EEXIST'))
    await unlink(draft)
    await syncFolder(shard)
  }
  // Drafts of a process that died in the middle hold a copy of the key.
  for (const file of await readdir(shard)) if (file.startsWith(`${name}.key`)) await shred(join(shard, file))
  await shred(live)
  await syncFolder(shard)
  const row = await readRow(folder, keyId)
  if (row?.kind !== 'destroyed') throw new KeysUnavailable('a key was destroyed and is there')
  return { destroyedAt: row.destroyedAt, digest: row.digest }
}

interface Places { readonly shard: string, readonly name: string, readonly live: string, readonly gone: string }

/** Ids hold what file names must not: the name is their hash. */
function placesOf (folder: string, keyId: string): Places {
  const name = createHash('sha256').update(keyId).digest('hex')
  const shard = join(folder, name.slice(0, 2))
  return { shard, name, live: join(shard, `${name}.key`), gone: join(shard, `${name}.gone`) }
}

async function readRow (folder: string, keyId: string): Promise<KeyRow | undefined> {
  const { live, gone } = placesOf(folder, keyId)
  const row = await readLive(live)
  // Looked for last: a key that was read a moment before it was destroyed does not count.
  const destroyed = await readLine(gone)
  if (destroyed !== undefined) {
    if (!('destroyedAt' in destroyed)) throw new KeysUnavailable(`${gone} does not say when a key was destroyed`)
    return { kind: 'destroyed', destroyedAt: destroyed.destroyedAt, digest: destroyed.digest }
  }
  if (row === undefined) return undefined
  if (row === 'unreadable' || !('wrapped' in row) || row.keyId !== keyId) throw new KeysUnavailable(`${live} holds no key of its id`)
  return { kind: 'live', key: { masterKeyId: row.masterKeyId, bytes: Buffer.from(row.wrapped, 'base64') } }
}

/** A file that is being overwritten is unreadable for a moment, before it is gone. */
async function readLive (file: string): Promise<Line | 'unreadable' | undefined> {
  try {
    return await readLine(file)
  } catch (error) {
    if (error instanceof SyntaxError) return 'unreadable'
    throw error
  }
}

async function readLine (file: string): Promise<Line | undefined> {
  const text = await readFile(file, 'utf8').catch(ignore('ENOENT'))
  return text === undefined ? undefined : JSON.parse(text) as Line
}

function lineOf (keyId: string, { masterKeyId, bytes }: WrappedKey): Line {
  return { keyId, masterKeyId, wrapped: bytes.toString('base64') }
}

async function writeDraft (file: string, line: Line): Promise<string> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const handle = await open(draft, 'wx', 0o600)
  try {
    await handle.writeFile(`${JSON.stringify(line)}\n`)
    await handle.sync()
  } finally {
    await handle.close()
  }
  return draft
}

/** Overwrites a file and removes it. */
async function shred (file: string): Promise<void> {
  const handle = await open(file, 'r+').catch(ignore('ENOENT'))
  if (handle === undefined) return
  try {
    await overwrite(handle)
  } finally {
    await handle.close()
  }
  await unlink(file).catch(ignore('ENOENT'))
}

async function overwrite (handle: FileHandle): Promise<void> {
  const { size } = await handle.stat()
  await handle.write(Buffer.alloc(size), 0, size, 0)
  await handle.sync()
}

/** A name is durable when its folder is. */
async function syncFolder (folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function * listRows (folder: string): AsyncGenerator<{ readonly keyId: string, readonly row: KeyRow }> {
  for (const shard of await readdir(folder).catch(ignore('ENOENT')) ?? []) {
    const names = new Set((await readdir(join(folder, shard))).flatMap(file => /^([0-9a-f]{64})\.(?:key|gone)$/.exec(file)?.[1] ?? []))
    for (const name of names) {
      const line = await readLine(join(folder, shard, `${name}.gone`)) ?? await readLive(join(folder, shard, `${name}.key`))
      if (line === undefined || line === 'unreadable') continue
      const row = await guarded(async () => await readRow(folder, line.keyId))
      if (row !== undefined) yield { keyId: line.keyId, row }
    }
  }
}

/** Turns what the file system says into what the port promises. */
async function guarded<T> (work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof KeysUnavailable ? error : new KeysUnavailable('the folder of data keys cannot be used', { cause: error })
  }
}

function ignore (code: string) {
  return (error: NodeJS.ErrnoException): undefined => {
    if (error.code !== code) throw error
  }
}
