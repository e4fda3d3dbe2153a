import { test } from 'tap'
import { type Source } from '../../../streams/index.ts'
import { derivedId, uuidOf } from '../../../streams/runtime/identity.ts'

const record: Source = { kind: 'record', topic: 'orders', partition: 1, offset: 5n }

test('a derived id is a UUID of version 5', async t => {
  for (let n = 0; n < 100; n++) t.match(uuidOf(`name ${n}`), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('a derived id never changes: it is part of the log', async t => {
  t.equal(derivedId('orders', 1, record, 0), '50f71418-d2d5-5a71-9dbc-2e0845d1c134')
})

test('derived ids differ by processor, source and index', async t => {
  const timer: Source = { kind: 'timer', key: 'a', dueMs: 5, version: 1n }
  const effect: Source = { kind: 'effect', effect: 'charge', key: 'a', idempotencyKey: 'k' }
  const made = [
    derivedId('orders', 1, record, 0), derivedId('orders', 1, record, 1), derivedId('payments', 1, record, 0), derivedId('orders', 1, { ...record, offset: 6n }, 0),
    derivedId('orders', 1, { ...record, partition: 2 }, 0), derivedId('orders', 1, timer, 0), derivedId('orders', 2, timer, 0), derivedId('orders', 1, { ...timer, version: 2n }, 0),
    derivedId('orders', 1, effect, 0), derivedId('orders', 1, { ...effect, idempotencyKey: 'l' }, 0)
  ]
  t.equal(new Set(made).size, made.length)
})
