import fc from 'fast-check'
import { test } from 'tap'
import { type OrderView } from '#schemas'
import { evolve } from '../../../topology/orders/order.ts'
import { type Fate, SagaWorld } from './saga-world.ts'

const fates = fc.record({
  partitions: fc.integer({ min: 1, max: 3 }),
  shortPartition: fc.integer({ min: 0, max: 8 }),
  authorise: fc.array(fc.constantFrom('ok', 'ok', 'ok', 'declined', 'technical'), { minLength: 1, maxLength: 3 }),
  capture: fc.array(fc.constantFrom('ok', 'ok', 'ok', 'declined', 'technical'), { minLength: 1, maxLength: 3 }),
  onShortage: fc.constantFrom('reject', 'amend', 'backorder'),
  onDecline: fc.constantFrom('cancel', 'retry'),
  acts: fc.boolean(),
  risk: fc.constantFrom('approved', 'approved', 'review', 'rejected'),
  reviewer: fc.constantFrom('approves', 'refuses', 'sleeps'),
  restocks: fc.boolean()
}) satisfies fc.Arbitrary<Fate>

/** What strikes after how many moves; the rest of the moves follow in the drawn order. */
const strikes = fc.record({
  after: fc.integer({ min: 0, max: 25 }),
  what: fc.constantFrom('nothing', 'cancel', 'compensate', 'timeout', 'late timer', 'timeout and cancel')
})
const choices = fc.array(fc.nat(), { minLength: 60, maxLength: 60 })

function play (fate: Fate, strike: { readonly after: number, readonly what: string }, drawn: readonly number[]): SagaWorld {
  const world = new SagaWorld(fate)
  let move = 0
  const choose = (count: number): number => (drawn[move++ % drawn.length] ?? 0) % count
  for (let step = 0; step < strike.after && world.moves.length > 0; step++) world.moves[choose(world.moves.length)]?.()
  if (strike.what.includes('timeout')) world.fireTimer()
  if (strike.what === 'late timer') world.fireTimer(3_600_000)
  if (strike.what.includes('cancel')) world.cancel()
  if (strike.what === 'compensate') world.compensate()
  world.drain(choose)
  return world
}

const outcomes = ['OrderCancelled', 'OrderFailed', 'OrderTimedOut']

test('an order ends confirmed or with one outcome when answers, timers and commands come in any order', t => {
  fc.assert(fc.property(fates, strikes, choices, (fate, strike, drawn) => {
    const { run } = play(fate, strike, drawn)
    const ended = run.story.filter(type => outcomes.includes(type)).length
    return run.state === 'Confirmed' ? ended === 0 && run.view.outcome === null : ended === 1 && run.saga.phase === 'closed'
  }), { numRuns: 2_000 })
  t.pass('every run came to rest')
  t.end()
})

test('money is conserved and shown as it is when answers, timers and commands come in any order', t => {
  fc.assert(fc.property(fates, strikes, choices, (fate, strike, drawn) => {
    const { run: { view }, money } = play(fate, strike, drawn)
    const shown = view.authorised === money.authorised && view.captured === money.captured && view.voided === money.voided && view.refunded === money.refunded
    const conserved = view.authorised === view.captured + view.voided
    return shown && conserved && (view.state === 'Confirmed' ? view.captured === view.total && view.refunded === 0n : view.captured === view.refunded)
  }), { numRuns: 2_000 })
  t.pass('every run kept the law')
  t.end()
})

test('stock and shipment follow the outcome when answers, timers and commands come in any order', t => {
  fc.assert(fc.property(fates, strikes, choices, (fate, strike, drawn) => {
    const world = play(fate, strike, drawn)
    const { state, view: { lines } } = world.run
    if (state !== 'Confirmed') return world.stock.isFree && world.shipmentStatus !== 'created'
    const isSold = [...world.stock.deducted].every(([sku, pieces]) => pieces === (lines.find(line => line.sku === sku)?.quantity ?? 0))
    return isSold && world.stock.reserved === 0 && world.shipmentStatus === 'created'
  }), { numRuns: 2_000 })
  t.pass('every run gave back what it held')
  t.end()
})

