import { type OrderState, type OrderView, type ShipmentState, type ShipmentStage } from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { kept, leftToShip } from '../../topology/orders/progress.ts'
import { openReturns } from '../../topology/returns/return-states.ts'
import { topics } from '../../topology/topics.ts'
import { nowMs } from './cell.ts'
import { type Move } from './moves.ts'
import { type Scenario, orderIds, personalMeta } from './scenario.ts'
import { type Scene, type World } from './scene.ts'

/**
 * What comes of an order that is confirmed: the warehouse hands a piece over, the carrier tells of each parcel, the customer cancels, gives
 * pieces back, and is answered. All of it are free moves: the search has every way with and without them, in every order.
 */
export function fulfilmentMoves (scene: Scene, scenario: Scenario): readonly Move[] {
  if (scenario !== 'shipping' && scenario !== 'returns') return []
  return scene.orders.flatMap((_, order) => [...carrier(scene, order, scenario), ...scenario === 'shipping' ? partings(scene, order) : returns(scene, order)])
}

const onTheRoad: ReadonlySet<ShipmentStage> = new Set(['pickedUp', 'inTransit', 'outForDelivery', 'attemptFailed'])

/** What a carrier can tell of a parcel, by the scenario. */
const newsOf = {
  shipping: ['pickedUp', 'delivered', 'returned'],
  returns: ['delivered']
} as const satisfies Partial<Record<Scenario, readonly ShipmentStage[]>>

function carrier (scene: Scene, order: number, scenario: keyof typeof newsOf): readonly Move[] {
  const { shipment } = scene.orders[order] as Scene['orders'][number]
  const { commands } = topics.shipping
  return [1, 2].flatMap(shipmentNo => newsOf[scenario].map(stage => send(scene, order, `carrier ${stage} ${shipmentNo} of ${order}`, commands.name, world => {
    const row = Object.values(scene.cells.get(world[shipment] as number).rows).find(({ type }) => type === 'ShipmentState') as unknown as ShipmentState | undefined
    const parcel = row?.shipments.find(candidate => candidate.shipmentNo === shipmentNo)
    const isThere = parcel?.stage === 'created' ? stage !== 'returned' : parcel !== undefined && onTheRoad.has(parcel.stage) && stage !== 'pickedUp'
    if (parcel === undefined || !isThere) return undefined
    return { type: 'RecordTracking', id: `news-${order}-${shipmentNo}-${stage}`, shipmentId: parcel.shipmentId, stage, location: null, note: null, at: nowMs }
  })))
}

function partings (scene: Scene, order: number): readonly Move[] {
  return [
    ofOrder(scene, order, `ship a piece of ${order}`, known => isLeft(known) ? { type: 'ShipOrder', id: `ship-${order}`, lines: [{ lineNo: 1, quantity: 1 }] } : undefined),
    ofOrder(scene, order, `cancel what is left of ${order}`, known => isLeft(known) ? { type: 'CancelOrder', id: `cancel-${order}`, reason: '' } : undefined)
  ]
}

/** Nobody asks for what the order is sure to refuse: that would go on for ever. */
const isLeft = ({ saga, view }: Known): boolean => saga.phase === 'fulfilling' && leftToShip(view).length > 0

function returns (scene: Scene, order: number): readonly Move[] {
  const ask = (name: string, quantity: number): Move => ofOrder(scene, order, `ask to return ${name} of ${order}`, known =>
    returnable(known) >= quantity
      ? { type: 'RequestReturn', id: `return-${order}-${name}`, lines: [{ lineNo: 1, quantity }], reason: '' }
      : undefined)
  const answer = (approved: boolean): Move => ofOrder(scene, order, `${approved ? 'approve' : 'decline'} a return of ${order}`, ({ view }) => {
    const found = view.returns.find(({ status }) => status === 'requested')
    return found === undefined ? undefined : { type: 'ApproveReturn', id: `answer-${found.returnId}`, returnId: found.returnId, approved, reason: '' }
  })
  const receive = ofOrder(scene, order, `receive a return of ${order}`, ({ view }) => {
    const found = view.returns.find(({ status }) => status === 'approved')
    return found === undefined ? undefined : { type: 'ReceiveReturn', id: `receive-${found.returnId}`, returnId: found.returnId, lines: [] }
  })
  return [ask('one', 1), ask('another', 1), ask('both', 2), answer(true), answer(false), receive]
}

function returnable ({ saga, view }: Known): number {
  const open = view.returns.filter(({ status }) => openReturns.has(status)).flatMap(({ lines }) => lines)
  return saga.phase === 'delivered' ? piecesOf(kept(view.progress)) - piecesOf(open) : 0
}

function piecesOf (lines: ReadonlyArray<{ readonly quantity: number }>): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0)
}

interface Known { readonly saga: OrderState, readonly view: OrderView }
type Given = { readonly type: string, readonly id: string } & Readonly<Record<string, unknown>>

function ofOrder (scene: Scene, order: number, name: string, commandOf: (known: Known) => Given | undefined): Move {
  const orderId = orderIds[order] as string
  const { order: slot } = scene.orders[order] as Scene['orders'][number]
  return send(scene, order, name, topics.orders.commands.name, world => {
    const { rows } = scene.cells.get(world[slot] as number)
    const [saga, view] = [rows[`orders/${orderId}`] as OrderState | undefined, rows[`view/${orderId}`] as OrderView | undefined]
    const given = saga === undefined || view === undefined ? undefined : commandOf({ saga, view })
    return given === undefined || saga?.commandIds.includes(given.id) === true ? undefined : given
  })
}

/** Sends what is to be given now, unless it lies in the queue. */
function send (scene: Scene, order: number, name: string, topic: string, given: (world: World) => Given | undefined): Move {
  const { slot } = scene.queueOf(topic, order)
  return {
    id: name,
    kind: 'free',
    apply (world) {
      const command = given(world)
      if (command === undefined) return undefined
      const { id, ...body } = command
      const message = scene.message({ ...body, meta: personalMeta(id), orderId: orderIds[order] } as unknown as TypedValue)
      if (scene.list(world[slot] as number).includes(message)) return undefined
      const next = [...world]
      next[slot] = scene.push(world[slot] as number, message)
      return next
    }
  }
}
