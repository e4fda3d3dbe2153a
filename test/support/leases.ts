import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning, processIdentity } from '../../ops/stack/process-identity.ts'

/**
 * Who uses the shared stack: one file per process in a folder. A lease ends with its process, however that ends, so nothing has to
 * be given back after a crash.
 */
export function takeLease (folder: string, pid: number): void {
  const identity = processIdentity(pid)
  if (identity === undefined) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, String(pid)), identity)
}

export function dropLease (folder: string, pid: number): void {
  rmSync(join(folder, String(pid)), { force: true })
}

/** Processes that hold a lease and still run; the leases of others are removed. */
export function liveLeases (folder: string): number[] {
  return namesIn(folder).map(Number).filter(pid => {
    if (isRunning(pid, textOf(join(folder, String(pid))))) return true
    dropLease(folder, pid)
    return false
  })
}

function namesIn (folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function textOf (path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
