import { type Evidence, type Fault } from '../evidence/evidence.ts'
import { type Detector, Inquiry } from './verdict.ts'

/** Readiness is asked of things that take a moment to notice, ms; and what was away may be back a moment before the fault is told to be over. */
const noticeMs = 5_000
const backMs = 3_000

/**
 * I11: after every fault the platform goes on within its time, and its readiness is true: not ready while a part that it asks for is
 * away, ready again afterwards. Time counts from when everything was there again: where the next fault came before it went on, from the end of
 * that one; a fault after the last event of a run shows nothing.
 */
export const recoversInTime: Detector = evidence => {
  const inquiry = new Inquiry()
  const times = evidence.records.filter(({ topic }) => topic === 'commerce.orders.events').map(({ atMs }) => atMs).sort((a, b) => a - b)
  for (const fault of evidence.faults) {
    const next = times.find(atMs => atMs >= fault.toMs)
    if (next !== undefined) {
      inquiry.look()
      const { toMs, withinMs } = lastBefore(next, fault, evidence.faults)
      if (next - toMs > withinMs) inquiry.find(nameOf(fault), `went on after ${next - toMs} ms instead of ${withinMs}`)
    }
    judgeReadiness(inquiry, evidence, fault)
  }
  const last = evidence.probes.at(-1)
  if (last !== undefined) inquiry.equal('readiness', 'at the end', 200, last.status)
  return inquiry.verdict()
}

/** When the last fault that began between that one and the next event was over, and the most patience that any of them asks for. */
function lastBefore (nextMs: number, fault: Fault, faults: readonly Fault[]): Pick<Fault, 'toMs' | 'withinMs'> {
  const all = [fault, ...faults.filter(({ fromMs }) => fromMs >= fault.toMs && fromMs <= nextMs)]
  return { toMs: Math.max(...all.map(({ toMs }) => toMs)), withinMs: Math.max(...all.map(({ withinMs }) => withinMs)) }
}

function judgeReadiness (inquiry: Inquiry, { probes, faults }: Evidence, fault: Fault): void {
  if (fault.hidesFromApi) {
    for (const { atMs, status } of probes) {
      if (atMs < fault.fromMs + noticeMs || atMs > fault.toMs - backMs) continue
      inquiry.look()
      if (status === 200) inquiry.find(nameOf(fault), `the API said that it is ready ${atMs - fault.fromMs} ms into it`)
    }
  }
  const from = fault.toMs + fault.withinMs
  const until = Math.min(...faults.map(({ fromMs }) => fromMs).filter(fromMs => fromMs >= fault.toMs))
  for (const { atMs, status } of probes) {
    if (atMs < from || atMs >= until) continue
    inquiry.look()
    if (status !== 200) inquiry.find(nameOf(fault), `the API was not ready (${status}) ${atMs - fault.toMs} ms after it`)
  }
}

function nameOf ({ kind, fromMs }: Fault): string {
  return `${kind} at ${new Date(fromMs).toISOString().slice(11, 23)}`
}
