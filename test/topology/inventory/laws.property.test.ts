import { type ReservationState, type StockState } from '#schemas'
import fc from 'fast-check'
import { test } from 'tap'
import { piecesBySku } from '../../../topology/inventory/back-orders.ts'
import { decideReservation } from '../../../topology/inventory/decide-reservation.ts'
import { decideStock } from '../../../topology/inventory/decide-stock.ts'
import { type ReservationAction, reservationKey, reservationSteps } from '../../../topology/inventory/reservation.ts'
import { available, evolveStock, openStock } from '../../../topology/inventory/stock.ts'

const skus = ['A', 'B', 'C']
const orders = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003']
const actions: readonly ReservationAction[] = ['reserve', 'confirm', 'extend', 'release', 'unconfirm', 'expire', 'fill']

const lineArb = fc.record({ sku: fc.constantFrom(...skus, 'unknown'), quantity: fc.integer({ min: -1, max: 6 }) }, { requiredKeys: ['sku', 'quantity'] })
const reservationArb = fc.record({
  kind: fc.constant('reservation' as const),
  action: fc.constantFrom(...actions),
  orderId: fc.constantFrom(...orders),
  attempt: fc.integer({ min: 1, max: 2 }),
  lines: fc.array(lineArb, { maxLength: 4 }),
  twice: fc.boolean(),
  waits: fc.boolean()
})
const stockArb = fc.record({
  kind: fc.constant('stock' as const), sku: fc.constantFrom(...skus, 'unknown'), delta: fc.integer({ min: -8, max: 8 }), restock: fc.boolean()
})
const commandsArb = fc.array(fc.oneof({ weight: 5, arbitrary: reservationArb }, { weight: 1, arbitrary: stockArb }), { maxLength: 60 })

/** Plays commands against one partition; returns the rows, and the rows folded from the events alone. */
function play (commands: readonly (typeof commandsArb extends fc.Arbitrary<Array<infer T>> ? T : never)[], check: (world: World) => void): void {
  const world: World = { stocks: new Map(), folded: new Map(), reservations: new Map() }
  for (const sku of skus) {
    world.stocks.set(sku, openStock(sku, 10, 2))
    world.folded.set(sku, openStock(sku, 10, 2))
  }
  let nowMs = 0
  for (const command of commands) {
    for (let time = 0; time < (command.kind === 'reservation' && command.twice ? 2 : 1); time++) {
      nowMs += 1
      if (command.kind === 'stock') adjust(world, command)
      else reserve(world, command, nowMs)
      check(world)
    }
  }
}

interface World {
  readonly stocks: Map<string, StockState>
  readonly folded: Map<string, StockState>
  readonly reservations: Map<string, ReservationState>
}

function adjust (world: World, command: { sku: string, delta: number, restock: boolean }): void {
  const { sku, delta } = command
  const body = command.restock
    ? { type: 'Restock' as const, sku, quantity: delta }
    : { type: 'AdjustStock' as const, sku, delta, reason: '', expectedVersion: null }
  const { stock, events } = decideStock(world.stocks.get(sku), body)
  if (stock !== undefined) world.stocks.set(sku, stock)
  fold(world, events)
}

interface Ask {
  readonly action: ReservationAction
  readonly orderId: string
  readonly attempt: number
  readonly lines: readonly Piece[]
  readonly waits: boolean
}
interface Piece { readonly sku: string, readonly quantity: number }

function reserve (world: World, command: Ask, nowMs: number): void {
  const { action, orderId, attempt, waits } = command
  const key = reservationKey({ orderId, attempt, partition: 0 })
  // Stock decides who is filled; what is played here is that a fill moves what it should, when it may come.
  if (action === 'fill' && !canFill(world, world.reservations.get(key))) return
  const lines = command.lines.map((line, at) => ({ lineNo: at + 1, ...line }))
  const decision = decideReservation({ action, orderId, attempt, partition: 0, lines, expiresAt: nowMs + 100, waitsSince: waits ? nowMs : null }, {
    row: world.reservations.get(key), stockOf: sku => world.stocks.get(sku), partition: 0, nowMs, correlationId: ''
  })
  for (const stock of decision.stocks) world.stocks.set(stock.sku, stock)
  if (decision.row !== undefined) world.reservations.set(key, decision.row)
  fold(world, decision.events)
}

