import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { childEnvironment } from '../config.ts'
import { OpsError } from '../errors.ts'
import { probe } from './health.ts'
import { isRunning } from './process-identity.ts'
import { readPidFile, writePidFile, type PidRecord } from './pid-file.ts'
import { isPortFree, portHolder } from './ports.ts'
import { fingerprint, type ServiceSpec } from './service.ts'
import { type ProcessName, type Report } from './stack.ts'

/** Starts, watches and ends the processes of one stack folder: pid files in `run/`, output in `logs/`. */
export class Supervisor {
  readonly #dir: string
  readonly #report: Report
  readonly #timeoutMs: number
  readonly #signal: AbortSignal | undefined

  /** `signal` ends the waits of `ensure` with its reason; what `ensure` had started has ended then. */
  constructor (dir: string, timeoutMs: number, report: Report, signal?: AbortSignal) {
    this.#signal = signal
    this.#dir = dir
    this.#timeoutMs = timeoutMs
    this.#report = report
  }

  pidFile (name: ProcessName): string {
    return join(this.#dir, 'run', `${name}.pid`)
  }

  logFile (name: ProcessName): string {
    return join(this.#dir, 'logs', `${name}.log`)
  }

  /** The running process of that service, if there is one. */
  running (name: ProcessName): PidRecord | undefined {
    return readPidFile(this.pidFile(name))
  }

  /**
   * Makes the service run and waits until it is healthy. One that runs already is kept, unless it was started in another way.
   *
   * @returns true when it was started by this call.
   * @throws {OpsError} OPS_PORT_IN_USE, OPS_DISK_FULL, OPS_SERVICE_DIED, OPS_SERVICE_SILENT; a process started by this call has ended then.
   */
  async ensure (spec: ServiceSpec): Promise<boolean> {
    const found = this.running(spec.name)
    if (found !== undefined && found.fingerprint === fingerprint(spec)) {
      await this.#waitHealthy(spec, found)
      return false
    }
    if (found !== undefined) {
      this.#report(`${spec.name} runs with other settings: restarting it`)
      await this.stop(spec.name)
    }
    await this.#requirePorts(spec)
    const record = await this.#spawn(spec)
    try {
      const tookMs = await this.#waitHealthy(spec, record)
      this.#report(`${spec.name} ${spec.version} is up after ${(tookMs / 1000).toFixed(1)} s (pid ${record.pid}, port ${spec.ports[0]?.port ?? 0})`)
      return true
    } catch (error) {
      await this.stop(spec.name)
      throw error
    }
  }

  /**
   * Ends the service and waits for it: the stop signal, and after the grace the kill. Nothing happens when it does not run.
   *
   * @returns true when something was ended.
   * @throws {OpsError} OPS_SERVICE_STUCK when even the kill does not end it.
   */
  async stop (name: ProcessName): Promise<boolean> {
    const record = this.running(name)
    if (record === undefined) return false
    const steps: ReadonlyArray<readonly [NodeJS.Signals, number]> = [[record.stopSignal, record.graceMs], ['SIGKILL', 5000]]
    for (const [signal, waitMs] of steps) {
      if (signal === 'SIGKILL') this.#report(`${name} did not end within ${record.graceMs / 1000} s: killing it`)
      sendSignal(record.pid, signal)
      if (await ended(record, waitMs)) {
        rmSync(this.pidFile(name), { force: true })
        return true
      }
    }
    throw new OpsError('OPS_SERVICE_STUCK', { service: name, pid: record.pid })
  }

  /** SIGKILL, as a crash would be; returns when the process is gone. Nothing happens when it does not run. */
  async kill (name: ProcessName): Promise<void> {
    const record = this.running(name)
    if (record === undefined) return
    sendSignal(record.pid, 'SIGKILL')
    if (!await ended(record, 5000)) throw new OpsError('OPS_SERVICE_STUCK', { service: name, pid: record.pid })
  }

  async #requirePorts (spec: ServiceSpec): Promise<void> {
    for (const { port, setting } of spec.ports) {
      if (!await isPortFree(spec.host, port)) throw new OpsError('OPS_PORT_IN_USE', { port, service: spec.name, holder: portHolder(port), setting })
    }
  }

  async #spawn (spec: ServiceSpec): Promise<PidRecord> {
    mkdirSync(spec.dataDir, { recursive: true })
    mkdirSync(dirname(this.logFile(spec.name)), { recursive: true })
    for (const [path, content] of Object.entries(spec.files)) {
      mkdirSync(dirname(path), { recursive: true })
      // It may hold the password of a service.
      writeFileSync(path, content, { mode: 0o600 })
    }
    // The log of the run before is kept: it may say why that run ended.
    if (existsSync(this.logFile(spec.name))) renameSync(this.logFile(spec.name), `${this.logFile(spec.name)}.1`)
    const log = openSync(this.logFile(spec.name), 'w')
    try {
      const options = { cwd: spec.dataDir, env: { ...childEnvironment(), ...spec.env } }
      if (spec.format !== undefined && !existsSync(spec.format.done)) {
        const [status] = await once(spawn(spec.command, spec.format.args, { ...options, stdio: ['ignore', log, log] }), 'close') as [number | null]
        if (status !== 0) throw this.#died(spec, 'its storage could not be formatted')
      }
      const child = spawn(spec.command, spec.args, { ...options, detached: true, stdio: ['ignore', log, log] })
      // A program that cannot be started reports it here and has no pid.
      child.on('error', () => {})
      child.unref()
      const { stopSignal, graceMs, health } = spec
      const record = child.pid === undefined
        ? undefined
        : writePidFile(this.pidFile(spec.name), { pid: child.pid, fingerprint: fingerprint(spec), startedAtMs: Date.now(), stopSignal, graceMs, health })
      if (record === undefined) throw this.#died(spec, 'it could not be started')
      return record
    } finally {
      closeSync(log)
    }
  }

