import type { Order, Report } from './messages.ts'

/** A failing run that is as small as it could be made: every fault that is left, and every batch, is needed for it to fail. */
export interface Shrunk { readonly order: Order, readonly report: Report, readonly tries: number }

/**
 * Leaves out faults and records for as long as the run still fails one of the checks that it failed: first faults, one after another, then
 * records from the end, by halves. Deterministic, like the runs themselves.
 */
export async function shrink (failing: Order, faults: number, batches: number, run: (order: Order) => Promise<Report>): Promise<Shrunk> {
  let order: Order = { ...failing, without: failing.without ?? [], batches: Math.min(failing.batches ?? batches, batches) }
  let report = await run(order)
  let tries = 1
  const failed = new Set(report.problems.map(({ check }) => check))
  const attempt = async (smaller: Order): Promise<boolean> => {
    tries++
    const found = await run(smaller)
    if (!found.problems.some(({ check }) => failed.has(check))) return false
    order = smaller
    report = found
    return true
  }
  for (let isSmaller = true; isSmaller;) {
    isSmaller = false
    for (let number = 0; number < faults; number++) {
      const without = order.without ?? []
      if (!without.includes(number) && await attempt({ ...order, without: [...without, number] })) isSmaller = true
    }
    for (let drop = Math.ceil((order.batches ?? 0) / 2); drop >= 1; drop = Math.floor(drop / 2)) {
      while ((order.batches ?? 0) > drop && await attempt({ ...order, batches: (order.batches ?? 0) - drop })) isSmaller = true
    }
  }
  return { order, report, tries }
}
