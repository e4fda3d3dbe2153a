import { test } from 'tap'
import { type Evidence, type LogRecord } from '../evidence/evidence.ts'
import { goodEvidence } from './good-evidence.ts'
import { type Invariant, detectors, invariants, judge } from './index.ts'

interface Harm { readonly what: string, readonly by: Invariant, readonly says: RegExp, readonly harm: (evidence: Evidence) => Partial<Evidence> }

type Of<Name extends keyof Evidence> = Evidence[Name] extends ReadonlyArray<infer Item> ? Item : never

/** Changes every item that fits. */
function change<Item> (items: readonly Item[], fits: (item: Item) => boolean, by: (item: Item) => Partial<Item>): readonly Item[] {
  return items.map(item => fits(item) ? { ...item, ...by(item) } : item)
}

const is = (type: string, key?: string) => (record: LogRecord): boolean => record.type === type && (key === undefined || record.key === key)
const without = (type: string, key?: string) => ({ records }: Evidence): Partial<Evidence> => ({ records: records.filter(record => !is(type, key)(record)) })
const twice = (type: string, key?: string) => ({ records }: Evidence): Partial<Evidence> =>
  ({ records: records.flatMap(record => is(type, key)(record) ? [record, record] : [record]) })
const first = <Name extends 'tasks' | 'letters' | 'partitions' | 'stocks' | 'analytics' | 'rollups' | 'operations' | 'faults'> (
  name: Name, by: Partial<Of<Name>>
) => (evidence: Evidence): Partial<Evidence> => ({ [name]: evidence[name].map((item, at) => at === 0 ? { ...item, ...by } : item) })

