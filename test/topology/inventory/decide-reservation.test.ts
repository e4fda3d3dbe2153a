import { test } from 'tap'
import { type ReservationRequest, decideReservation, maxLines } from '../../../topology/inventory/decide-reservation.ts'
import { type ReservationAction } from '../../../topology/inventory/reservation.ts'
import { openStock } from '../../../topology/inventory/stock.ts'
import { asked, expiresAt, line, orderId, shelf } from './shelf.ts'

test('reserving holds every line of the partition and answers once', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  const { events, reply } = s.ask('reserve', asked)
  t.same(events, [
    { type: 'StockReserved', sku: 'A', orderId, attempt: 1, quantity: 3, onHand: 10, reserved: 3 },
    { type: 'StockReserved', sku: 'B', orderId, attempt: 1, quantity: 2, onHand: 5, reserved: 2 }
  ])
  t.same(reply, { type: 'LinesReserved', orderId, attempt: 1, partition: 0 })
  t.match(s.row(), { status: 'reserved', expiresAt, endedAt: null })
  t.end()
})

test('reserving takes nothing at all when one line is short', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 1, 0))
  const { events, reply } = s.ask('reserve', asked)
  t.same(events, [{ type: 'StockReservationRejected', sku: 'B', orderId, attempt: 1, requested: 2, available: 1 }])
  t.match(reply, { type: 'LinesRejected', code: 'short-stock', shortages: [{ sku: 'B', requested: 2, available: 1 }] })
  t.match(s.stock('A'), { reserved: 0, version: 1 })
  t.end()
})

test('reserving sums the lines of one SKU before it checks', t => {
  const lines = [line(1, 'A', 6), line(2, 'A', 5)]
  t.match(shelf(openStock('A', 10, 0)).ask('reserve', { lines, expiresAt }).reply, { shortages: [{ sku: 'A', requested: 11, available: 10 }] })
  const s = shelf(openStock('A', 11, 0))
  t.equal(s.ask('reserve', { lines, expiresAt }).events.length, 2, 'one reserved, one low stock at zero')
  t.same(s.row()?.lines, lines, 'lines survive as they were')
  t.equal(s.stock('A')?.reserved, 11)
  t.end()
})

test('reserving an unknown SKU is rejected with its code and remembered', t => {
  const s = shelf(openStock('A', 10, 0))
  t.match(s.ask('reserve', asked).reply, { type: 'LinesRejected', code: 'unknown-sku', shortages: [] })
  t.equal(s.row()?.status, 'rejected')
  t.match(s.ask('reserve', asked).reply, { type: 'LinesRejected', code: 'unknown-sku' })
  t.end()
})

test('reserving bad lines is refused, never a crash', t => {
  const s = shelf(openStock('A', 10, 0))
  const code = (lines: ReservationRequest['lines'], partition = 0) => {
    const reply = s.ask('reserve', { lines: lines ?? [], expiresAt, partition }).reply
    return reply?.type === 'LinesRejected' ? reply.code : reply?.type
  }
  t.equal(code([]), 'no-lines')
  t.equal(code([line(1, 'A', 0)]), 'invalid-quantity')
  t.equal(code([line(1, 'A', -4)]), 'invalid-quantity')
  t.equal(code([line(1, 'A', 2_147_483_647), line(2, 'A', 2_147_483_647)]), 'invalid-quantity')
  t.equal(code([line(1, 'A', 1)], 1), 'wrong-partition')
  t.equal(code(Array.from({ length: maxLines + 1 }, (_, at) => line(at + 1, 'A', 1))), 'too-many-lines')
  t.equal(s.row(), undefined, 'what is wrong by itself leaves no row')
  t.match(s.stock('A'), { reserved: 0, version: 1 })
  t.end()
})

test('a repeated command gets the same answer and moves nothing', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  for (const [action, type] of [['reserve', 'LinesReserved'], ['confirm', 'LinesConfirmed'], ['unconfirm', 'LinesUnconfirmed']] as const) {
    t.equal(s.ask(action, asked).reply?.type, type)
    const version = s.stock('A')?.version
    const again = s.ask(action, asked)
    if (action === 'unconfirm' || action === 'reserve' || action === 'confirm') t.equal(again.reply?.type, type)
    t.same(again.events, [])
    t.equal(s.stock('A')?.version, version)
  }
  t.end()
})

