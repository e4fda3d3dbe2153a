import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { test } from 'tap'
import { type AbortedTransaction, scanCommitted } from '../../../../streams/kafka/wire/read-committed.ts'
import { readBatch, RecordCursor } from '../../../../streams/kafka/wire/record-batch-decoder.ts'
import { attack, Dice, isCaught } from '../../attack.ts'
import { move, type Move, TruthfulLog } from '../truthful-log.ts'

/** What a filter shows of one answer, and where it goes on. */
type Filter = (records: Buffer, aborted: readonly AbortedTransaction[], from: bigint) => { readonly offsets: readonly bigint[], readonly next: bigint }

const ours: Filter = (records, aborted, from) => {
  const { visible, nextOffset, failure } = scanCommitted(records, aborted)
  if (failure !== undefined) throw failure
  const offsets = visible.flatMap(batch => {
    const cursor = new RecordCursor(batch, 't', 0)
    cursor.skipBefore(from)
    const found: bigint[] = []
    for (let record = cursor.next(); record !== undefined; record = cursor.next()) found.push(record.offset)
    return found
  })
  return { offsets, next: nextOffset ?? from }
}

interface Message {
  readonly offset: string
  readonly key: Buffer | null
  readonly isControl: boolean
  readonly batchContext: { readonly producerId: string, readonly inTransaction: boolean }
}

/** The filter of kafkajs itself, over the same batches: it is known to be wrong twice. */
const kafkajsFilter = createRequire(import.meta.url)('kafkajs/src/consumer/filterAbortedMessages') as
  (given: { messages: Message[], abortedTransactions: Array<{ producerId: string, firstOffset: string }> }) => Message[]
const ofKafkajs: Filter = (records, aborted, from) => {
  const messages: Message[] = []
  let next = from
  for (let at = 0; ;) {
    const batch = readBatch(records, at)
    if (batch === undefined) break
    const cursor = new RecordCursor(batch, 't', 0)
    const batchContext = { producerId: String(batch.producerId), inTransaction: batch.transactional }
    for (let record = cursor.next(); record !== undefined; record = cursor.next()) {
      messages.push({ offset: String(record.offset), key: record.key, isControl: batch.control, batchContext })
    }
    next = batch.lastOffset + 1n
    at += batch.bytes.length
  }
  const abortedTransactions = aborted.map(({ producerId, firstOffset }) => ({ producerId: String(producerId), firstOffset: String(firstOffset) }))
  const kept = kafkajsFilter({ messages, abortedTransactions: abortedTransactions.reverse() })
  return { offsets: kept.filter(({ isControl }) => !isControl).map(({ offset }) => BigInt(offset)).filter(offset => offset >= from), next }
}

function written (moves: readonly Move[], isSettled: boolean): TruthfulLog {
  const log = new TruthfulLog()
  for (const one of moves) log.apply(one)
  if (isSettled) log.settle()
  return log
}

/** Reads on from `start` in answers of any size, each perhaps cut anywhere, until nothing comes any more. */
function walk (log: TruthfulLog, start: bigint, dice: Dice, filter: Filter): bigint[] {
  const seen: bigint[] = []
  for (let from = start, wants = 1; ;) {
    const { records, aborted } = log.fetch(from, dice.roll(400))
    if (records.length === 0) return seen
    const { offsets, next } = filter(dice.isOneIn(wants) ? records : records.subarray(0, dice.roll(records.length + 1)), aborted, from)
    seen.push(...offsets)
    wants = next === from ? 1 : 2
    from = next
  }
}

function everyCommitted (filter: Filter): fc.IProperty<[Move[], boolean, number, number]> {
  return fc.property(fc.array(move, { maxLength: 50, size: 'max' }), fc.boolean(), fc.nat(60), fc.nat(), (moves, isSettled, start, seed) => {
    const log = written(moves, isSettled)
    const from = BigInt(start) > log.end ? log.end : BigInt(start)
    assert.deepStrictEqual(walk(log, from, new Dice(seed), filter), log.committed(from))
  })
}

test('scan shows every committed record once, in order, and no other, wherever a reader begins and wherever answers end', async () => {
  fc.assert(everyCommitted(ours), attack(600))
})

test('scan is not the filter of kafkajs, which the same logs catch', async t => {
  t.ok(await isCaught(everyCommitted(ofKafkajs)))
})

test('scan is wrong, and caught, when it forgets the aborted transactions or ends one by the bytes of a key', async t => {
  t.ok(await isCaught(everyCommitted((records, _, from) => ours(records, [], from))), 'forgetful')
  const byKey: Filter = (records, aborted, from) => {
    const ended = new Set<bigint>()
    const { offsets, next } = ours(records, aborted, from)
    for (let at = 0; ;) {
      const batch = readBatch(records, at)
      if (batch === undefined) return { offsets: [...new Set([...offsets, ...ended])].sort((a, b) => Number(a - b)), next }
      const cursor = new RecordCursor(batch, 't', 0)
      for (let record = cursor.next(); record !== undefined; record = cursor.next()) {
        if (!batch.control && record.key?.equals(Buffer.alloc(4)) === true && record.offset >= from) ended.add(record.offset)
      }
      at += batch.bytes.length
    }
  }
  t.ok(await isCaught(everyCommitted(byKey)), 'by key')
})

test('scan gets to the end of a log that holds nothing but markers, holes and what was aborted', async () => {
  const empty = fc.array(move.filter(({ kind }) => kind === 'write' || kind === 'hole'), { maxLength: 30 })
  fc.assert(fc.property(empty, fc.nat(), (moves, seed) => {
    const log = new TruthfulLog()
    for (const one of moves) log.apply(one)
    for (let producer = 0; producer < 4; producer++) log.apply({ producer, kind: 'abort', records: 0, hasZeroKeys: false, codec: 0 })
    let from = 0n
    const dice = new Dice(seed)
    while (from < log.end) {
      const { records, aborted } = log.fetch(from, dice.roll(300))
      const { offsets, next } = ours(records, aborted, from)
      assert.deepStrictEqual([offsets, next > from], [[], true])
      from = next
    }
  }), attack(200))
})
