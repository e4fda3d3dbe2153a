import { type Test, test } from 'tap'
import { listen } from '#streams'
import { visitCommandId } from '../../topology/behaviour/behaviour.ts'
import { handlerCatalogue } from '../../topology/handler-catalogue.ts'
import { type HandlerEntry } from '../../topology/handler-entry.ts'
import { topics } from '../../topology/topics.ts'
import { commandMeta, line } from './orders/order-fixtures.ts'
import { Platform, orderIdOf, pieces, skus } from './platform.ts'

/** Handlers that the platform before this one had: the first of the catalogue. */
const reference = handlerCatalogue.filter((entry): entry is HandlerEntry => entry.no <= 26 && !('isOpen' in entry))
const [happy, declined, short, cancelled] = [1, 2, 3, 4].map(orderIdOf) as [string, string, string, string]
const sku = skus[0] ?? ''

/** Notes what the processors handle, as `processor type`. */
function watchHandlers (t: Test): ReadonlySet<string> {
  const reached = new Set<string>()
  t.teardown(listen('streams:input:ended', ({ processor, how, value }) => {
    if (how === 'handled' && value !== undefined) reached.add(`${processor} ${(value as { readonly type: string }).type}`)
  }))
  return reached
}

/** What people do: everything else is done by the processors. */
async function trade (platform: Platform): Promise<void> {
  const { driver } = platform
  await platform.place(happy)
  await platform.place(declined, { payment: { method: 'card', token: 'tok_declined' } })
  await platform.place(short, { lines: [line(sku, { quantity: pieces + 1 })] })
  await platform.place(cancelled)
  await driver.run()
  await platform.cancel(cancelled)
  await driver.run()
  const shipmentId = (await platform.view(happy))?.parcels[0]?.shipmentId ?? ''
  for (const stage of ['pickedUp', 'delivered'] as const) {
    const meta = { ...commandMeta, commandId: `news-${stage}` }
    await driver.pipe(topics.shipping.commands, happy, { type: 'RecordTracking', meta, orderId: happy, shipmentId, stage, location: null, note: null, at: driver.nowMs })
  }
  await driver.pipe(topics.inventory.commands, sku, {
    type: 'AdjustStock', meta: { ...commandMeta, commandId: 'count' }, sku, delta: -1, reason: 'broken', expectedVersion: null
  })
  const visit = (eventId: string) => {
    return { meta: { ...commandMeta, commandId: visitCommandId('session-1', eventId) }, sessionId: 'session-1', eventId, at: driver.nowMs, sku }
  }
  await driver.pipe(topics.behaviour.commands, 'session-1', { type: 'RecordProductViewed', ...visit('view-0001') })
  await driver.pipe(topics.behaviour.commands, 'session-1', { type: 'RecordProductAddedToCart', ...visit('cart-0001'), quantity: 1 })
  await driver.run()
}

test('every handler of the reference is reached by the events of a day when customers buy, are declined, come short, cancel and look around', async t => {
  const reached = watchHandlers(t)
  const platform = await Platform.start(t)
  await trade(platform)
  t.equal(reference.length, 26)
  for (const { no, name, node, on } of reference) t.ok(on.some(type => reached.has(`${node} ${type}`)), `${no} ${name}: ${node} handled ${on.join(' or ')}`)
  const told = new Set((await platform.driver.read(topics.notifications.requests)).map(({ value }) => value.template))
  for (const template of ['order-created', 'order-shipped', 'payment-completed', 'payment-failed', 'order-cancelled']) t.ok(told.has(template), `handlers 13 to 17: ${template}`)
  const facts = new Set((await platform.driver.read(topics.analytics.facts)).map(({ value }) => value.type))
  t.ok(facts.size >= 4, `handlers 18 to 26 count: ${[...facts].join(', ')}`)
  t.same(await platform.driver.deadLetters(), [])
})
