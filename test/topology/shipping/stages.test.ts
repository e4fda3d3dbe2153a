import { test } from 'tap'
import { type ShipmentStage, shipmentStageSymbols } from '#schemas'
import { endStages, maxAttempts, stageSteps } from '../../../topology/shipping/stages.ts'

test('a shipment that has ended never moves, whatever is told of it', t => {
  for (const stage of endStages) {
    for (const news of shipmentStageSymbols) t.not(['move', 'again'].includes(stageSteps[stage][news]), true, `${stage} × ${news}`)
  }
  t.end()
})

test('every stage but the ends leads to an end, by steps of the table', t => {
  for (const from of shipmentStageSymbols) {
    const reached = new Set<ShipmentStage>([from])
    for (const stage of reached) for (const news of shipmentStageSymbols) if (['move', 'again'].includes(stageSteps[stage][news])) reached.add(news)
    t.ok([...reached].some(stage => endStages.has(stage)), from)
    if (!endStages.has(from)) t.ok(reached.has('delivered'), `${from} may be delivered`)
  }
  t.end()
})

test('no news cancels a shipment, and only one that has left can come back', t => {
  for (const stage of shipmentStageSymbols) t.equal(stageSteps[stage].cancelled, 'refuse', stage)
  t.equal(stageSteps.created.returned, 'refuse')
  t.same(shipmentStageSymbols.filter(stage => stageSteps[stage].returned === 'move'), ['pickedUp', 'inTransit', 'outForDelivery', 'attemptFailed'])
  t.end()
})

test('stages go back only round an attempt, and then only by newer news', t => {
  const order = ['created', 'pickedUp', 'inTransit', 'outForDelivery'] as const
  for (const [index, stage] of order.entries()) for (const older of order.slice(0, index)) t.equal(stageSteps[stage][older], 'note', `${stage} × ${older}`)
  t.same([stageSteps.outForDelivery.attemptFailed, stageSteps.attemptFailed.outForDelivery, stageSteps.attemptFailed.attemptFailed], ['again', 'again', 'again'])
  t.equal(maxAttempts, 3)
  t.end()
})
