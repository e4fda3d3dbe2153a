import { readFileSync } from 'node:fs'
import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process'
import { childEnvironment } from '../config.ts'

/**
 * What tells a process apart from a later one that got the same number: its start time, with the boot where that is known.
 * Undefined when there is no such process, or only its unreaped remains.
 */
export function processIdentity (pid: number): string | undefined {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

/** True when exactly that process still runs. */
export function isRunning (pid: number, identity: string): boolean {
  return processIdentity(pid) === identity
}

function fromProc (pid: number): string | undefined {
  let stat: string
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  } catch {
    return undefined
  }
  return identityOfStat(stat, bootId())
}

/**
 * Reads the text of /proc/PID/stat: the program name is in parentheses and may hold spaces and parentheses itself. A process whose
 * first thread has ended still runs, and still holds its ports and locks, while it has others.
 */
export function identityOfStat (stat: string, boot: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [state, threads, startTicks] = [fields[0], Number(fields[17]), fields[19]]
  if (state === undefined || startTicks === undefined) return undefined
  return (state === 'Z' || state === 'X') && threads <= 1 ? undefined : `${boot}/${startTicks}`
}

let knownBootId: string | undefined

function bootId (): string {
  knownBootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return knownBootId
}

function fromPs (pid: number): string | undefined {
  const options: ExecFileSyncOptionsWithStringEncoding = { encoding: 'utf8', env: { ...childEnvironment(), LC_ALL: 'C' }, stdio: ['ignore', 'pipe', 'ignore'] }
  try {
    const [state, ...started] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], options).trim().split(/\s+/)
    return state === undefined || state.startsWith('Z') || started.length === 0 ? undefined : started.join(' ')
  } catch {
    return undefined
  }
}
