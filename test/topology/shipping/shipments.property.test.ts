import fc from 'fast-check'
import { test } from 'tap'
import { shipmentStageSymbols } from '#schemas'
import { maxHistory } from '../../../topology/shipping/tell-news.ts'
import { endStages, maxAttempts } from '../../../topology/shipping/stages.ts'
import { type ShipmentCommand } from '../../../topology/shipping/shipment.ts'
import { type ShipmentEventBody } from '../../../topology/shipping/shipment-draft.ts'
import { ShipmentWorld, attempt, cancelShipment, createShipment, dayMs, delivery, embedded, handOver, idOf, lines, tracking } from './shipping-fixtures.ts'

const shipmentNo = fc.integer({ min: 1, max: 4 })
const at = fc.integer({ min: 0, max: 12 * dayMs })
const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 })), { maxLength: 2 })
const commandArb: fc.Arbitrary<ShipmentCommand> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(createShipment()) },
  { weight: 2, arbitrary: fc.tuple(fc.integer({ min: 2, max: 4 }), pieces).map(([no, list]) => handOver(no, ...list)) },
  { weight: 1, arbitrary: fc.constant(cancelShipment) },
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom(...shipmentStageSymbols), at, shipmentNo).map(([stage, time, no]) => tracking(stage, time, { shipmentId: idOf(no) }))
  },
  { weight: 2, arbitrary: fc.tuple(at, shipmentNo).map(([time, no]) => attempt(time, 'closed', no)) },
  { weight: 1, arbitrary: fc.tuple(at, shipmentNo).map(([time, no]) => delivery(time, no)) }
)
const stepArb = fc.oneof(
  { weight: 3, arbitrary: commandArb },
  { weight: 2, arbitrary: fc.record({ fireLateMs: fc.constantFrom(0, 0, 500, 9_000) }) },
  { weight: 1, arbitrary: fc.constant({ takeover: true as const }) }
)
type Step = typeof stepArb extends fc.Arbitrary<infer T> ? T : never

function perform (world: ShipmentWorld, step: Step): void {
  if ('fireLateMs' in step) world.fire(step.fireLateMs)
  else if ('takeover' in step) world.runningSinceMs = world.nowMs
  else world.tell(step)
}

function expect (holds: boolean, what: string): void {
  if (!holds) throw new Error(what)
}

const count = (list: ReadonlyArray<{ readonly quantity: number }>): number => list.reduce((sum, { quantity }) => sum + quantity, 0)
const total = count(lines)

/** What must hold at any time: no piece is lost or sent twice, and every shipment stands where its events say. */
function check (world: ShipmentWorld): void {
  const { shipments = [], status } = world.state ?? {}
  if (shipments.length > 0) expect(count(shipments.flatMap(parcel => parcel.lines)) === total, 'pieces are lost or doubled')
  for (const { stage, attempts, history } of shipments) {
    expect(attempts <= maxAttempts && history.length <= maxHistory, 'it has no bounds')
    expect(status === 'created' || stage !== 'created', 'it waits though its order was cancelled')
  }
}

type Of<Type extends ShipmentEventBody['type']> = Extract<ShipmentEventBody, { type: Type }>

/** What must hold of all that was said: each shipment left once and ended once, and nothing that was stopped ever left. */
function checkStory (world: ShipmentWorld): void {
  const of = <Type extends ShipmentEventBody['type']>(type: Type): Array<Of<Type>> => world.events.filter((event): event is Of<Type> => event.type === type)
  const created = of('ShipmentCreated').map(event => event.shipmentNo)
  expect(new Set(created).size === created.length, 'a shipment was created twice')
  const picked = of('ShipmentPickedUp').map(event => event.shipmentNo)
  expect(new Set(picked).size === picked.length, 'a shipment was picked up twice')
  const ended = [...of('ShipmentDelivered'), ...of('ShipmentReturned')]
  const endedNos = ended.map(event => event.shipmentNo)
  expect(new Set(endedNos).size === endedNos.length, 'a shipment ended twice')
  const late = of('ShipmentDelayed').map(event => event.shipmentNo)
  expect(new Set(late).size === late.length, 'a shipment was told to be late twice')
  const stopped = of('ShipmentCancelled').filter(event => !event.nothingToCancel)
  expect(stopped.length <= 1, 'two answers say what was stopped')
  const pieces = count(ended.flatMap(event => event.lines)) + count(stopped.flatMap(event => event.lines))
  expect(created.length === 0 || pieces === total, `${pieces} of ${total} pieces ended`)
  expect(endedNos.every(no => picked.includes(no)), 'something ended that never left')
}

test('no order of commands, late timers and takeovers loses a piece, and every shipment ends once', t => {
  fc.assert(fc.property(fc.array(stepArb, { maxLength: 40 }), fc.integer({ min: 0, max: 3 }), (steps, vainAttempts) => {
    const world = new ShipmentWorld(embedded({ vainShare: 1, vainAttempts }))
    for (const step of steps) {
      perform(world, step)
      check(world)
    }
    world.settle()
    check(world)
    expect(world.dueMs === null, 'it never ends')
    expect((world.state?.shipments ?? []).every(({ stage }) => endStages.has(stage)), 'a shipment did not end')
    checkStory(world)
  }), { numRuns: 1_500 })
  t.pass('1,500 histories')
  t.end()
})

test('a history told twice, command for command, is the history told once', t => {
  fc.assert(fc.property(fc.array(commandArb, { maxLength: 25 }), commands => {
    const [once, twice] = [new ShipmentWorld(), new ShipmentWorld()]
    const answers = new Set(['ShipmentCancelled', 'ShipmentRefused'])
    for (const command of commands) {
      once.tell(command)
      twice.tell(command, command)
    }
    const told = (world: ShipmentWorld) => world.events.filter(({ type }) => !answers.has(type))
    t.strictSame(told(twice), told(once))
    t.strictSame(twice.state?.shipments, once.state?.shipments)
  }), { numRuns: 200 })
  t.end()
})