function fold (world: World, events: ReturnType<typeof decideStock>['events']): void {
  for (const event of events) {
    const row = evolveStock(world.folded.get(event.sku), event)
    if (row !== undefined) world.folded.set(event.sku, row)
  }
}

function canFill (world: World, row: ReservationState | undefined): boolean {
  return row === undefined || [...piecesBySku(row.lines)].every(([sku, pieces]) => available(world.stocks.get(sku) ?? openStock(sku, 0, 0)) >= pieces)
}

/** Pieces of a SKU over all reservations in that state. */
function held (world: World, sku: string, status: string): number {
  return [...world.reservations.values()].filter(row => row.status === status)
    .reduce((sum, row) => sum + (piecesBySku(row.lines).get(sku) ?? 0), 0)
}

test('no sequence of commands, repeats included, breaks the stock law or oversells', t => {
  fc.assert(fc.property(commandsArb, commands => play(commands, world => {
    for (const [sku, stock] of world.stocks) {
      const { opening, deducted, onHand, reserved } = stock
      if (opening + stock.in - stock.out - deducted !== onHand) throw new Error(`the stock law of ${sku} is broken`)
      if (Math.min(onHand, reserved, deducted, onHand - reserved) < 0) throw new Error(`${sku} is below zero`)
      if (held(world, sku, 'reserved') !== reserved) throw new Error(`open reservations of ${sku} do not add up`)
      if (held(world, sku, 'waiting') !== stock.waiting) throw new Error(`waiting reservations of ${sku} do not add up`)
      if (held(world, sku, 'confirmed') !== deducted) throw new Error(`confirmed reservations of ${sku} do not add up`)
    }
  })), { numRuns: 300 })
  t.pass('300 random sequences')
  t.end()
})

test('folding the events alone gives the rows, whatever the commands were', t => {
  fc.assert(fc.property(commandsArb, commands => {
    let last: World | undefined
    play(commands, world => { last = world })
    for (const [sku, stock] of last?.stocks ?? []) {
      if (JSON.stringify(last?.folded.get(sku)) !== JSON.stringify(stock)) throw new Error(`the events of ${sku} do not tell its row`)
    }
  }), { numRuns: 200 })
  t.pass('200 random sequences')
  t.end()
})

test('the state machine of a reservation names every action in every state, and no compensation is ever refused', t => {
  for (const [place, steps] of Object.entries(reservationSteps)) {
    t.same(Object.keys(steps).sort(), [...actions].sort(), place)
    t.equal(steps.release.reply, 'LinesReleased', `${place}: release`)
    t.equal(steps.unconfirm.reply, 'LinesUnconfirmed', `${place}: unconfirm`)
    t.ok(steps.confirm.reply === 'LinesConfirmed' || steps.confirm.code !== undefined, `${place}: confirm answers`)
  }
  t.end()
})

test('after every compensation nothing is held, in whatever order release and reserve come', t => {
  const order = { orderId: orders[0] as string, attempt: 1, lines: [{ sku: 'A', quantity: 2 }] }
  fc.assert(fc.property(fc.shuffledSubarray(['reserve', 'confirm', 'release', 'expire'] as const, { minLength: 4 }), sequence => {
    let last: World | undefined
    play(sequence.map(action => ({ kind: 'reservation', action, ...order, twice: true, waits: false })), world => { last = world })
    const stock = last?.stocks.get('A')
    if (stock?.onHand !== 10 || stock.reserved !== 0) throw new Error(`${sequence.join(', ')} leaves ${JSON.stringify(stock)}`)
  }))
  t.pass('every order of the four commands, each twice')
  t.end()
})