test('a rejected reservation stays rejected after a delivery, so that its repeat is answered alike', t => {
  const s = shelf(openStock('A', 1, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  const richer = shelf(openStock('A', 100, 0), openStock('B', 5, 0))
  const decision = decideReservation({ action: 'reserve', orderId, attempt: 1, partition: 0, ...asked }, {
    row: s.row(), stockOf: richer.stock, partition: 0, nowMs: 2_000, correlationId: 'c'
  })
  t.match(decision.reply, { type: 'LinesRejected', code: 'short-stock', shortages: [{ sku: 'A', requested: 3, available: 1 }] })
  t.end()
})

test('the same reservation with other lines is refused and keeps what it holds', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  t.match(s.ask('reserve', { lines: [line(1, 'A', 4)], expiresAt }).reply, { type: 'LinesRejected', code: 'lines-differ' })
  t.match(s.stock('A'), { reserved: 3 })
  t.equal(s.row()?.status, 'reserved')
  t.end()
})

test('confirming deducts what was reserved', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  const { events, reply } = s.ask('confirm')
  t.same(events.map(event => event.type), ['StockDeducted', 'StockDeducted', 'ReservationConfirmed'])
  t.equal(reply?.type, 'LinesConfirmed')
  t.match(s.stock('A'), { onHand: 7, reserved: 0, deducted: 3 })
  t.end()
})

test('confirming is refused with a code when nothing is reserved any more', t => {
  const endings: ReadonlyArray<readonly [readonly ReservationAction[], string]> = [
    [[], 'unknown-reservation'], [['release'], 'fenced'], [['reserve', 'release'], 'released'], [['reserve', 'expire'], 'expired'],
    [['reserve', 'confirm', 'unconfirm'], 'unconfirmed']
  ]
  for (const [before, code] of endings) {
    const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
    for (const action of before) s.ask(action, asked)
    const versions = s.stock('A')?.version
    t.match(s.ask('confirm').reply, { type: 'LinesConfirmRejected', code })
    t.equal(s.stock('A')?.version, versions)
  }
  t.end()
})

test('releasing gives back whatever is held, deducted pieces included', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  s.ask('confirm')
  const { events, reply } = s.ask('release')
  t.match(events, [{ type: 'StockReleased', restored: true, onHand: 10 }, { type: 'StockReleased', restored: true, onHand: 5 }])
  t.equal(reply?.type, 'LinesReleased')
  t.match(s.stock('A'), { onHand: 10, reserved: 0, deducted: 0 })
  t.end()
})

test('unconfirming a reservation that was never confirmed acts as a release', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  const { events, reply } = s.ask('unconfirm')
  t.match(events, [{ type: 'StockReleased', restored: false }, { type: 'StockReleased', restored: false }])
  t.equal(reply?.type, 'LinesUnconfirmed')
  t.equal(s.row()?.status, 'released')
  t.end()
})

test('a compensation that finds nothing leaves a fence that the late reservation runs into', t => {
  for (const action of ['release', 'unconfirm'] as const) {
    const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
    t.equal(s.ask(action).reply?.type, action === 'release' ? 'LinesReleased' : 'LinesUnconfirmed')
    t.match(s.row(), { status: 'fence', endedAt: 1_000 })
    t.match(s.ask('reserve', asked).reply, { type: 'LinesRejected', code: 'fenced' })
    t.match(s.stock('A'), { reserved: 0, version: 1 })
  }
  t.end()
})

test('a fence of one attempt does not hinder the next', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('release')
  const other = decideReservation({ action: 'reserve', orderId, attempt: 2, partition: 0, ...asked }, {
    row: undefined, stockOf: s.stock, partition: 0, nowMs: 1, correlationId: 'c'
  })
  t.equal(other.reply?.type, 'LinesReserved')
  t.end()
})

test('an expiry gives the pieces back and tells the order', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  const { events, reply } = s.ask('expire')
  t.same(events.map(event => event.type), ['StockReleased', 'StockReleased', 'ReservationExpired'])
  t.equal(reply?.type, 'LinesExpired')
  t.match(s.stock('A'), { onHand: 10, reserved: 0 })
  t.end()
})

test('an expiry does nothing to a confirmed reservation', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  s.ask('confirm')
  const { events, reply, stocks } = s.ask('expire')
  t.same([events, reply, stocks], [[], undefined, []])
  t.equal(s.row()?.status, 'confirmed')
  t.end()
})

test('extending moves the end later, never earlier', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  s.ask('reserve', asked)
  t.equal(s.ask('extend', { expiresAt: expiresAt + 5 }).reply, undefined)
  t.equal(s.row()?.expiresAt, expiresAt + 5)
  s.ask('extend', { expiresAt })
  t.equal(s.row()?.expiresAt, expiresAt + 5)
  t.end()
})

test('extending a reservation that is gone is answered as expired', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
  t.equal(s.ask('extend', { expiresAt }).reply?.type, 'LinesExpired')
  s.ask('reserve', asked)
  s.ask('expire')
  t.equal(s.ask('extend', { expiresAt }).reply?.type, 'LinesExpired')
  t.end()
})

test('a release that falls to the reorder level is no low stock, a reservation is', t => {
  const s = shelf(openStock('A', 10, 8), openStock('B', 5, 0))
  t.ok(s.ask('reserve', asked).events.some(event => event.type === 'LowStockDetected' && event.available === 7))
  t.notOk(s.ask('release').events.some(event => event.type === 'LowStockDetected'))
  t.end()
})
