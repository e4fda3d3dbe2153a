import { ensureError, StreamsError } from '../../errors.ts'
import { type BatchHeader, isAbortMarker, readBatch } from './record-batch-decoder.ts'

/** A transaction that was aborted: records of the producer from `firstOffset` up to its next abort marker are void. */
export interface AbortedTransaction { readonly producerId: bigint, readonly firstOffset: bigint }

/** What one answer holds for one partition. */
export interface Scan {
  /** Batches with committed records, in order. */
  readonly visible: readonly BatchHeader[]
  /** Behind the last complete batch, visible or not; undefined when there was none. */
  readonly nextOffset: bigint | undefined
  /** Set when a batch could not be read; what comes before it is still good. */
  readonly failure: Error | undefined
}

/**
 * Splits fetched bytes into batches and leaves out control batches, empty ones and those of aborted transactions.
 *
 * Guarantee R8: whatever the offset the fetch started at, and however many aborted transactions were open there, every one that
 * began at or before a batch is known before the batch is judged; only a control batch ends one, never a user's key bytes.
 * No checksum covers the offset of a batch: of two that overlap neither is given.
 */
export function scanCommitted (records: Buffer, aborted: readonly AbortedTransaction[]): Scan {
  const visible: BatchHeader[] = []
  const upcoming = aborted.length < 2 ? aborted : [...aborted].sort((a, b) => a.firstOffset < b.firstOffset ? -1 : 1)
  const voided = new Set<bigint>()
  let nextUpcoming = 0
  let nextOffset: bigint | undefined
  let offsetBefore: bigint | undefined
  try {
    for (let at = 0; ;) {
      const batch = readBatch(records, at)
      if (batch === undefined) break
      if (nextOffset !== undefined && batch.baseOffset < nextOffset) {
        if (visible.at(-1)?.lastOffset === nextOffset - 1n) visible.pop()
        nextOffset = offsetBefore
        throw new StreamsError('STR_BATCH_CORRUPT', { baseOffset: batch.baseOffset, check: 'order of offsets' })
      }
      for (let next = upcoming[nextUpcoming]; next !== undefined && next.firstOffset <= batch.lastOffset; next = upcoming[nextUpcoming]) {
        voided.add(next.producerId)
        nextUpcoming++
      }
      if (batch.control) {
        if (isAbortMarker(batch)) voided.delete(batch.producerId)
      } else if (batch.count > 0 && !(batch.transactional && voided.has(batch.producerId))) {
        visible.push(batch)
      }
      offsetBefore = nextOffset
      nextOffset = batch.lastOffset + 1n
      at += batch.bytes.length
    }
  } catch (error) {
    return { visible, nextOffset, failure: ensureError(error) }
  }
  return { visible, nextOffset, failure: undefined }
}
