import fc from 'fast-check'
import { test } from 'tap'
import { decodeTimer, encodeTimer, TimerGate, timerVersion } from '../../../streams/time/timers.ts'

test('a timer row reads back as it was written', async () => {
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.bigInt(0n, (1n << 64n) - 1n), fc.string({ unit: 'binary' }), (dueMs, version, payload) => {
    const row = decodeTimer(encodeTimer({ dueMs, version, payload: payload.toWellFormed() }))
    return Object.is(row.dueMs, dueMs) && row.version === version && row.payload === payload.toWellFormed()
  }))
})

test('a timer row of another version is refused', async t => {
  const bytes = encodeTimer({ dueMs: 1, version: 1n, payload: '' })
  bytes[0] = 9
  t.throws(() => decodeTimer(bytes), { code: 'STR_CHANGELOG_UNREADABLE' })
  t.throws(() => decodeTimer(Buffer.of(1, 0)), { code: 'STR_CHANGELOG_UNREADABLE' })
})

test('timer versions differ within a cycle and between cycles', async t => {
  const versions = [timerVersion(1n, 0), timerVersion(1n, 1), timerVersion(2n, 0)]
  t.equal(new Set(versions).size, 3)
  t.same([...versions].sort((a, b) => Number(a - b)), versions)
})

test('a gate does not know after an Acquire whether a timer is due, and asks', async t => {
  const gate = new TimerGate()
  t.ok(gate.needsEnds(5))
  t.equal(gate.open(() => 100n), undefined, 'nothing fires before the ends are known')
  gate.scanned(null)
  t.notOk(gate.needsEnds(1e15))
})

test('a gate opens when every input is consumed up to the end it had (A15)', async t => {
  const gate = new TimerGate()
  gate.raise(50, new Map([['a', 10n], ['b', 3n]]))
  const at = (a: bigint, b: bigint) => (topic: string) => topic === 'a' ? a : b
  t.equal(gate.open(at(9n, 3n)), undefined)
  t.equal(gate.open(at(10n, 2n)), undefined)
  t.equal(gate.open(at(10n, 3n)), 50)
  t.equal(gate.open(at(99n, 99n)), 50, 'timers due after the ends were asked do not fire')
})

test('a gate keeps the earliest due time it was told', async t => {
  const gate = new TimerGate()
  gate.scanned(null)
  gate.noticed(100)
  gate.noticed(200)
  t.equal(gate.nextDueMs, 100)
  gate.noticed(50)
  t.equal(gate.nextDueMs, 50)
  t.notOk(gate.needsEnds(49))
  t.ok(gate.needsEnds(50))
})
