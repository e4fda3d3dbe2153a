import { test } from 'tap'
import { type CommandMeta } from '#schemas'
import { type TestDriver, createTestDriver } from '../../../streams/testing/index.ts'
import { type Body } from '../../../topology/commands/body.ts'
import { createShippingProcessor, newsStore, shipmentIndex, shipmentStore } from '../../../topology/shipping/process-shipping.ts'
import { type ShippingCommand, topics } from '../../../topology/topics.ts'
import { bindMemoryCodec } from '../../support/bind-codec.ts'
import { attempt, cancelShipment, createShipment, dayMs, delivery, embedded, handOver, idOf, orderId, startMs, tracking } from './shipping-fixtures.ts'

type Message = Body<ShippingCommand>

let next = 1
const meta = (commandId = `c${next++}`): CommandMeta => ({ commandId, bodyHash: null, issuedAt: startMs, correlationId: 'corr', principal: null, tenant: 'default' })

async function start (t: { teardown (close: () => Promise<void>): void }, carriers = embedded()) {
  await bindMemoryCodec()
  const processor = createShippingProcessor({ carriers })
  const driver = await createTestDriver({ nodes: [processor] })
  t.teardown(async () => { await driver.close() })
  const send = async (command: Message, commandId?: string): Promise<void> => {
    await driver.pipe(topics.shipping.commands, orderId, { ...command, meta: meta(commandId) } as ShippingCommand)
  }
  return { driver, processor, send, said: async () => await saidOf(driver) }
}

async function saidOf (driver: TestDriver): Promise<readonly string[]> {
  return (await driver.read(topics.shipping.events)).map(({ value }) => value.type)
}

test('an order is shipped, carried and delivered by the embedded carrier, with one row and one timer', async t => {
  const { driver, processor, send, said } = await start(t)
  await send(createShipment())
  t.same(await said(), ['ShipmentCreated'])
  await driver.advance(6 * dayMs)
  t.same(await said(), ['ShipmentPickedUp', 'ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDelivered'])
  t.match(await driver.store(processor, shipmentStore).get(orderId), { correlationId: 'corr', timerDueMs: null, shipments: [{ stage: 'delivered' }] })
  t.match(await driver.store(processor, shipmentIndex).get(idOf(1)), { orderId })
  await driver.advance(60 * dayMs)
  t.same(await said(), [])
})

