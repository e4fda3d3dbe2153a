import { test } from 'tap'
import { decideFact } from '../../../topology/orders/decide.ts'
import { nextDueMs, resendDelayMs, timerChange, wake } from '../../../topology/orders/deadlines.ts'
import { orderIn, reply, startMs } from './order-fixtures.ts'

for (const phase of ['reserving', 'authorising', 'confirming', 'capturing'] as const) {
  test(`an order times out when its step has no answer for 30 s while ${phase}`, t => {
    const run = orderIn(phase).fire()
    t.equal(run.nowMs, startMs + 30_000)
    t.match(run.saga, { phase: 'compensating', cause: 'stepTimeout' })
    t.match(run.events.at(-1), { type: 'OrderCompensationStarted', cause: 'stepTimeout', message: new RegExp(phase) })
    t.end()
  })
}

test('a timed-out order ends TimedOut when everything is given back', t => {
  const run = orderIn('reserving').fire().tell(reply.reserved(), reply.released())
  t.match(run.view, { state: 'TimedOut', outcome: 'TimedOut', outcomeCause: 'stepTimeout' })
  t.end()
})

test('the timer is left alone when a step ends in time, and moved when it fires too early', t => {
  const run = orderIn('reserving')
  run.nowMs += 20_000
  run.tell(reply.reserved())
  t.same([run.last.timer, run.saga.stepDueMs, run.saga.timerDueMs], [{ kind: 'keep' }, startMs + 50_000, startMs + 30_000])
  run.fire()
  t.same([run.last.timer, run.state, run.last.events], [{ kind: 'set', dueMs: startMs + 50_000 }, 'InventoryReserved', []])
  run.fire()
  t.equal(run.saga.cause, 'stepTimeout')
  t.end()
})

test('the saga times out after 30 minutes when the payment is deferred again and again', t => {
  const run = orderIn('authorising')
  let deferrals = 0
  while (run.saga.phase === 'authorising') {
    run.nowMs += 20_000
    if (run.nowMs < startMs + 30 * 60_000) {
      run.tell(reply.deferred())
      deferrals++
    }
    if ((run.saga.timerDueMs ?? Infinity) <= run.nowMs + 20_000) run.fire()
  }
  t.ok(deferrals > 30)
  t.match(run.saga, { phase: 'compensating', cause: 'sagaTimeout' })
  t.equal(run.nowMs, startMs + 30 * 60_000)
  t.end()
})

test('no order times out from a backlog when its timer fires late: the step gets its full time again', t => {
  const run = orderIn('reserving').fire(2 * 3_600_000)
  t.same([run.saga.phase, run.saga.stepDueMs], ['reserving', run.nowMs + 30_000])
  t.ok((run.saga.sagaDueMs ?? 0) > run.nowMs)
  run.tell(reply.reserved())
  t.equal(run.state, 'InventoryReserved')
  t.end()
})

test('an order that was held up times out when it has no answer in the time it got again', t => {
  const run = orderIn('reserving').fire(60_000).fire()
  t.equal(run.saga.cause, 'stepTimeout')
  t.end()
})

test('no step times out in a task that runs for less than the step takes: nobody there could have seen the answer', t => {
  const run = orderIn('reserving')
  const dueMs = run.saga.timerDueMs ?? 0
  const takenOverMs = dueMs - 5_000
  t.same(wake(run.saga, dueMs, dueMs, takenOverMs), { kind: 'later', stepDueMs: takenOverMs + 30_000, sagaDueMs: run.saga.sagaDueMs })
  const later = { ...run.saga, stepDueMs: takenOverMs + 30_000 }
  t.same(wake(later, takenOverMs + 30_000, takenOverMs + 30_000, takenOverMs), { kind: 'StepTimeout' }, 'it does when it has had its time')
  t.same(wake({ ...run.saga, sagaDueMs: dueMs }, dueMs, dueMs, takenOverMs), { kind: 'later', stepDueMs: takenOverMs + 30_000, sagaDueMs: takenOverMs + 30_000 })
  t.same(wake(run.saga, dueMs, dueMs, dueMs - 30_000), { kind: 'StepTimeout' })
  t.end()
})

test('a step has its whole time from the moment it is taken up when its cause waited in the log', t => {
  const { order } = orderIn('reserving')
  const wallMs = startMs + 25_000
  const { order: after } = decideFact(order, reply.reserved(), startMs + 1_000, wallMs)
  t.equal(after?.saga.stepDueMs, wallMs + 30_000)
  t.equal(after?.view.updatedAt, startMs + 1_000, 'what happened keeps its time')
  t.end()
})

test('unanswered compensations are sent again with a longer wait, for ever, when nobody answers', t => {
  const run = orderIn('authorising').cancel()
  const waits: number[] = []
  for (let index = 0; index < 12; index++) {
    const before = run.nowMs
    run.fire()
    waits.push((run.nowMs - before) / 1_000)
    t.same(run.asked, ['ReleaseReservation', 'VoidPayment'])
  }
  t.same(waits, [10, 20, 40, 80, 160, 300, 300, 300, 300, 300, 300, 300])
  t.equal(run.state, 'Compensating')
  t.end()
})

test('only what is unanswered is sent again when some compensations are answered', t => {
  const run = orderIn('fulfilling', 2).cancel().tell(reply.unconfirmed(1), reply.shipmentCancelled()).fire()
  t.same(run.last.commands.map(command => [command.type, 'partition' in command ? command.partition : null]), [
    ['UnconfirmReservation', 0], ['RefundPayment', null]
  ])
  t.end()
})

test('a refund has the same effect id when it is sent again', t => {
  const run = orderIn('fulfilling').cancel()
  const first = run.last.commands.find(command => command.type === 'RefundPayment')
  t.same(run.fire().last.commands.find(command => command.type === 'RefundPayment'), first)
  t.end()
})

test('resendDelayMs stays finite when there were very many resends', t => {
  t.equal(resendDelayMs(1_000_000), 300_000)
  t.end()
})

test('the timer is cancelled once when nothing is waited for', t => {
  const { saga } = orderIn('fulfilling')
  t.equal(nextDueMs(saga), null)
  t.same(timerChange(saga), { kind: 'keep' })
  t.same(timerChange({ ...saga, timerDueMs: 5 }), { kind: 'cancel' })
  t.end()
})

test('a timer means nothing when the order waits for nothing', t => {
  t.same(wake(orderIn('fulfilling').saga, startMs, startMs), { kind: 'later', stepDueMs: null, sagaDueMs: null })
  t.end()
})
