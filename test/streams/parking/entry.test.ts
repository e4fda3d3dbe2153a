import fc from 'fast-check'
import { test } from 'tap'
import { decodeEntry, encodeEntry, type Entry, withoutBytes } from '../../../streams/parking/entry.ts'
import { type RecordHeader } from '../../../streams/index.ts'

const bytes = fc.option(fc.uint8Array({ maxLength: 50 }).map(part => Buffer.from(part)), { nil: null })
const header: fc.Arbitrary<RecordHeader> = fc.tuple(fc.string({ unit: 'grapheme' }), bytes)
const record = fc.record({
  topic: fc.string({ unit: 'grapheme' }), partition: fc.nat(), offset: fc.bigInt(0n, (1n << 63n) - 1n), timestampMs: fc.nat(), key: bytes, value: bytes, headers: fc.array(header)
})
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant('record' as const), record, atMs: fc.nat(), omittedBytes: fc.nat() }),
  fc.record({ kind: fc.constant('timer' as const), key: fc.string({ unit: 'grapheme' }), dueMs: fc.nat(), version: fc.bigInt(0n, (1n << 64n) - 1n) }),
  fc.record({ kind: fc.constant('effect' as const), effect: fc.string(), key: fc.string({ unit: 'grapheme' }), idempotencyKey: fc.string({ unit: 'grapheme' }) })
)

const text = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => typeof part === 'bigint' ? `${part}n` : part)

test('what waits reads back byte for byte as it came', async () => {
  fc.assert(fc.property(entry, given => text(sorted(decodeEntry(encodeEntry(given)))) === text(sorted(given))))
})

test('what waits and was cut, lengthened or written by another version is refused', t => {
  const whole = encodeEntry({
    kind: 'record',
    record: { topic: 't', partition: 0, offset: 1n, timestampMs: 2, key: Buffer.from('k'), value: Buffer.from('v'), headers: [['h', Buffer.from('x')]] },
    atMs: 3,
    omittedBytes: 0
  })
  for (let length = 0; length < whole.length; length++) t.throws(() => decodeEntry(whole.subarray(0, length)), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.throws(() => decodeEntry(Buffer.concat([whole, Buffer.of(0)])), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.throws(() => decodeEntry(Buffer.concat([Buffer.of(9), whole.subarray(1)])), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.end()
})

test('a record without its bytes says how many there were, and where they are', t => {
  const given: Entry = {
    kind: 'record',
    record: { topic: 't', partition: 4, offset: 1n, timestampMs: 2, key: Buffer.from('key'), value: Buffer.alloc(100), headers: [['h', Buffer.from('xx')]] },
    atMs: 3,
    omittedBytes: 0
  }
  t.match(withoutBytes(given), { record: { topic: 't', partition: 4, offset: 1n, key: null, value: null, headers: [] }, omittedBytes: 106 })
  const timer: Entry = { kind: 'timer', key: 'k', dueMs: 1, version: 2n }
  t.equal(withoutBytes(timer), timer)
  t.end()
})

/** Property order is not part of an entry. */
function sorted (value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, sorted(part)] as const).sort(([a], [b]) => a < b ? -1 : 1))
}