const harms: readonly Harm[] = [
  { what: 'an order that stays open', by: 'I1', says: /^a: is open: OrderCreated/, harm: without('OrderConfirmed', 'a') },
  { what: 'an order that ends twice', by: 'I1', says: /^b: ended 2 times/, harm: twice('OrderCancelled') },
  { what: 'an event behind the end', by: 'I1', says: /^b: OrderConfirmed follows its end/, harm: ({ records }) => ({ records: [...records, ...records.filter(is('OrderConfirmed', 'b'))] }) },
  { what: 'an order that is lost', by: 'I1', says: /^a: was ordered, and neither accepted nor refused/, harm: ({ records }) => ({ records: records.filter(({ topic, key }) => key !== 'a' || topic === 'commerce.orders.commands') }) },
  { what: 'a payment that only the provider knows', by: 'I2', says: /^a GBP: authorised by our events/, harm: without('PaymentAuthorized', 'a') },
  { what: 'a payment that the provider does not know', by: 'I2', says: /^a GBP: captured by our events/, harm: ({ payments }) => ({ payments: payments.filter(({ key }) => key !== 'a/capture') }) },
  { what: 'an amount that is off by 1/10,000', by: 'I2', says: /50 expected, 49 found/, harm: ({ records }) => ({ records: change(records, is('PaymentSucceeded', 'a'), ({ facts }) => ({ facts: { ...facts, amount: '49' } })) }) },
  { what: 'an ended order that keeps money', by: 'I2', says: /^b: an ended order keeps no money: 0 expected, 50 found/, harm: without('PaymentRefunded') },
  { what: 'a confirmed order that did not pay', by: 'I2', says: /^a: a confirmed order has paid its price/, harm: without('PaymentSucceeded', 'a') },
  { what: 'a piece that is sold twice', by: 'I3', says: /onHand after StockDeducted/, harm: twice('StockDeducted') },
  { what: 'a stock event that is lost', by: 'I3', says: /^S: /, harm: without('StockReleased') },
  { what: 'a stock that does not add up', by: 'I3', says: /^S: opening \+ in - out - deducted = on hand: 8 expected, 9 found/, harm: first('stocks', { onHand: 9 }) },
  { what: 'pieces that stay reserved', by: 'I3', says: /^S: reserved at rest: 0 expected, 1 found/, harm: first('stocks', { reserved: 1 }) },
  { what: 'a SKU that is gone from the state', by: 'I3', says: /^S: has events and no stock/, harm: () => ({ stocks: [] }) },
  { what: 'a capture that is done twice', by: 'I4', says: /times it was (done at the provider|captured): 1 expected, 2 found/, harm: ({ payments }) => ({ payments: payments.flatMap(entry => entry.step === 'capture' ? [entry, entry] : [entry]) }) },
  { what: 'a second authorisation nobody knows of', by: 'I4', says: /^a: authorisations at the provider/, harm: ({ payments }) => ({ payments: [...payments, { ...payments[0] as Of<'payments'>, key: 'other', authorisation: 'other' }] }) },
  { what: 'a second shipment', by: 'I4', says: /^a: shipments = different parcels: 1 expected, 2 found/, harm: twice('ShipmentCreated', 'a') },
  { what: 'a confirmed order that is not shipped', by: 'I4', says: /^a: is confirmed, and has no shipment/, harm: without('ShipmentCreated', 'a') },
  { what: 'a notification that is sent twice', by: 'I4', says: /^paid-a: times a notification/, harm: twice('NotificationRequested', 'a') },
  { what: 'an output that is there twice', by: 'I5', says: /the event id .* is there twice/, harm: twice('OrderConfirmed', 'a') },
  { what: 'an output of an aborted transaction', by: 'I5', says: /nothing that was consumed leads to it/, harm: first('tasks', { inputs: { 'commerce.orders.commands': 2, 'commerce.payments.events': 3 } }) },
  { what: 'an event number that is missing', by: 'I5', says: /orders.events a: OrderConfirmed has the number 2 after 0/, harm: without('OrderCreated', 'a') },
  { what: 'an event number that comes again', by: 'I5', says: /payments.events a: PaymentSucceeded has the number 1 after 1/, harm: ({ records }) => ({ records: change(records, is('PaymentSucceeded', 'a'), () => ({ version: 1 })) }) },
  { what: 'outputs out of order', by: 'I5', says: /comes from .* at 1, after one from 2/, harm: ({ records }) => ({ records: [...records.filter(record => !is('StockReserved')(record)), ...records.filter(is('StockReserved')).reverse()] }) },
  { what: 'progress that goes back', by: 'I5', says: /^orders-0: its progress went back/, harm: first('tasks', { setbacks: ['sequence 3 follows 4'] }) },
  { what: 'a transaction that hangs', by: 'I6', says: /last stable offset = end: 3 expected, 2 found/, harm: first('partitions', { stable: 2, end: 3 }) },
  { what: 'a row that the log does not have', by: 'I7', says: /^orders-0\/rows: rows by the changelog/, harm: first('tasks', { state: { rows: { rows: 4, digest: 'd' } } }) },
  { what: 'a row of another version', by: 'I7', says: /^orders-0\/rows: digest by the changelog/, harm: first('tasks', { state: { rows: { rows: 3, digest: 'e' } } }) },
  { what: 'a state that was left behind', by: 'I7', says: /^orders-0: sequence of the progress/, harm: first('tasks', { sequence: { log: '9', state: '8' } }) },
  { what: 'a row that is missing', by: 'I8', says: /records = rows: 5 expected, 4 found/, harm: first('analytics', { rows: 4, distinct: 4 }) },
  { what: 'a row that is there twice', by: 'I8', says: /rows = different offsets: 6 expected, 5 found/, harm: first('analytics', { rows: 6 }) },
  { what: 'a row with other bytes', by: 'I8', says: /checksum of the records/, harm: first('analytics', { rowsChecksum: '78' }) },
  { what: 'a projection that disagrees', by: 'I8', says: /amount by the projection/, harm: first('rollups', { rolled: [2, '11'] }) },
  { what: 'a bad record that vanished', by: 'I9', says: /orders.commands-0\/3: was bad, and is no dead letter/, harm: () => ({ letters: [] }) },
  { what: 'a good record that is dead', by: 'I9', says: /orders.commands-0\/3: is a dead letter .* and was good/, harm: () => ({ bad: [] }) },
  { what: 'a dead letter that is there twice', by: 'I9', says: /a dead letter of orders 2 times/, harm: ({ letters }) => ({ letters: [...letters, ...letters] }) },
  { what: 'a record that is dead and processed', by: 'I9', says: /orders.commands-0\/0: is dead, and orders made something of it/, harm: first('letters', { offset: 0 }) },
  { what: 'an input that nobody consumed', by: 'I9', says: /^orders-0: has not consumed commerce.orders.commands-0 beyond 3 of 3/, harm: first('tasks', { inputs: { 'commerce.orders.commands': 3, 'commerce.payments.events': 5 } }) },
  { what: 'an acknowledged order that is not in the log', by: 'I10', says: /^k: the order z was acknowledged/, harm: first('operations', { orderId: 'z' }) },
  { what: 'a key that means two orders', by: 'I10', says: /^k: means several orders: b,a/, harm: first('operations', { orderId: 'b' }) },
  { what: 'a key that takes another content', by: 'I10', says: /^k: 2 different contents/, harm: ({ operations }) => ({ operations: change(operations, ({ body }) => body === 'two', () => ({ status: 202, orderId: 'a' })) }) },
  { what: 'a late return', by: 'I11', says: /^kill at .*: went on after \d+ ms instead of 5/, harm: first('faults', { withinMs: 5, toMs: 1021 }) },
  { what: 'readiness without a broker', by: 'I11', says: /^broker away at .*: the API said that it is ready 6000 ms into it/, harm: ({ probes }) => ({ probes: change(probes, ({ atMs }) => atMs === 8000, () => ({ status: 200 })) }) },
  { what: 'no readiness afterwards', by: 'I11', says: /the API was not ready \(503\) 78000 ms after it/, harm: ({ probes }) => ({ probes: change(probes, ({ atMs }) => atMs === 90_000, () => ({ status: 503 })) }) }
]

