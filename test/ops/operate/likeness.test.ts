import { test } from 'tap'
import { likeness } from '../../../ops/operate/likeness.ts'

const event = (more: object = {}) => ({ meta: { eventId: 'e', occurredAt: 1_795_728_373_459 }, lines: [{ sku: 'A', quantity: 2 }], total: 5n, note: null, bytes: Buffer.from('x'), ...more })

test('two outputs of the same decision are the same, or shifted when only their instants differ', async t => {
  t.equal(likeness(event(), event()), 'same')
  const later = event({ meta: { eventId: 'e', occurredAt: 1_795_728_373_561 } })
  t.equal(likeness(event(), later), 'shifted')
  t.equal(likeness(null, null), 'same')
})

test('outputs that differ in anything else, or by hours, are other ones', async t => {
  for (const more of [
    { lines: [{ sku: 'A', quantity: 3 }] }, { lines: [] }, { lines: { 0: { sku: 'A', quantity: 2 } } }, { total: 6n }, { note: 'x' }, { more: 1 }, { bytes: Buffer.from('y') },
    { meta: { eventId: 'f', occurredAt: 1_795_728_373_459 } }, { meta: { eventId: 'e', occurredAt: 1_795_738_373_459 } }, { meta: { eventId: 'e', occurredAt: 7 } }
  ]) t.equal(likeness(event(), event(more)), 'other', JSON.stringify(more, (_, part: unknown) => typeof part === 'bigint' ? `${part}` : part))
  t.equal(likeness(event(), null), 'other')
})
