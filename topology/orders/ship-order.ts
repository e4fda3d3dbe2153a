import { type ProductView, type ShipOrder } from '#schemas'
import { type Body } from '../commands/body.ts'
import { type ShipmentEvent } from '../topics.ts'
import { checkPieces } from './check-pieces.ts'
import { type OrderDraft } from './draft.ts'
import { type Rejection, reject } from './price-order.ts'
import { leftToShip, without } from './progress.ts'
import { volumeOf, weightOf } from './weight.ts'

/**
 * Hands pieces to the carrier as a parcel of its own. Shipping takes them out of what has not left; where they had left already, it refuses,
 * and whoever asked is told. `product`: the catalog as it is now, for the weight of the parcel.
 */
export function shipOrder (
  draft: OrderDraft, { lines }: Body<ShipOrder>, commandId: string, product: (sku: string) => ProductView | undefined
): Rejection | undefined {
  const { orderId, handOvers, shippingAddress, deliverySpeed, weightGrams, volumeCm3 } = draft.saga
  const { view } = draft
  const free = without(leftToShip(view), handOvers.flatMap(handOver => handOver.lines))
  const broken = checkPieces(lines, free)
  if (broken !== undefined) return broken
  if (free.length === 0 || shippingAddress === null) return reject('nothing-to-ship', null)
  const pieces = lines.length === 0 ? free : lines.map(({ lineNo, quantity }) => ({ lineNo, quantity }))
  const quantities = new Map(pieces.map(({ lineNo, quantity }) => [lineNo, quantity]))
  const goods = view.lines.flatMap(line => quantities.has(line.lineNo) ? [{ ...line, quantity: quantities.get(line.lineNo) as number }] : [])
  const shipmentNo = Math.max(draft.saga.shipments, 1) + 1
  draft.remember({ shipments: shipmentNo, handOvers: [...handOvers, { shipmentNo, commandId, lines: pieces }] })
  draft.send({
    type: 'CreateShipment',
    orderId,
    customerId: view.customerId,
    shippingAddress,
    deliverySpeed,
    orderTotal: view.total,
    currency: view.currency,
    weightGrams: weightOf(goods, product) ?? weightGrams,
    volumeCm3: volumeOf(goods, product) ?? volumeCm3,
    shipmentNo,
    handedOver: true,
    lines: goods.map(({ lineNo, sku, quantity }) => ({ lineNo, sku, quantity }))
  })
  return undefined
}

/** Shipping could not make the parcel: whoever asked for it is told, and its pieces are free again. */
export function refuseHandOver (draft: OrderDraft, { shipmentNo, reason }: Extract<Body<ShipmentEvent>, { type: 'ShipmentRefused' }>): void {
  const { handOvers } = draft.saga
  const refused = handOvers.find(handOver => handOver.shipmentNo === shipmentNo)
  if (refused === undefined) return draft.countRepeat()
  draft.remember({ handOvers: handOvers.filter(handOver => handOver !== refused) })
  draft.refuse({ command: 'ShipOrder', commandId: refused.commandId, rejection: reject('left-already', '/lines', reason) })
}