  /** Polls the health check, telling every few seconds what it waits for. Returns the time it took, ms. */
  async #waitHealthy (spec: ServiceSpec, record: PidRecord): Promise<number> {
    const startedAt = performance.now()
    for (let toldAt = startedAt; ;) {
      const problem = await probe(spec.health)
      const now = performance.now()
      if (problem === undefined) return now - startedAt
      if (!isRunning(record.pid, record.identity)) throw this.#died(spec, lastLine(this.#log(spec.name)))
      if (now - startedAt > this.#timeoutMs) {
        throw new OpsError('OPS_SERVICE_SILENT', { service: spec.name, seconds: Math.round(this.#timeoutMs / 1000), problem, log: this.logFile(spec.name) })
      }
      if (now - toldAt > 3000) {
        this.#report(`waiting for ${spec.name}: ${problem} (${Math.round((now - startedAt) / 1000)} s)`)
        toldAt = now
      }
      await sleep(100)
      this.#signal?.throwIfAborted()
    }
  }

  #died (spec: ServiceSpec, problem: string): OpsError {
    const log = this.#log(spec.name)
    const context = { service: spec.name, log: this.logFile(spec.name), problem: problem === '' ? 'it wrote nothing' : problem }
    if (/No space left on device|ENOSPC/.test(log)) return new OpsError('OPS_DISK_FULL', context)
    const taken = /Address already in use|EADDRINUSE|port \d+ of \S+ is in use/.test(log) ? spec.ports[0] : undefined
    if (taken !== undefined) return new OpsError('OPS_PORT_IN_USE', { ...context, ...taken, holder: portHolder(taken.port) })
    if (/Cannot find (package|module) '?chdb/.test(log)) return new OpsError('OPS_CHDB_MISSING')
    return new OpsError('OPS_SERVICE_DIED', context)
  }

  #log (name: ProcessName): string {
    try {
      return readFileSync(this.logFile(name), 'utf8').slice(-65_536)
    } catch {
      return ''
    }
  }
}

/** The last line that says something, shortened. */
export function lastLine (log: string): string {
  const lines = log.split('\n').map(line => line.trim()).filter(line => line !== '')
  return (lines.findLast(line => /error|exception|fatal|cannot|failed/i.test(line) && !line.startsWith('at ')) ?? lines.at(-1) ?? '').slice(0, 200)
}

function sendSignal (pid: number, signal: NodeJS.Signals): void {
  try {
    // The service leads a process group of its own: a kill takes its children along.
    process.kill(signal === 'SIGKILL' ? -pid : pid, signal)
  } catch {
    // It has ended in between.
  }
}

async function ended (record: PidRecord, waitMs: number): Promise<boolean> {
  for (const deadline = performance.now() + waitMs; performance.now() < deadline; await sleep(50)) {
    if (!isRunning(record.pid, record.identity)) return true
  }
  return !isRunning(record.pid, record.identity)
}
