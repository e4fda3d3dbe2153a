import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { test } from 'tap'
import {
  changelogPrefix, changelogTopic, decodeOwnership, decodeProgress, effectStore, encodeOwnership, encodeProgress, OWNER_KEY, parseChangelogKey, PROGRESS_KEY,
  taskId, taskKey, TIMER_STORE, transactionalId
} from '../../../streams/state/changelog.ts'

test('names of a task are derived from application, node and partition', async t => {
  t.equal(changelogTopic('app', 'orders'), 'app-orders-changelog')
  t.equal(transactionalId('app', 'orders', 3), 'app.orders.3')
  t.equal(taskKey('app', 'orders', 3), 'app:orders:3')
  t.equal(taskId('orders', 3), 'orders-3')
})

test('a progress record reads back as it was written', async () => {
  const offsets = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.bigInt(0n, (1n << 63n) - 1n))
  const unsigned = fc.bigInt(0n, (1n << 64n) - 1n)
  const ancestor = fc.record({ id: unsigned, since: fc.bigInt(-1n, (1n << 63n) - 1n) }, { noNullPrototype: true })
  const lineages = fc.array(ancestor, { maxLength: 8 })
  fc.assert(fc.property(unsigned, fc.integer({ min: 0, max: 2 ** 45 }), offsets, lineages, (sequence, contextTimeMs, given, lineage) => {
    const progress = { sequence, contextTimeMs, offsets: new Map(Object.entries(given)), lineage }
    return isDeepStrictEqual(decodeProgress(encodeProgress(progress)), progress)
  }))
})

test('a control record that was cut, has another version or more bytes than it says is refused', async t => {
  for (const lineage of [[], [{ id: 1n, since: 2n }]]) {
    const bytes = encodeProgress({ sequence: 1n, contextTimeMs: 2, offsets: new Map([['in', 3n]]), lineage })
    for (let length = 0; length < bytes.length; length++) t.throws(() => decodeProgress(bytes.subarray(0, length)), { code: 'STR_CHANGELOG_UNREADABLE' })
    t.throws(() => decodeProgress(Buffer.concat([bytes, Buffer.of(0)])), { code: 'STR_CHANGELOG_UNREADABLE' })
    t.throws(() => decodeProgress(Buffer.concat([Buffer.of(99), bytes.subarray(1)])), { code: 'STR_CHANGELOG_UNREADABLE' })
  }
  t.throws(() => decodeOwnership(Buffer.from('x{}')), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.throws(() => decodeOwnership(Buffer.from('\x01{')), { code: 'STR_CHANGELOG_UNREADABLE' })
})

test('an ownership record reads back as it was written', async t => {
  const ownership = { incarnation: 'i', instance: 'host-1', timeMs: 5 }
  t.same(decodeOwnership(encodeOwnership(ownership)), ownership)
})

test('the changelog key of a row leads back to its store and key, whatever is in the key', async () => {
  const store = fc.oneof(fc.constant(TIMER_STORE), fc.constant('orders'), fc.constant(effectStore('charge')), fc.constant('e'))
  fc.assert(fc.property(store, fc.string(), (name, key) => {
    const parsed = parseChangelogKey(Buffer.from(changelogPrefix(name) + key.toWellFormed()))
    return parsed.kind === 'row' && parsed.store === name && parsed.key === key.toWellFormed()
  }))
})

test('control records have keys of their own, which no row can have', async t => {
  t.equal(parseChangelogKey(OWNER_KEY).kind, 'owner')
  t.equal(parseChangelogKey(PROGRESS_KEY).kind, 'progress')
  t.same(parseChangelogKey(Buffer.from(changelogPrefix('s') + 'owner')), { kind: 'row', store: 's', key: 'owner' })
})

test('a changelog key of no known form is refused', async t => {
  for (const key of [null, '', 'x/y', 's/', 's//k', 'e/noslash', 'Owner']) {
    t.throws(() => parseChangelogKey(key === null ? null : Buffer.from(key)), { code: 'STR_CHANGELOG_UNREADABLE' }, String(key))
  }
})
