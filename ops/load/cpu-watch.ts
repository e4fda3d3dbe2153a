import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'

/** Seconds of CPU that each process has used, by name; `all` is the whole machine, idle time aside. */
export type CpuReading = Readonly<Record<string, number>>

/** Cores in use by process; `others` is the rest of the machine, k6 among it. */
export interface CpuUse {
  readonly cores: number
  readonly used: number
  readonly by: Readonly<Record<string, number>>
}

/** Clock ticks a second in /proc. @source sysconf(_SC_CLK_TCK), 100 on every Linux */
const ticksPerS = 100

/** What processes have used so far; one that is gone, or whose system does not tell, is left out. */
export function readCpu (pids: Readonly<Record<string, number>>): CpuReading {
  const all = cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + user + nice + sys + irq, 0) / 1000
  const each = Object.entries(pids).flatMap(([name, pid]) => {
    const seconds = secondsOf(pid)
    return seconds === undefined ? [] : [[name, seconds] as const]
  })
  return { all, ...Object.fromEntries(each) }
}

function secondsOf (pid: number): number | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands in parentheses and may hold anything; user and system time are fields 14 and 15.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerS
  } catch {
    return undefined
  }
}

/**
 * The stretch of that many readings in which the machine did most: what bounds a load test shows when it is at its limit, not on the average.
 * Undefined without two readings. `everyS`: seconds between two readings.
 */
export function busiest (readings: readonly CpuReading[], stretch: number, everyS: number, cores = availableParallelism()): CpuUse | undefined {
  const steps = Math.min(stretch, readings.length - 1)
  if (steps < 1) return undefined
  let best: CpuUse | undefined
  for (let at = steps; at < readings.length; at++) {
    const use = useBetween(readings[at - steps] ?? {}, readings[at] ?? {}, steps * everyS, cores)
    if (best === undefined || use.used > best.used) best = use
  }
  return best
}

function useBetween (before: CpuReading, after: CpuReading, seconds: number, cores: number): CpuUse {
  const rate = (name: string): number => Math.round(((after[name] ?? 0) - (before[name] ?? 0)) / seconds * 100) / 100
  const names = Object.keys(after).filter(name => name !== 'all' && before[name] !== undefined)
  const known = Object.fromEntries(names.map(name => [name, rate(name)] as const).sort(([, a], [, b]) => b - a))
  const used = rate('all')
  const others = Math.round((used - Object.values(known).reduce((sum, each) => sum + each, 0)) * 100) / 100
  return { cores, used, by: { ...known, others: Math.max(0, others) } }
}
