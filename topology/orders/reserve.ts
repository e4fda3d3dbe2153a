import { type OrderLine, type ReservationLine } from '#schemas'
import { passReserved } from './assess-risk.ts'
import { backOrderMs, reservationMs, startClock } from './deadlines.ts'
import { type OrderDraft, type PartitionOfSku } from './draft.ts'
import { allParts } from './facts.ts'
import { startStep } from './forward.ts'
import { shortOfStock } from './short-stock.ts'

/** Asks each touched inventory partition for its lines, in one record each, all at once. */
export function reserve (draft: OrderDraft): void {
  const { orderId, attempt } = draft.saga
  const lines = groupLines(draft.view.lines, draft.partitionOf)
  draft.remember({
    phase: 'reserving',
    parts: [...lines.keys()].map(partition => ({ partition, progress: 'asked' })),
    shortages: [],
    ...startClock(draft.saga, draft.wallMs)
  })
  startStep(draft)
  for (const [partition, partLines] of lines) {
    draft.send({ type: 'ReserveStock', orderId, attempt, partition, lines: partLines, expiresAt: draft.wallMs + reservationMs, waitsSince: null })
  }
  passAnswered(draft)
}

/** Goes on once every touched partition has answered: to the risk decision, or by what the order says about short stock. */
export function passAnswered (draft: OrderDraft): void {
  if (draft.saga.parts.some(part => part.progress === 'asked')) return
  if (draft.saga.shortages.length > 0) shortOfStock(draft)
  else passReserved(draft)
}

/**
 * Waits for stock, partition by partition in ascending order: the next one is asked when the one before has reserved. Whoever holds stock
 * waits for higher partitions only, so no two orders ever wait for what the other one holds.
 */
export function queue (draft: OrderDraft): void {
  const partitions = [...groupLines(draft.view.lines, draft.partitionOf).keys()]
  draft.remember({ phase: 'queued', parts: partitions.map(partition => ({ partition, progress: 'planned' })), stepDueMs: null })
  passQueued(draft)
}

/** Asks the next partition that was not asked yet, or goes on to the risk decision when all have reserved. */
export function passQueued (draft: OrderDraft): void {
  const { orderId, attempt, parts, waitsSince, waitDueMs } = draft.saga
  if (allParts(draft.saga, 'reserved')) return passReserved(draft)
  const next = parts.find(part => part.progress === 'planned')
  if (next === undefined || parts.some(part => part.progress === 'asked' || part.progress === 'waiting')) return
  const { partition } = next
  draft.remember({ parts: parts.map(part => part === next ? { partition, progress: 'asked' } : part) })
  startStep(draft)
  const lines = groupLines(draft.view.lines, draft.partitionOf).get(partition) ?? []
  const expiresAt = (waitDueMs ?? draft.wallMs + backOrderMs) + reservationMs
  draft.send({ type: 'ReserveStock', orderId, attempt, partition, lines, expiresAt, waitsSince })
}

/** The stocked lines by inventory partition, ascending. */
function groupLines (lines: readonly OrderLine[], partitionOf: PartitionOfSku): ReadonlyMap<number, readonly ReservationLine[]> {
  const groups = new Map<number, ReservationLine[]>()
  for (const { lineNo, sku, quantity, stocked } of lines) {
    if (!stocked) continue
    const partition = partitionOf(sku)
    const group = groups.get(partition)
    if (group === undefined) groups.set(partition, [{ lineNo, sku, quantity }])
    else group.push({ lineNo, sku, quantity })
  }
  return new Map([...groups].sort(([a], [b]) => a - b))
}
