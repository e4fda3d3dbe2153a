import { type OrderState, type OrderView, type PaymentState, type ReservationState, type ShipmentState } from '#schemas'
import { isLive } from '../../topology/inventory/reservation.ts'
import { outcomeEvents } from '../../topology/orders/order.ts'
import { type Books, authorisationsOf } from './books.ts'
import { type Cell } from './cell.ts'
import { type ProcessName } from './processes.ts'
import { rowsOf } from './rows.ts'
import { orderIds } from './scenario.ts'
import { type OrderSlots, type Scene, type Stepped, Violation, type World } from './scene.ts'
import { checkStock } from './stock-properties.ts'

/** What must hold after every step, and where nothing happens by itself any more. Written against the rows and the provider's books alone. */

const outcomes: ReadonlySet<string> = new Set(Object.values(outcomeEvents))

/** Cells that keep their own laws. */
const sound = new WeakSet<Cell>()
const soundBooks = new WeakSet<Books>()

/** @throws {Violation} when the step broke a law. `world` is the one after it. */
export function checkStep (scene: Scene, process: ProcessName, before: number, step: Stepped, world: World): void {
  const cell = scene.cells.get(step.cell)
  if (process === 'orders') checkOrder(scene, scene.cells.get(before), cell, step, world)
  if (sound.has(cell)) return
  if (process === 'inventory') checkStock(cell)
  if (process === 'payments') checkPayment(cell)
  sound.add(cell)
}

function checkPayment (cell: Cell): void {
  for (const { authorised, captured, voided, refunded } of rowsOf<PaymentState>(cell, 'PaymentState')) {
    if (authorised < captured + voided || captured < refunded) throw new Violation('the payment gives back more than it took')
  }
}

function checkOrder (scene: Scene, before: Cell, after: Cell, { said, asked }: Stepped, world: World): void {
  const [saga] = rowsOf<OrderState>(after, 'OrderState')
  const [view] = rowsOf<OrderView>(after, 'OrderView')
  if (saga === undefined || view === undefined) return
  const [old] = rowsOf<OrderView>(before, 'OrderView')
  const order = orderIds.indexOf(saga.orderId as typeof orderIds[number])
  const slots = scene.orders[order] as OrderSlots
  if ((old?.outcome ?? null) !== null && old?.outcome !== view.outcome) throw new Violation(`the order was ${old?.outcome} and is ${view.outcome}`)
  checkLines(view)
  if (said.filter(type => type === 'OrderDelivered' || outcomes.has(type)).length > (old?.outcome == null ? 1 : 0)) throw new Violation('the order has two outcomes')
  if ((saga.timerDueMs !== null) !== (saga.orderId in after.timers)) throw new Violation('the timer row is not what the saga believes')
  if (saga.timerDueMs === null && (saga.stepDueMs !== null || saga.sagaDueMs !== null)) throw new Violation('the order waits and no timer is set')
  if (view.total !== view.lines.reduce((sum, line) => sum + line.unitPrice * BigInt(line.quantity), 0n)) throw new Violation('the order does not cost what its lines cost')
  checkOneAttempt(scene, world, saga.orderId)
  if (asked.includes('CapturePayment') || said.includes('OrderConfirmed')) {
    for (const { partition } of saga.parts) {
      const status = reservationOf(scene, world, saga, partition)?.status
      if (status === undefined || !deductedOnce.has(status)) throw new Violation(`the money is taken while the reservation in partition ${partition} is ${status}`)
    }
  }
  checkShownMoney(view, scene.books.get(world[slots.books] as number))
  if (said.includes('OrderConfirmed') && booksOf(scene, world, slots).captured !== view.total) throw new Violation('the order is confirmed and not paid')
  if (said.some(type => outcomes.has(type)) || ((old?.outcome ?? null) === null && view.outcome !== null && view.outcome !== 'Fulfilled')) {
    const held = stillHeld(scene, world, order)
    if (held !== undefined) throw new Violation(`the order has its outcome while ${held}`)
  }
}

/** No more pieces leave, arrive or come back than were there before. */
function checkLines ({ lines, progress, outcome, state }: OrderView): void {
  for (const { lineNo, shipped, cancelled, delivered, returned } of progress) {
    const ordered = lines.find(line => line.lineNo === lineNo)?.quantity ?? 0
    const isSound = shipped + cancelled <= ordered && delivered <= shipped && returned <= delivered && Math.min(shipped, cancelled, delivered, returned) >= 0
    if (!isSound) throw new Violation(`line ${lineNo} of ${ordered}: ${shipped} shipped, ${cancelled} cancelled, ${delivered} delivered, ${returned} given back`)
  }
  if ((outcome === 'Fulfilled') !== fulfilled.has(state)) throw new Violation(`the order is ${state}, and its outcome is ${outcome ?? 'open'}`)
}

