import { type OrderState, type OrderView } from '#schemas'
import { type TypedValue } from '../../streams/serde/serde.ts'
import { fillTimer } from '../../topology/inventory/carry-out.ts'
import { orderPhases } from '../../topology/orders/phases.ts'
import { topics } from '../../topology/topics.ts'
import { type Cell, nowMs } from './cell.ts'
import { type Move, stepped, timer } from './moves.ts'
import { type Scenario, delivery, openingStock, orderIds, personalMeta, quantity } from './scenario.ts'
import { type Scene, type World } from './scene.ts'

/**
 * What comes of an order that asks its customer, or that waits for stock. What the customer does and what is delivered are free moves: the
 * search has every way with and without them.
 */
export function waitingMoves (scene: Scene, scenario: Scenario): readonly Move[] {
  if (!asking.has(scenario)) return []
  return [...scenario === 'backorder' ? [...fills(scene), ...deliveriesOfStock(scene)] : [], ...ofCustomers(scene, scenario)]
}

const asking: ReadonlySet<Scenario> = new Set(['amend', 'backorder', 'repay', 'review'])

function ofCustomers (scene: Scene, scenario: Scenario): readonly Move[] {
  const { lines } = scene.size
  return scene.orders.flatMap((_, order) => [
    // The last line is the one that is short: taking what is there is enough, and so is going without it.
    amend(scene, order, 'to what is there', { lineNo: lines, quantity: quantity - 1 }),
    ...lines === 1 ? [] : [amend(scene, order, 'without the last line', { lineNo: lines, quantity: 0 })],
    ...lines === 1 || scenario !== 'amend' ? [] : [amend(scene, order, 'another line', { lineNo: 1, quantity: 1 })],
    payAgain(scene, order, 'with another card', { method: 'card', token: 'tok_ok' }),
    payAgain(scene, order, 'with the same card', null),
    review(scene, order, true),
    review(scene, order, false),
    send(scene, order, `cancel when asked ${order}`, ({ view }) => asks.has(view.state) ? { type: 'CancelOrder', reason: '', id: `cancel-${order}` } : undefined)
  ])
}

const asks: ReadonlySet<OrderView['state']> = new Set(['ActionRequired', 'BackOrdered', 'OnRiskReview'])

interface AmendLine { readonly lineNo: number, readonly quantity: number }

/** Takes less of a line, while the order would do so and has more of it. */
function amend (scene: Scene, order: number, name: string, change: AmendLine): Move {
  return send(scene, order, `amend ${order} ${name}`, ({ saga, view }) => {
    const has = view.lines.find(({ lineNo }) => lineNo === change.lineNo)?.quantity ?? 0
    const isAsked = orderPhases[saga.phase].AmendOrder === 'take' && has > change.quantity && (change.quantity > 0 || view.lines.length > 1)
    return isAsked ? { type: 'AmendOrder', lines: [change], id: `amend-${order}-${change.lineNo}-${change.quantity}` } : undefined
  })
}

/** Pays again, once for each payment that was declined; with the same card only after the first, as every further time is like it. */
function payAgain (scene: Scene, order: number, name: string, payment: { readonly method: 'card', readonly token: string } | null): Move {
  return send(scene, order, `pay ${order} ${name}`, ({ saga }) => orderPhases[saga.phase].RetryPayment === 'take' && (payment !== null || saga.paymentAttempt === 1)
    ? { type: 'RetryPayment', payment, id: `pay-${order}-${saga.paymentAttempt}-${payment?.token ?? 'same'}` }
    : undefined)
}

/** A person decides; both may have been sent before one of them is handled. */
function review (scene: Scene, order: number, approved: boolean): Move {
  return send(scene, order, `review ${order} ${approved ? 'approves' : 'refuses'}`, ({ saga }) => orderPhases[saga.phase].ReviewDecision === 'take'
    ? { type: 'ReviewDecision', approved, reason: '', id: `review-${order}-${String(approved)}` }
    : undefined)
}

interface Known { readonly saga: OrderState, readonly view: OrderView }
type Asked = { readonly type: string, readonly id: string } & Readonly<Record<string, unknown>>

/** Sends a command whose time has come, once: not while it lies in the queue, nor after it was carried out. */
function send (scene: Scene, order: number, id: string, commandOf: (known: Known) => Asked | undefined): Move {
  const orderId = orderIds[order] as string
  const { order: cellSlot } = scene.orders[order] as Scene['orders'][number]
  const { slot } = scene.queueOf(topics.orders.commands.name, order)
  return {
    id,
    kind: 'free',
    apply (world) {
      const { rows } = scene.cells.get(world[cellSlot] as number)
      const [saga, view] = [rows[`orders/${orderId}`] as OrderState | undefined, rows[`view/${orderId}`] as OrderView | undefined]
      if (saga === undefined || view === undefined) return undefined
      const asked = commandOf({ saga, view })
      if (asked === undefined) return undefined
      const { id: commandId, ...body } = asked
      if (saga.commandIds.includes(commandId)) return undefined
      const message = scene.message({ ...body, meta: personalMeta(commandId), orderId } as unknown as TypedValue)
      if (scene.list(world[slot] as number).includes(message)) return undefined
      const next = [...world]
      next[slot] = scene.push(world[slot] as number, message)
      return next
    }
  }
}

/** Stock came for those who wait for it: they are looked through. */
function fills (scene: Scene): readonly Move[] {
  return scene.stock.flatMap((slot, place) => openingStock('backorder', scene.size, place).map(([sku]) =>
    timer(scene, { id: `fill ${sku}`, kind: 'system' }, 'inventory', slot, fillTimer + sku, place, () => nowMs)))
}

/** Two deliveries of the SKU that there is none of: the first does not suffice, both do. They may come while somebody waits for stock. */
function deliveriesOfStock (scene: Scene): readonly Move[] {
  const place = scene.stock.length - 1
  const cellSlot = scene.stock[place] as number
  const [sku] = openingStock('backorder', scene.size, place).at(-1) as readonly [string, number]
  const ids = ['restock-1', 'restock-2'] as const
  const isBackOrdered = ({ order }: Scene['orders'][number], index: number, world: World): boolean =>
    (scene.cells.get(world[order] as number).rows[`view/${orderIds[index]}`] as OrderView | undefined)?.state === 'BackOrdered'
  const isWaited = (world: World, rows: Cell['rows']): boolean =>
    scene.orders.some((slots, index) => isBackOrdered(slots, index, world)) || Object.values(rows).some(({ type }) => type === 'BackOrderState')
  return ids.map((id, index): Move => ({
    id: `delivery ${index + 1}`,
    kind: 'free',
    apply (world: World) {
      const cellId = world[cellSlot] as number
      const { rows } = scene.cells.get(cellId)
      if (!isWaited(world, rows) || `processed/${id}` in rows || !ids.slice(0, index).every(before => `processed/${before}` in rows)) return undefined
      const value = { type: 'Restock', meta: personalMeta(id), sku, quantity: delivery } as unknown as TypedValue
      const step = scene.step('inventory', cellId, -1 - scene.stimulus(id), () => ({ kind: 'record', topic: topics.inventory.commands.name, key: sku, value, place }))
      return stepped(scene, world, 'inventory', cellSlot, step)
    }
  }))
}