test('detectors find nothing, and have looked at something, when all is well', t => {
  for (const [name, { checked, findings }] of Object.entries(judge(goodEvidence()))) {
    t.same(findings, [], name)
    t.ok(checked > 0, `${name} looked at ${checked} things`)
  }
  t.end()
})

for (const { what, by, says, harm } of harms) {
  test(`${by} finds ${what}`, t => {
    const evidence = goodEvidence()
    const { findings } = detectors[by]({ ...evidence, ...harm(evidence) })
    t.ok(findings.some(finding => says.test(finding)), `${says} in: ${findings.join(' | ') || 'nothing'}`)
    t.end()
  })
}

test('I11 counts from the end of the last fault that came before it went on', t => {
  const evidence = goodEvidence()
  const [kill] = evidence.faults
  const faults = kill === undefined ? [] : [{ ...kill, toMs: 1015, withinMs: 5 }, { ...kill, kind: 'flush', fromMs: 1016, toMs: 1040, withinMs: 5 }]
  const late = (atMs: number) => evidence.records.map(record => ({ ...record, atMs: record.atMs > 1015 ? atMs : record.atMs }))
  const events = (atMs: number) => ({ ...evidence, faults, records: late(atMs) })
  t.same(detectors.I11(events(1044)).findings.filter(finding => finding.includes('went on')), [])
  t.match(detectors.I11(events(1060)).findings, [/^kill at .*: went on after 20 ms instead of 5/, /^flush at .*: went on after 20 ms instead of 5/])
  t.end()
})

test('every invariant has a detector that was seen to fire', t => {
  t.same(new Set(harms.map(({ by }) => by)), new Set(invariants))
  t.end()
})
