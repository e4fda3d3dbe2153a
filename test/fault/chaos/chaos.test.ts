import { join } from 'node:path'
import { test } from 'tap'
import { createRandom } from '../../../ops/play/random.ts'
import { createRunId } from '../../../ops/play/run-id.ts'
import { createWorkload } from '../../../ops/play/generator.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { goodEvidence } from '../detectors/good-evidence.ts'
import { judge } from '../detectors/index.ts'
import { type LogRecord } from '../evidence/evidence.ts'
import { History, readHistory } from './history.ts'
import { kinds, nextKind } from './nemesis.ts'
import { askOracle } from './oracle.ts'

test('a history that is read back is judged as the evidence that was written', async t => {
  const path = join(tempFolder(t), 'history.jsonl')
  const history = await History.create(path)
  const evidence = goodEvidence()
  const header = { at: '2026-01-01', seed: '1', minutes: 5, plays: [{ seed: '1', orders: 10 }], versions: { kafka: '1' } }
  await history.add(...evidence.faults.map(item => ({ kind: 'faults' as const, item })))
  await history.addEvidence(evidence, ['faults'])
  await t.rejects(readHistory(path), /no header/, 'a history that was not finished is none')
  await history.add({ kind: 'header', item: header })
  await history.close()
  const read = await readHistory(path)
  t.same(read, { header, evidence })
  t.same(judge(read.evidence), judge(evidence))
})

test('chaos does the same things in the same order for a seed, and knows all of them', t => {
  const names = (seed: string): string[] => {
    const random = createRandom(seed)
    return Array.from({ length: 400 }, () => nextKind(random))
  }
  t.same(names('1'), names('1'))
  t.notSame(names('1'), names('2'))
  t.same(new Set(names('1')), new Set(Object.keys(kinds)))
  t.end()
})

test('the oracle of orders agrees with what a seed says, and with nothing else', t => {
  const play = { seed: '9', orders: 40 }
  const runId = createRunId({ source: 'generator', seed: play.seed, options: { orders: play.orders, stockShare: 1 } })
  const workload = createWorkload({ runId, ...play, stockShare: 1 })
  const prices = new Map(workload.products.map(product => [product.sku, product.prices]))
  const records: LogRecord[] = []
  const add = (key: string, type: string, facts: LogRecord['facts'] = {}): void => {
    records.push({ topic: 'commerce.orders.events', partition: 0, offset: records.length, key, atMs: 0, type, id: '', version: 0, facts })
  }
  for (const { orderId, currency, lines, fate } of workload.orders()) {
    const total = lines.reduce((sum, { sku, quantity }) => sum + (prices.get(sku)?.[currency] ?? 0n) * BigInt(quantity), 0n)
    add(orderId, 'OrderCreated', { clientReference: `run-${runId}`, currency, total: String(total) })
    if (fate === 'fulfilled' || fate === 'cancelled') add(orderId, 'OrderConfirmed')
    if (fate !== 'fulfilled') add(orderId, 'OrderCancelled')
  }
  t.match(askOracle({ records, faults: [] }, [play]), { findings: [], givenUp: 0 })
  t.ok(askOracle({ records, faults: [] }, [play]).checked >= 120)
  t.match(askOracle({ records: records.slice(0, -1), faults: [] }, [play]).findings, [/: Order(Confirmed|Cancelled): true expected, false found/])
  t.ok(askOracle({ records: [], faults: [] }, [play]).findings.length >= 40)
  const confirmed = records.findIndex(({ type }) => type === 'OrderConfirmed')
  const failed = records.map((record, index) => index === confirmed ? { ...record, type: 'OrderFailed' } : record).filter(({ key, type }) => key !== records[confirmed]?.key || type !== 'OrderCancelled')
  t.match(askOracle({ records: failed, faults: [] }, [play]).findings, [/OrderConfirmed: true expected/], 'without a fault nothing may be given up')
  t.match(askOracle({ records: failed, faults: goodEvidence().faults }, [play]), { findings: [], givenUp: 1 })
  const both = [...records, { ...records[confirmed] as LogRecord, type: 'OrderTimedOut' }]
  t.match(askOracle({ records: both, faults: goodEvidence().faults }, [play]).findings, [/OrderConfirmed: false expected, true found/], 'and nothing that was confirmed')
  t.end()
})
