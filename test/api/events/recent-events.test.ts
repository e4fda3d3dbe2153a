import { test } from 'tap'
import { RecentEvents } from '../../../api/events/recent-events.ts'
import { NO_HEADERS } from '../../../streams/record.ts'

const record = (orderId: string, offset: bigint, bytes = 100) =>
  ({ topic: 't', partition: 0, offset, timestampMs: 0, key: Buffer.from(orderId), value: Buffer.alloc(bytes, Number(offset)), headers: NO_HEADERS })

test('the newest records of an order are there from where they are complete', t => {
  const recent = new RecentEvents(10n, 10_000)
  for (const [orderId, offset] of [['a', 10n], ['b', 12n], ['a', 15n]] as const) recent.add(record(orderId, offset))
  t.same(recent.of('a', 10n)?.map(({ offset }) => offset), [10n, 15n])
  t.same(recent.of('a', 11n)?.map(({ offset }) => offset), [15n])
  t.same(recent.of('a', 16n), [])
  t.same(recent.of('c', 10n), [])
  t.equal(recent.of('a', 9n), undefined, 'what lies before was not read')
  t.equal(recent.next, 16n)
  recent.reach(20n)
  t.equal(recent.next, 20n)
  recent.reach(18n)
  t.equal(recent.next, 20n)
  t.end()
})

test('the oldest records go when there are too many bytes, and it is known from where it is complete', t => {
  const recent = new RecentEvents(0n, 1000)
  for (let offset = 0n; offset < 10_000n; offset++) recent.add(record(offset % 2n === 0n ? 'a' : 'b', offset))
  t.ok(recent.sizeBytes <= 1000)
  t.equal(recent.from, 9997n)
  t.same(recent.of('b', 9997n)?.map(({ offset }) => offset), [9997n, 9999n])
  t.equal(recent.of('b', 9996n), undefined)
  recent.add(record('c', 10_000n, 5000))
  t.equal(recent.from, 10_000n, 'the newest one stays, whatever its size')
  t.equal(recent.of('c', 10_000n)?.length, 1)
  t.end()
})

test('records are copies: the bytes that they came in may be used again', t => {
  const recent = new RecentEvents(0n, 1000)
  const original = record('a', 0n)
  const kept = recent.add(original)
  original.value.fill(9)
  t.equal(kept.value[0], 0)
  t.end()
})
