import fc from 'fast-check'
import { test } from 'tap'
import {
  decodeLane, discarded, encodeLane, entryKey, failed, type FailedHead, isRunnable, type Lane, laneKey, laneStates, lengthened, openLane, parseLaneKey,
  redriven, shortened
} from '../../../streams/parking/lane.ts'

const head: FailedHead = { kind: 'record', topic: 't', partition: 0, offset: 5n, reason: 'STR_HANDLER_FAILED', attempts: 1, sinceMs: 9, isLettered: true }
const dead = failed(lengthened(openLane(10), 20), { head, dueMs: undefined, isTold: true })
const retrying = failed(lengthened(openLane(10), 20), { head, dueMs: 100, isTold: false })

test('a lane runs when it is ready or its time has come, and a dead one never by itself', t => {
  t.ok(isRunnable(openLane(1), 0))
  t.notOk(isRunnable(retrying, 99))
  t.ok(isRunnable(retrying, 100))
  t.notOk(isRunnable(dead, Infinity))
  t.ok(isRunnable(redriven(dead), 0))
  t.ok(isRunnable(redriven(retrying), 0))
  t.end()
})

test('a lane that was redriven remembers how its head failed, until the head is done with', t => {
  t.match(redriven(dead), { state: 'ready', head: { attempts: 1 }, isTold: true })
  t.match(shortened(redriven(dead), 10), { state: 'ready', first: 1, end: 2, sizeBytes: 20, head: undefined, isTold: true })
  t.equal(shortened(shortened(redriven(dead), 10) as Lane, 20), undefined, 'the last one leaves no lane')
  t.end()
})

test('a discard reaches the head, or all that waits now, and nothing that comes later', t => {
  t.match(discarded(dead, 'head'), { state: 'ready', discardTo: 1 })
  t.match(lengthened(discarded(dead, 'all'), 5), { discardTo: 2, end: 3 })
  t.end()
})

test('a lane refuses what its table does not list', t => {
  t.throws(() => redriven(openLane(1)), { code: 'STR_TXN_ILLEGAL_STATE' })
  t.throws(() => discarded(openLane(1), 'head'), { code: 'STR_TXN_ILLEGAL_STATE' })
  t.throws(() => failed(dead, { head, dueMs: 1, isTold: false }), { code: 'STR_TXN_ILLEGAL_STATE' })
  t.throws(() => shortened(dead, 10), { code: 'STR_TXN_ILLEGAL_STATE' })
  t.same(Object.keys(laneStates), ['ready', 'retrying', 'dead'])
  t.end()
})

test('a lane reads back as it was written, and one of another version is refused', t => {
  for (const lane of [openLane(7), dead, retrying, discarded(dead, 'all')]) t.same(decodeLane(encodeLane(lane)), lane)
  t.throws(() => decodeLane(Buffer.from('{}')), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.throws(() => decodeLane(Buffer.from('\x01{')), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.end()
})

test('row keys of lanes and entries are one of a kind, whatever is in the key', async () => {
  const ref = fc.record({ lane: fc.constantFrom('ordinary' as const, 'compensation' as const), key: fc.string() })
  fc.assert(fc.property(ref, given => JSON.stringify(parseLaneKey(laneKey(given))) === JSON.stringify(given)))
  fc.assert(fc.property(ref, fc.nat(), ref, fc.nat(), (a, i, b, j) => {
    const isSame = a.lane === b.lane && a.key === b.key && i === j
    return (entryKey(a, i) === entryKey(b, j)) === isSame
  }))
})
