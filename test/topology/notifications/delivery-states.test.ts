import { test } from 'tap'
import { deliveryStatusSymbols } from '#schemas'
import { heldBackWaitMs, retryWaitMs } from '../../../topology/notifications/backoff.ts'
import { type DeliveryEvent, deliverySteps } from '../../../topology/notifications/delivery-states.ts'
import { templates } from '../../../topology/notifications/templates.ts'
import { notices } from '../../../topology/notifications/request-notifications.ts'

test('every state of a delivery is in the table, and what has ended is never called again', t => {
  t.same(Object.keys(deliverySteps).sort(), [...deliveryStatusSymbols].sort())
  for (const ended of ['sent', 'delivered', 'bounced', 'failed', 'cancelled'] as const) {
    for (const event of ['call', 'hold', 'putOff', 'take', 'cancel'] as const satisfies readonly DeliveryEvent[]) t.equal(deliverySteps[ended][event], undefined, `${ended} ${event}`)
  }
  t.end()
})

test('every state but the last ones is reached from the first', t => {
  const reached = new Set(['scheduled'])
  for (let before = -1; before !== reached.size;) {
    before = reached.size
    for (const status of [...reached] as Array<keyof typeof deliverySteps>) for (const next of Object.values(deliverySteps[status])) reached.add(next)
  }
  t.same([...reached].sort(), [...deliveryStatusSymbols].sort())
  t.end()
})

test('waits grow, stay below their limit and are the same for the same try', t => {
  for (const wait of [retryWaitMs, heldBackWaitMs]) {
    t.equal(wait('a', 3), wait('a', 3))
    t.ok(wait('a', 1) >= 7_500 && wait('a', 1) <= 18_750)
    t.ok(wait('a', 40) <= 3_600_000 * 1.25)
  }
  t.end()
})

test('whatever is told has a template', t => {
  for (const { template } of Object.values(notices)) t.ok(Object.hasOwn(templates, template), template)
  t.end()
})