const fulfilled: ReadonlySet<OrderView['state']> = new Set(['Delivered', 'ReturnRequested', 'PartiallyReturned', 'Returned'])
const goesOn: ReadonlySet<OrderView['state']> = new Set(['Confirmed', 'PartiallyShipped', 'Shipped', ...fulfilled])

/** Whatever was short or amended, an order holds stock, or waits for it, under one attempt: it never competes with itself. */
function checkOneAttempt (scene: Scene, world: World, orderId: string): void {
  const live = new Set(reservationsOf(scene, world, orderId).filter(({ status }) => isLive(status)).map(({ attempt }) => attempt))
  if (live.size > 1) throw new Violation(`the order holds stock under attempts ${[...live].join(' and ')}`)
}

/** Confirmed, or confirmed and put back since, by whoever may do that. */
const deductedOnce: ReadonlySet<ReservationState['status']> = new Set(['confirmed', 'unconfirmed', 'released'])

/** Nobody is told of money that the provider has not moved. */
function checkShownMoney (view: OrderView, books: Books): void {
  const real = moneyOf(books)
  for (const name of ['authorised', 'captured', 'voided', 'refunded'] as const) {
    if (view.total > 0n && view[name] > real[name]) throw new Violation(`the order shows ${view[name]} ${name}, the provider has ${real[name]}`)
  }
}

/** The provider keeps its own laws; this is what a broken idempotency key would show. @throws {Violation} */
export function checkBooks (books: Books): void {
  if (soundBooks.has(books)) return
  if (authorisationsOf(books).filter(({ authorised, voided, refunded }) => authorised > voided + refunded).length > 1) throw new Violation('the order is authorised twice')
  if (books.entries.filter(({ step, outcome }) => step === 'capture' && outcome === 'done').length > 1) throw new Violation('the order is captured twice')
  soundBooks.add(books)
}

/** What a world in which nothing happens by itself has to be. @throws {Violation} naming what is left over. */
export function checkRest (scene: Scene, world: World): void {
  for (const { name, slot } of scene.queues) if (world[slot] !== 0) throw new Violation(`${name} is not empty at rest`)
  for (const [order, slots] of scene.orders.entries()) restOf(scene, world, order, slots)
}

function restOf (scene: Scene, world: World, order: number, slots: OrderSlots): void {
  const cell = scene.cells.get(world[slots.order] as number)
  const payment = scene.cells.get(world[slots.payment] as number)
  const [view] = rowsOf<OrderView>(cell, 'OrderView')
  const [saga] = rowsOf<OrderState>(cell, 'OrderState')
  if (view === undefined || saga === undefined) throw new Violation('the order was never looked at')
  if (Object.keys(payment.effects).length > 0) throw new Violation('a call of the payment is open at rest')
  if (Object.keys(cell.timers).length > 0) throw new Violation(`the order waits for a deadline at rest (${view.state})`)
  const money = booksOf(scene, world, slots)
  if (goesOn.has(view.state)) {
    if (saga.phase !== (view.outcome === null ? 'fulfilling' : 'delivered')) throw new Violation(`the order is ${view.state} and ${saga.phase}`)
    if (saga.refunds.length > 0 || saga.stop !== null) throw new Violation('the order owes something and rests')
    checkGivenBack(view, scenarioRefunds(payment))
    if (money.captured !== view.total || money.authorised - money.voided !== view.total) {
      throw new Violation(`the order costs ${view.total}, the provider took ${money.captured} of ${money.authorised - money.voided}`)
    }
    for (const { partition } of saga.parts) {
      const status = reservationOf(scene, world, saga, partition)?.status
      if (status !== 'confirmed') throw new Violation(`the order is confirmed, its reservation in partition ${partition} is ${status ?? 'missing'}`)
    }
    checkHeldPieces(scene, world, view)
    const isShipped = (shipmentOf(scene, world, slots)?.shipments.length ?? 0) > 0
    if (isShipped !== (saga.parts.length > 0)) throw new Violation(isShipped ? 'nothing had to be shipped' : 'the order is confirmed and not shipped')
  } else {
    if (view.outcome === null || saga.phase !== 'closed') throw new Violation(`the order is at a dead end: ${view.state}, ${saga.phase}`)
    const held = stillHeld(scene, world, order)
    if (held !== undefined) throw new Violation(`the order is ${view.state} while ${held}`)
  }
  for (const name of ['authorised', 'captured', 'voided', 'refunded'] as const) {
    if (view.total > 0n && view[name] !== money[name]) throw new Violation(`the order shows ${view[name]} ${name} at rest, the provider has ${money[name]}`)
  }
}

