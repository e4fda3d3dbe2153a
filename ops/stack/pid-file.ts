import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Health } from './health.ts'
import { isRunning, processIdentity } from './process-identity.ts'

/** What is written down about a started service. */
export interface PidRecord {
  readonly pid: number
  /** See process-identity.ts: a recycled number is never taken for the service. */
  readonly identity: string
  /** Hash of everything the service was started with: another one means that it must be restarted. */
  readonly fingerprint: string
  /** Epoch ms. */
  readonly startedAtMs: number
  /** How it wants to be ended: the signal, and how long that may take before the kill, ms. */
  readonly stopSignal: NodeJS.Signals
  readonly graceMs: number
  /** How to ask it whether it can be used. */
  readonly health?: Health
}

/** Writes the record of a process that has just been started, all or nothing. Undefined when the process is gone already. */
export function writePidFile (path: string, process: Omit<PidRecord, 'identity'>): PidRecord | undefined {
  const identity = processIdentity(process.pid)
  if (identity === undefined) return undefined
  const record: PidRecord = { ...process, identity }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.new`, JSON.stringify(record))
  renameSync(`${path}.new`, path)
  return record
}

/** The record of a process that still runs; a stale or unreadable file is removed and counts as none. */
export function readPidFile (path: string): PidRecord | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  const record = parsePidRecord(text)
  if (record !== undefined && isRunning(record.pid, record.identity)) return record
  rmSync(path, { force: true })
  return undefined
}

/** Undefined for anything that is not a whole record. */
export function parsePidRecord (text: string): PidRecord | undefined {
  try {
    const record = JSON.parse(text) as Partial<Record<keyof PidRecord, unknown>>
    const { pid, identity, fingerprint, startedAtMs, stopSignal, graceMs } = record
    const texts = [identity, fingerprint, stopSignal].every(value => typeof value === 'string')
    const numbers = [pid, startedAtMs, graceMs].every(value => typeof value === 'number')
    return texts && numbers && (pid as number) > 1 ? record as unknown as PidRecord : undefined
  } catch {
    return undefined
  }
}