test('nothing is held and nothing more is asked when the outcome is said: it comes last', t => {
  fc.assert(fc.property(fates, strikes, choices, (fate, strike, drawn) => {
    const { atOutcome, run } = play(fate, strike, drawn)
    return atOutcome === undefined || (atOutcome.holdsNothing && atOutcome.commands === run.commands.length)
  }), { numRuns: 2_000 })
  t.pass('every outcome came last')
  t.end()
})

test('no compensation has to wait for its resend when everybody answers', t => {
  const calm = strikes.filter(strike => !strike.what.includes('time'))
  fc.assert(fc.property(fates, calm, choices, (fate, strike, drawn) => play(fate, strike, drawn).run.saga.resends === 0), { numRuns: 1_000 })
  t.pass('every debt was paid at once')
  t.end()
})

test('the events alone tell state, outcome and lines when they are replayed after any run', t => {
  fc.assert(fc.property(fates, strikes, choices, (fate, strike, drawn) => {
    const { run } = play(fate, strike, drawn)
    let view: OrderView | undefined
    for (const event of run.events) view = evolve(view, event, 0)
    return view?.state === run.view.state && view.outcome === run.view.outcome && view.version === run.view.version && view.refunded === run.view.refunded
  }), { numRuns: 500 })
  t.pass('every replay agreed')
  t.end()
})

test('the causes lead to their outcomes when nothing else strikes', t => {
  const calm = { after: 0, what: 'nothing' }
  const fate: Fate = {
    partitions: 2,
    shortPartition: 9,
    authorise: ['ok'],
    capture: ['ok'],
    onShortage: 'reject',
    onDecline: 'cancel',
    acts: false,
    risk: 'approved',
    reviewer: 'sleeps',
    restocks: false
  }
  const end = (change: Partial<Fate>, strike = calm): string => play({ ...fate, ...change }, strike, [0]).run.state
  t.equal(end({}), 'Confirmed')
  t.equal(end({ shortPartition: 1 }), 'Cancelled')
  t.equal(end({ authorise: ['declined'] }), 'Cancelled')
  t.equal(end({ authorise: ['technical'] }), 'Failed')
  t.equal(end({ capture: ['technical'] }), 'Failed')
  t.equal(end({}, { after: 3, what: 'timeout' }), 'TimedOut')
  t.equal(end({}, { after: 25, what: 'cancel' }), 'Cancelled')
  t.equal(end({ shortPartition: 1, onShortage: 'amend' }), 'TimedOut')
  t.equal(end({ shortPartition: 1, onShortage: 'amend', acts: true }), 'Confirmed')
  t.equal(end({ shortPartition: 1, onShortage: 'backorder' }), 'TimedOut')
  t.equal(end({ shortPartition: 1, onShortage: 'backorder', restocks: true }), 'Confirmed')
  t.equal(end({ authorise: ['declined', 'ok'], onDecline: 'retry' }), 'TimedOut')
  t.equal(end({ authorise: ['declined', 'ok'], onDecline: 'retry', acts: true }), 'Confirmed')
  t.equal(end({ authorise: ['declined'], onDecline: 'retry', acts: true }), 'Cancelled', 'five declines are enough')
  t.equal(end({ capture: ['declined', 'ok'], onDecline: 'retry', acts: true }), 'Confirmed')
  t.equal(end({ risk: 'rejected' }), 'Cancelled')
  t.equal(end({ risk: 'review' }), 'TimedOut', 'nobody looked at it')
  t.equal(end({ risk: 'review', reviewer: 'approves' }), 'Confirmed')
  t.equal(end({ risk: 'review', reviewer: 'refuses' }), 'Cancelled')
  t.end()
})
