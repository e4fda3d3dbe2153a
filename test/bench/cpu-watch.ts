import { cpuSecondsOf, cpuSecondsOfMachine } from './machine.ts'

/** CPU seconds since a watch began. */
export interface CpuShares {
  /** Of each process that was named when it began, in that order. */
  readonly each: readonly number[]
  /** Of whoever else is at work on the machine, this process and the ones named left out. */
  readonly others: number
  readonly seconds: number
}

/**
 * Watches where the CPU time goes from now on. `pids` run already; `since` names processes that were started after that, so that they are
 * not taken for others.
 */
export function watchCpu (pids: readonly number[]): (since?: readonly number[]) => CpuShares {
  const [machine, before, own, started] = [cpuSecondsOfMachine(), pids.map(cpuSecondsOf), process.cpuUsage(), performance.now()]
  return (since = []) => {
    const { user, system } = process.cpuUsage(own)
    const each = pids.map((pid, index) => cpuSecondsOf(pid) - (before[index] ?? 0))
    const known = [...each, ...since.map(cpuSecondsOf), (user + system) / 1e6].reduce((sum, one) => sum + one, 0)
    return { each, others: Math.max(0, cpuSecondsOfMachine() - machine - known), seconds: (performance.now() - started) / 1000 }
  }
}