test('events of a journey are caused by their timer and belong to what the order caused', async t => {
  const { driver, send } = await start(t)
  await send(createShipment())
  await driver.advance(dayMs)
  const [created, picked] = (await driver.read(topics.shipping.events)).map(({ value }) => value.meta)
  t.match([created?.correlationId, picked?.correlationId], ['corr', 'corr'])
  t.match(picked?.causationId, /^timer\//)
})

test('a shipment that is not delivered by its promise is told to be late, once', async t => {
  const { driver, send, said } = await start(t, [])
  await send(createShipment({ deliverySpeed: 'sameDay' }))
  await driver.advance(43_200_000 - 60_000)
  t.same(await said(), ['ShipmentCreated'])
  await driver.advance(120_000)
  t.same(await said(), ['ShipmentDelayed'])
  await driver.advance(86_400_000)
  t.same(await said(), [])
})

test('a cancellation that races the pick-up is answered once, by what was stopped or that it has left', async t => {
  for (const [waitMs, answer, rest] of [
    [0, { nothingToCancel: false, shipped: false, lines: { length: 2 } }, []],
    [dayMs, { nothingToCancel: true, shipped: true, lines: [] }, ['ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDelivered']]
  ] as const) {
    const { driver, send, said } = await start(t)
    await send(createShipment())
    await driver.advance(waitMs)
    await driver.pipe(topics.compensations.shipment, orderId, { ...cancelShipment, meta: meta() })
    const answers = (await driver.read(topics.shipping.events)).map(({ value }) => value).filter(({ type }) => type === 'ShipmentCancelled')
    t.match(answers, [answer])
    await driver.advance(6 * dayMs)
    t.same(await said(), rest)
  }
})

test('a part is sent on its own, and the rest follows by itself', async t => {
  const { driver, processor, send } = await start(t)
  await send(createShipment())
  await send(handOver(2, [1, 2]))
  await driver.advance(6 * dayMs)
  const ended = (await driver.read(topics.shipping.events)).map(({ value }) => value).filter(({ type }) => type === 'ShipmentDelivered')
  t.match(ended, [
    { shipmentNo: 2, lines: [{ lineNo: 1, quantity: 2 }] }, { shipmentNo: 1, lines: [{ lineNo: 1, quantity: 1 }, { lineNo: 2, quantity: 1 }] }
  ])
  t.match(await driver.store(processor, shipmentIndex).get(idOf(2)), { orderId })
})

test('a command that comes twice is carried out once: what was refused is refused again, other content under its id is a conflict', async t => {
  const { driver, send, said } = await start(t, [])
  await send(createShipment())
  await said()
  await send(attempt(1), 'a1')
  await send(attempt(1), 'a1')
  await send(attempt(9), 'a1')
  await send(delivery(4, 7), 'd1')
  await send(delivery(4, 7), 'd1')
  t.same(await said(), ['ShipmentPickedUp', 'ShipmentDeliveryFailed'])
  t.match((await driver.read(topics.orders.rejections)).map(({ key, value }) => [key, value.command, value.commandId, value.code]), [
    [orderId, 'RecordDeliveryAttempt', 'a1', 'command-id-reused'],
    [orderId, 'ConfirmDelivery', 'd1', 'unknown-shipment'],
    [orderId, 'ConfirmDelivery', 'd1', 'unknown-shipment']
  ])
})

test('a command without an id is remembered by nobody, and is decided by the stages alone', async t => {
  const { driver, processor, send, said } = await start(t, [])
  await send(createShipment())
  await said()
  await send(tracking('inTransit', 1), '')
  await send(tracking('inTransit', 1), '')
  t.same(await said(), ['ShipmentPickedUp', 'ShipmentInTransit'])
  t.equal((await driver.store(processor, newsStore).rows()).size, 0)
  t.match(await driver.store(processor, shipmentStore).get(orderId), { repeats: 1 })
})

test('command ids are forgotten a day after their topic has', async t => {
  const { driver, processor, send } = await start(t, [])
  await send(createShipment())
  await send(delivery(4), 'd1')
  await driver.run()
  t.equal((await driver.store(processor, newsStore).rows()).size, 1)
  await driver.advance(8 * 86_400_000 + 60_000)
  t.equal((await driver.store(processor, newsStore).rows()).size, 0)
})

test('a task that takes over goes on with the journey, and gives a cancellation the whole window again', async t => {
  const { driver, send, said } = await start(t, embedded({ pickupAfterMs: 10_000 }))
  await send(createShipment())
  await driver.advance(9_000)
  await driver.restart()
  await driver.advance(2_000)
  t.same(await said(), ['ShipmentCreated'], 'due after 10 s, and taken over after 9 s')
  await driver.advance(8_500)
  t.same(await said(), ['ShipmentPickedUp'], 'due after 19 s')
  driver.backend.flush()
  await driver.restart()
  await driver.advance(6 * dayMs)
  t.same(await said(), ['ShipmentInTransit', 'ShipmentOutForDelivery', 'ShipmentDelivered'])
})

test('a record under another key or without a proper order id is a dead letter, and parks nothing', async t => {
  const { driver, send, said } = await start(t)
  await driver.pipe(topics.shipping.commands, 'other', { ...createShipment(), meta: meta() } as ShippingCommand)
  await driver.pipe(topics.shipping.commands, 'order-1', { ...createShipment({ orderId: 'order-1' }), meta: meta() } as ShippingCommand)
  t.equal((await driver.deadLetters()).length, 2)
  await send(createShipment())
  t.same(await said(), ['ShipmentCreated'])
})