/** Refunds by hand, beside what the order itself gave back. */
function scenarioRefunds (payment: Cell): bigint {
  const refunds = rowsOf<PaymentState>(payment, 'PaymentState').flatMap(row => row.refunds)
  return refunds.filter(({ effectId }) => effectId.startsWith('support') || effectId.startsWith('void-')).reduce((sum, { refunded }) => sum + refunded, 0n)
}

/** What was cancelled or came back is given back, no more and no less, but what was given back by hand before. */
function checkGivenBack ({ lines, progress, refunded, captured }: OrderView, byHand: bigint): void {
  const owed = progress.reduce((sum, { lineNo, cancelled, returned }) =>
    sum + (lines.find(line => line.lineNo === lineNo)?.unitPrice ?? 0n) * BigInt(cancelled + returned), 0n)
  const most = owed + byHand > captured ? captured : owed + byHand
  if (refunded !== most) throw new Violation(`${owed} were cancelled or came back, ${byHand} were given back by hand, ${refunded} in all`)
}

/** A confirmed order holds the pieces of its lines, no more and no fewer, whatever it was amended from. */
function checkHeldPieces (scene: Scene, world: World, { orderId, lines }: OrderView): void {
  const held = reservationsOf(scene, world, orderId).filter(({ status }) => isLive(status)).flatMap(row => row.lines)
  const sorted = (pieces: ReadonlyArray<Pick<OrderView['lines'][number], 'sku' | 'quantity'>>): string => pieces.map(({ sku, quantity }) => `${quantity} ${sku}`).sort().join(', ')
  const [has, wants] = [sorted(held), sorted(lines.filter(({ stocked }) => stocked))]
  if (has !== wants) throw new Violation(`the order is of ${wants} and holds ${has}`)
}

/** What an order still holds, in words; undefined = nothing. */
function stillHeld (scene: Scene, world: World, order: number): string | undefined {
  const slots = scene.orders[order] as OrderSlots
  const [saga] = rowsOf<OrderState>(scene.cells.get(world[slots.order] as number), 'OrderState')
  const putBack = new Set(saga?.parts.filter(({ progress }) => progress === 'restocked').map(({ partition }) => partition))
  const row = reservationsOf(scene, world, orderIds[order] as string).find(({ status, partition }) => isLive(status) && !(status === 'confirmed' && putBack.has(partition)))
  if (row !== undefined) return `its reservation in partition ${row.partition} is ${row.status}`
  const { authorised, captured, voided, refunded } = booksOf(scene, world, slots)
  if (authorised !== captured + voided) return `${authorised - captured - voided} are authorised, neither captured nor voided`
  if (captured !== refunded) return `${captured - refunded} are captured and not refunded`
  const parcels = shipmentOf(scene, world, slots)?.shipments ?? []
  return parcels.every(({ stage }) => stage === 'cancelled' || stage === 'returned') ? undefined : 'a shipment is under way'
}

function booksOf (scene: Scene, world: World, slots: OrderSlots): Money {
  return moneyOf(scene.books.get(world[slots.books] as number))
}

type Money = Readonly<Record<'authorised' | 'captured' | 'voided' | 'refunded', bigint>>

const sumsOfBooks = new WeakMap<Books, Money>()

/** The sums over everything that the provider has under that order. */
function moneyOf (books: Books): Money {
  const known = sumsOfBooks.get(books)
  if (known !== undefined) return known
  const sums = { authorised: 0n, captured: 0n, voided: 0n, refunded: 0n }
  for (const authorisation of authorisationsOf(books)) {
    for (const name of ['authorised', 'captured', 'voided', 'refunded'] as const) sums[name] += authorisation[name]
  }
  sumsOfBooks.set(books, sums)
  return sums
}

function shipmentOf (scene: Scene, world: World, slots: OrderSlots): ShipmentState | undefined {
  return rowsOf<ShipmentState>(scene.cells.get(world[slots.shipment] as number), 'ShipmentState')[0]
}

function reservationOf (scene: Scene, world: World, { orderId, attempt }: OrderState, partition: number): ReservationState | undefined {
  return reservationsOf(scene, world, orderId).find(row => row.partition === partition && row.attempt === attempt)
}

function reservationsOf (scene: Scene, world: World, orderId: string): readonly ReservationState[] {
  return scene.stock.flatMap(slot => rowsOf<ReservationState>(scene.cells.get(world[slot] as number), 'ReservationState')).filter(row => row.orderId === orderId)
}
