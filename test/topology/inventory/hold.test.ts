import { type CommandMeta, type StockState } from '#schemas'
import { type Test, test } from 'tap'
import { createTestDriver } from '../../../streams/testing/index.ts'
import { inventoryProcessor } from '../../../topology/inventory/process-inventory.ts'
import { stockPartitionOf } from '../../../topology/inventory/routing.ts'
import { memoryMs, reservationStore, stockStore } from '../../../topology/inventory/stores.ts'
import { evolveStock, openStock } from '../../../topology/inventory/stock.ts'
import { topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'

await bindMemoryCodec()

const sku = 'MUG'
const partition = stockPartitionOf(sku)
const reservationId = '00000000-0000-4000-8000-00000000000a'
const orderId = '00000000-0000-4000-8000-00000000000b'
const { commands, events, replies } = topics.inventory
const meta: CommandMeta = { commandId: '', bodyHash: null, issuedAt: 0, correlationId: 'corr', principal: 'keeper', tenant: 'default' }
const hourMs = 3_600_000
const dayMs = 24 * hourMs

interface Asked {
  readonly quantity?: number
  readonly id?: string
  readonly of?: string
  readonly livesMs?: number
  readonly commandId?: string
  readonly reference?: string
}

async function shop (t: Test, openingStock = 10) {
  const driver = await createTestDriver({ nodes: [inventoryProcessor] })
  t.teardown(() => driver.close())
  await driver.pipe(commands, sku, { type: 'RegisterSku', meta, sku, openingStock, reorderLevel: 1 })
  await driver.read(events)
  return {
    driver,
    hold: async ({ quantity = 4, id = reservationId, of = sku, livesMs = hourMs, commandId = '', reference = 'photo shoot' }: Asked = {}) => {
      const expiresAt = driver.nowMs + livesMs
      await driver.pipe(commands, of, { type: 'HoldStock', meta: { ...meta, commandId }, sku: of, reservationId: id, quantity, expiresAt, reference })
    },
    release: async (id = reservationId, of = sku) => { await driver.pipe(commands, of, { type: 'ReleaseHold', meta, sku: of, reservationId: id }) },
    order: async (quantity: number) => {
      const lines = [{ lineNo: 1, sku, quantity }]
      await driver.pipe(commands, orderId, { type: 'ReserveStock', meta, orderId, attempt: 1, partition, lines, expiresAt: driver.nowMs + hourMs, waitsSince: null })
    },
    stock: async () => {
      await driver.run()
      return await driver.store(inventoryProcessor, stockStore).get(sku)
    },
    row: async () => {
      await driver.run()
      return await driver.store(inventoryProcessor, reservationStore).get(`${reservationId}/1/${partition}`)
    },
    told: async () => (await driver.read(events)).map(({ value }) => value.type),
    replied: async () => (await driver.read(replies)).map(({ value }) => value.type),
    refused: async () => (await driver.read(topics.orders.rejections)).map(({ key, value }) => ({ key, ...value }))
  }
}

test('a reservation by hand holds its pieces, and answers no order', async t => {
  const s = await shop(t)
  await s.hold()
  t.match(await s.stock(), { onHand: 10, reserved: 4 })
  t.match(await s.row(), { status: 'reserved', reference: 'photo shoot', lines: [{ lineNo: 1, sku, quantity: 4 }] })
  t.same([await s.told(), await s.replied(), await s.refused()], [['StockReserved'], [], []])
  t.same(await s.driver.deadLetters(), [])
})

test('pieces that are held by hand are not sold to an order, and are again when they are released', async t => {
  const s = await shop(t)
  await s.hold({ quantity: 8 })
  await s.order(3)
  t.same(await s.replied(), ['LinesRejected'])
  await s.release()
  t.match([await s.stock(), (await s.row())?.status], [{ onHand: 10, reserved: 0 }, 'released'])
  t.same(await s.replied(), [])
  await s.release()
  t.match(await s.stock(), { onHand: 10, reserved: 0 }, 'a second release moves nothing')
  t.same(await s.refused(), [])
})

test('a reservation by hand ends by itself when its time is over, and its row is forgotten later', async t => {
  const s = await shop(t)
  await s.hold({ livesMs: 2 * hourMs })
  await s.driver.advance(2 * hourMs - 1000)
  t.match(await s.stock(), { reserved: 4 })
  await s.driver.advance(2000)
  t.match([await s.stock(), (await s.row())?.status], [{ reserved: 0 }, 'expired'])
  t.same([await s.told(), await s.replied()], [['StockReserved', 'StockReleased', 'ReservationExpired'], []])
  await s.driver.advance(memoryMs + hourMs)
  t.equal(await s.row(), undefined)
})

test('a reservation by hand is refused when stock is short, and takes nothing', async t => {
  const s = await shop(t, 3)
  await s.hold({ commandId: 'id1' })
  t.match(await s.refused(), [{ key: sku, command: 'HoldStock', commandId: 'id1', code: 'short-stock', field: 'quantity', message: 'only 3 pieces are free' }])
  t.match([await s.stock(), (await s.row())?.status], [{ reserved: 0 }, 'rejected'])
  t.same([await s.told(), await s.replied()], [['StockReservationRejected'], []])
})

test('a reservation by hand does not take what others wait for', async t => {
  const s = await shop(t, 3)
  const lines = [{ lineNo: 1, sku, quantity: 5 }]
  await s.driver.pipe(commands, orderId, { type: 'ReserveStock', meta, orderId, attempt: 1, partition, lines, expiresAt: s.driver.nowMs + dayMs, waitsSince: s.driver.nowMs })
  await s.hold({ quantity: 1 })
  t.match(await s.refused(), [{ code: 'short-stock', message: 'only 0 pieces are free' }])
})

for (const [what, asked, code] of [
  ['the SKU is not registered', { of: 'CUP' }, 'unknown-sku'],
  ['it is of no piece', { quantity: 0 }, 'invalid-quantity'],
  ['it has ended before it begins', { livesMs: -1000 }, 'invalid-expiry'],
  ['it would last longer than 91 days', { livesMs: 92 * dayMs }, 'invalid-expiry'],
  ['nobody says what it is for', { reference: '' }, 'invalid-reference']
] as const) {
  test(`a reservation by hand is refused when ${what}`, async t => {
    const s = await shop(t)
    await s.hold(asked)
    t.match(await s.refused(), [{ command: 'HoldStock', code }])
    t.match(await s.stock(), { reserved: 0 })
    t.same([await s.replied(), await s.driver.deadLetters()], [[], []])
  })
}

test('a reservation by hand is made once when its command comes twice, and another one under its id is refused', async t => {
  const s = await shop(t)
  for (let time = 0; time < 2; time++) await s.hold({ commandId: 'id1', livesMs: hourMs })
  t.match(await s.stock(), { reserved: 4 })
  t.same(await s.refused(), [])
  await s.hold({ quantity: 5, commandId: 'id2' })
  t.match(await s.refused(), [{ code: 'lines-differ', commandId: 'id2' }])
  t.match(await s.stock(), { reserved: 4 })
})

test('the reservation of an order cannot be released by hand, and its id cannot be taken', async t => {
  const s = await shop(t)
  await s.order(3)
  await s.release(orderId)
  await s.hold({ id: orderId, quantity: 1 })
  await s.release('00000000-0000-4000-8000-00000000000c')
  t.same((await s.refused()).map(({ code }) => code), ['unknown-reservation', 'lines-differ', 'unknown-reservation'])
  t.match(await s.stock(), { reserved: 3 })
  t.same(await s.replied(), ['LinesReserved'])
})

test('a compensation for the id of a reservation by hand gives its pieces back, and answers no order', async t => {
  const s = await shop(t)
  await s.hold()
  await s.driver.pipe(topics.compensations.inventory, reservationId, { type: 'ReleaseReservation', meta, orderId: reservationId, attempt: 1, partition, reason: 'test' })
  t.match(await s.stock(), { onHand: 10, reserved: 0 })
  t.same(await s.replied(), [])
})

test('the events of reservations by hand alone tell the stock, whatever becomes of them', async t => {
  const s = await shop(t)
  const ids = Array.from({ length: 4 }, (_, at) => `00000000-0000-4000-8000-0000000000f${at}`)
  for (const id of ids) await s.hold({ id, quantity: 3 })
  await s.release(ids[1])
  await s.order(2)
  await s.driver.advance(2 * hourMs)
  const stock = await s.stock()
  let folded: StockState | undefined = openStock(sku, 10, 1)
  for (const { value } of await s.driver.read(events)) folded = evolveStock(folded, value)
  t.same(folded, stock)
  t.match(stock, { onHand: 10, reserved: 0, deducted: 0 })
})
