import { test } from 'tap'
import { decideReservation } from '../../../topology/inventory/decide-reservation.ts'
import { openStock } from '../../../topology/inventory/stock.ts'
import { asked, expiresAt, line, orderId, shelf } from './shelf.ts'

const waiting = { ...asked, waitsSince: 500 }

test('a reservation waits when it may and stock is short, and holds nothing meanwhile', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 1, 0))
  const { events, reply } = s.ask('reserve', waiting)
  t.same(events, [
    { type: 'BackOrderQueued', sku: 'A', orderId, attempt: 1, partition: 0, quantity: 3, waiting: 3 },
    { type: 'BackOrderQueued', sku: 'B', orderId, attempt: 1, partition: 0, quantity: 2, waiting: 2 }
  ])
  t.same(reply, { type: 'LinesBackOrdered', orderId, attempt: 1, partition: 0 })
  t.match(s.row(), { status: 'waiting', waitsSince: 500, expiresAt, endedAt: null })
  t.match(s.stock('A'), { reserved: 0, waiting: 3, version: 1 })
  t.end()
})

test('a reservation that may wait is made at once when there is enough', t => {
  t.equal(shelf(openStock('A', 3, 0), openStock('B', 2, 0)).ask('reserve', waiting).reply?.type, 'LinesReserved')
  t.end()
})

test('a new reservation is refused what others wait for', t => {
  const s = shelf({ ...openStock('A', 5, 0), waiting: 3 }, openStock('B', 5, 0))
  t.match(s.ask('reserve', asked).reply, { type: 'LinesRejected', shortages: [{ sku: 'A', requested: 3, available: 2 }] })
  t.end()
})

test('a waiting reservation has everything at once when it is filled', t => {
  const s = shelf(openStock('A', 10, 0), openStock('B', 1, 0))
  s.ask('reserve', waiting)
  const rich = shelf({ ...openStock('A', 10, 0), waiting: 3 }, { ...openStock('B', 2, 0), waiting: 2 })
  const decision = decideReservation({ action: 'fill', orderId, attempt: 1, partition: 0 }, {
    row: s.row(), stockOf: rich.stock, partition: 0, nowMs: 2_000, correlationId: 'c'
  })
  t.match(decision.reply, { type: 'LinesReserved' })
  t.same(decision.events.map(event => event.type), ['StockReserved', 'BackOrderFilled', 'StockReserved', 'BackOrderFilled', 'LowStockDetected'])
  t.match(decision.stocks, [{ sku: 'A', reserved: 3, waiting: 0 }, { sku: 'B', reserved: 2, waiting: 0 }])
  t.match(decision.row, { status: 'reserved', expiresAt, endedAt: null })
  t.end()
})

const leaves = [['release', 'released', 'LinesReleased'], ['unconfirm', 'released', 'LinesUnconfirmed'], ['expire', 'expired', 'LinesExpired']] as const
for (const [action, status, answer] of leaves) {
  test(`a waiting reservation leaves the queue when it is asked to ${action}, and no piece moves`, t => {
    const s = shelf(openStock('A', 10, 0), openStock('B', 1, 0))
    s.ask('reserve', waiting)
    const { events, reply } = s.ask(action)
    t.same(events.map(event => event.type), ['BackOrderWithdrawn', 'BackOrderWithdrawn', ...action === 'expire' ? ['ReservationExpired'] : []])
    t.match([reply?.type, s.row()?.status, s.row()?.endedAt], [answer, status, 1_000])
    t.match([s.stock('A'), s.stock('B')], [{ onHand: 10, reserved: 0, waiting: 0, version: 1 }, { onHand: 1, reserved: 0, waiting: 0, version: 1 }])
    t.end()
  })
}

test('a waiting reservation is told that it waits when it comes again, and is not confirmed', t => {
  const s = shelf(openStock('A', 1, 0), openStock('B', 1, 0))
  s.ask('reserve', waiting)
  t.same([s.ask('reserve', waiting).events, s.ask('reserve', waiting).reply?.type], [[], 'LinesBackOrdered'])
  t.match(s.ask('confirm').reply, { type: 'LinesConfirmRejected', code: 'waiting' })
  t.match(s.ask('reserve', { ...waiting, lines: [line(1, 'A', 1)] }).reply, { type: 'LinesRejected', code: 'lines-differ' })
  t.equal(s.row()?.status, 'waiting')
  t.end()
})

for (const status of ['reserved', 'confirmed', 'released', 'expired'] as const) {
  test(`a fill that comes for a reservation that is ${status} changes nothing`, t => {
    const s = shelf(openStock('A', 10, 0), openStock('B', 5, 0))
    s.ask('reserve', asked)
    if (status === 'confirmed') s.ask('confirm')
    if (status === 'released') s.ask('release')
    if (status === 'expired') s.ask('expire')
    const before = [s.stock('A'), s.stock('B'), s.row()]
    const { events, reply } = s.ask('fill')
    t.same([events, reply], [[], undefined])
    t.same([s.stock('A'), s.stock('B'), s.row()], before)
    t.end()
  })
}
