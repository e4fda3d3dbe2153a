import { randomUUID } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { OpsError } from '../errors.ts'
import { isRunning, processIdentity } from './process-identity.ts'

interface Holder { readonly pid: number, readonly identity: string, readonly nonce: string }

export interface LockOptions {
  /** How long to wait for a living holder, ms. */
  readonly waitMs: number
  /** Called once when there is somebody to wait for. */
  readonly onWait?: (pid: number) => void
  /** Ends the wait with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Runs `work` while holding a lock file; one holder at a time over all processes of the machine. The lock of a process that has
 * ended is taken over. The file appears with its content in one step, so it is never seen half-written.
 *
 * @throws {OpsError} OPS_STACK_BUSY when a living holder keeps it longer than `waitMs`.
 */
export async function withLock<T> (path: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const mine: Holder = { pid: process.pid, identity: processIdentity(process.pid) ?? '', nonce: randomUUID() }
  const deadline = Date.now() + options.waitMs
  mkdirSync(dirname(path), { recursive: true })
  for (let told = false; !acquire(path, mine);) {
    const holder = readHolder(path)
    if (holder === undefined) continue
    if (!isRunning(holder.pid, holder.identity)) {
      takeAway(path, holder)
      continue
    }
    if (Date.now() > deadline) throw new OpsError('OPS_STACK_BUSY', { pid: holder.pid, path: dirname(path) })
    if (!told) options.onWait?.(holder.pid)
    told = true
    await sleep(100)
    options.signal?.throwIfAborted()
  }
  try {
    return await work()
  } finally {
    if (readHolder(path)?.nonce === mine.nonce) rmSync(path, { force: true })
  }
}

function acquire (path: string, mine: Holder): boolean {
  const draft = `${path}.${mine.nonce}`
  writeFileSync(draft, JSON.stringify(mine))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readHolder (path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    // Not ours and not readable: nobody can hold it.
    return { pid: 0, identity: '', nonce: '' }
  }
}

/** Removes the lock of a dead holder; if another process has taken it over in between, its lock is put back. */
function takeAway (path: string, dead: Holder): void {
  const aside = `${path}.${randomUUID()}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  if (readHolder(aside)?.nonce !== dead.nonce) {
    try {
      linkSync(aside, path)
    } catch {}
  }
  rmSync(aside, { force: true })
}
