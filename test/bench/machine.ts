import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** Where and under what load something was measured. */
export interface MachineFacts {
  readonly at: string
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  /** Load averages of 1, 5 and 15 minutes. */
  readonly load: readonly number[]
}

export function machineFacts (): MachineFacts {
  const cores = cpus()
  return {
    at: new Date().toISOString(),
    node: process.version,
    cpu: cores[0]?.model.trim() ?? 'unknown',
    cores: cores.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: loadavg().map(value => Number(value.toFixed(2)))
  }
}

/** Kernel ticks a second, as /proc counts CPU time on Linux. */
const TICKS = 100

/** CPU seconds that a process has used; 0 where /proc does not tell, or when it has ended. */
export function cpuSecondsOf (pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS
}

/** Memory that a process has resident, MB; 0 where /proc does not tell. */
export function rssMbOf (pid: number): number {
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024)
}

/** CPU seconds that the whole machine has used. */
export function cpuSecondsOfMachine (): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = read('/proc/stat').split('\n', 1)[0]?.trim().split(/\s+/).slice(1).map(Number) ?? []
  return (user + nice + system + irq + softirq + steal) / TICKS
}

function read (path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
