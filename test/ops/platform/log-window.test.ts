import { test } from 'tap'
import { type FetchedRecord, type Kafka, NO_HEADERS, StreamsError } from '#streams'
import { LogWindow } from '../../../ops/platform/log-window.ts'
import { checksum } from '../../../sinks/index.ts'

const signal = new AbortController().signal
const border = 1_000_000n

function record (offset: bigint): FetchedRecord {
  return { topic: 'a', partition: 0, offset, timestampMs: 0, key: Buffer.from('k'), value: Buffer.from(String(offset)), headers: NO_HEADERS }
}

/** A log that holds records at these offsets; a reader of it fails after `failAfter` takes. */
function logOf (offsets: readonly bigint[], failAfter = Infinity): Pick<Kafka, 'openReader'> {
  return {
    openReader: ({ topic, partition, offset }) => {
      let position = offset
      let takes = 0
      return {
        topic,
        partition,
        get position () { return position },
        lastStableOffset: 0n,
        queuedRecords: 0,
        queuedBytes: 0,
        failure: undefined,
        take: () => {
          if (takes++ >= failAfter) throw new StreamsError('STR_BATCH_CORRUPT')
          const next = offsets.find(candidate => candidate >= position)
          position = next === undefined ? 10n * border : next + 1n
          return next === undefined ? [] : [record(next)]
        },
        close: () => {}
      }
    }
  }
}

const sums = (...offsets: readonly bigint[]): bigint => offsets.reduce((sum, offset) => sum + BigInt(checksum(record(offset))), 0n)

test('a window counts the records of every bucket up to the offset it is let, and no record twice', async t => {
  const offsets = [5n, 7n, border - 1n, border, border + 4n]
  const window = new LogWindow({ topic: 'a', partition: 0 }, 6n)
  await window.countUpTo(logOf(offsets), 8n, signal)
  t.same(window.counts(), [{ topic: 'a', partition: 0, bucket: 0n, rows: 1, distinct: 1, checksum: sums(7n) }])
  await window.countUpTo(logOf(offsets), border + 1n, signal)
  await window.countUpTo(logOf(offsets), border + 1n, signal)
  await window.countUpTo(logOf(offsets), 3n, signal)
  t.match(window.counts(), [{ bucket: 0n, rows: 2, checksum: sums(7n, border - 1n) }, { bucket: 1n, rows: 1, checksum: sums(border) }])
  t.match(window, { from: 6n, position: border + 1n })
})

test('a window forgets closed buckets, and keeps the open one from its start', async t => {
  const window = new LogWindow({ topic: 'a', partition: 0 }, 6n)
  await window.countUpTo(logOf([7n, border]), border + 1n, signal)
  window.forgetClosed()
  t.match(window, { from: border, position: border + 1n })
  t.match(window.counts(), [{ bucket: 1n, rows: 1 }])
  window.forgetClosed()
  t.equal(window.from, border)
})

test('a window goes on where it was when its reader fails or is aborted', async t => {
  const window = new LogWindow({ topic: 'a', partition: 0 }, 0n)
  await t.rejects(window.countUpTo(logOf([1n, 2n, 3n], 2), 4n, signal), { code: 'STR_BATCH_CORRUPT' })
  t.equal(window.position, 3n)
  await t.rejects(window.countUpTo(logOf([3n]), 4n, AbortSignal.abort(new Error('enough'))), /enough/)
  await window.countUpTo(logOf([1n, 2n, 3n]), 4n, signal)
  t.match(window.counts(), [{ rows: 3, checksum: sums(1n, 2n, 3n) }])
})
