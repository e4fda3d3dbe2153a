import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { type ProcessorContext, type RecordInfo } from '../../../streams/index.ts'
import { TimerIndex } from '../../../streams/state/memory/timer-index.ts'
import { decodeTimer, encodeTimer, indexedDueMs } from '../../../streams/time/timers.ts'
import { createManualClock } from '../../../streams/time/manual-clock.ts'
import { attack, isCaught } from '../attack.ts'
import { type Add, commands, counter, type Remind, type Reminded, totals } from '../runtime/counting.ts'
import { type Owner, World } from '../runtime/world.ts'

const key = fc.constantFrom('a', 'b', 'é', '\u{1f600}', '\u{ffff}', '')
const change = fc.record({ key, dueMs: fc.option(fc.integer({ min: -2, max: 6 })) })

test('timer index gives what a plain list sorted by due time and key bytes gives, after any sets, moves and removals', async () => {
  fc.assert(fc.property(fc.array(change, { maxLength: 40, size: 'max' }), fc.integer({ min: -3, max: 7 }), fc.nat(6), (changes, dueMs, limit) => {
    const index = new TimerIndex()
    const model = new Map<string, number>()
    for (const one of changes) {
      index.set(one.key, one.dueMs)
      if (one.dueMs === null) model.delete(one.key)
      else model.set(one.key, one.dueMs)
    }
    const all = [...model].map(([key, dueMs]) => ({ key, dueMs })).sort((a, b) => a.dueMs - b.dueMs || Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    const timers = all.filter(timer => timer.dueMs <= dueMs).slice(0, limit)
    assert.deepStrictEqual(index.copy().due(dueMs, limit), { timers, nextDueMs: all[timers.length]?.dueMs ?? null })
  }), attack(400))
})

test('timer row reads back as it was written, and no other bytes are taken for one', async () => {
  const row = fc.record({
    dueMs: fc.double({ noNaN: true }), version: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), payload: fc.string({ unit: 'grapheme' }), isWaiting: fc.boolean()
  })
  fc.assert(fc.property(row, one => {
    const bytes = encodeTimer(one)
    assert.deepStrictEqual(decodeTimer(bytes), { ...one })
    assert.equal(indexedDueMs(bytes), one.isWaiting ? null : one.dueMs)
    for (let size = 0; size < 17; size++) assert.throws(() => decodeTimer(bytes.subarray(0, size)), { code: 'STR_CHANGELOG_UNREADABLE' })
  }), attack(200))
})

/** When callbacks are to run, which of them cancel which others, and which schedule a further one. */
const callbacks = fc.array(fc.record({
  afterMs: fc.nat(20), cancels: fc.option(fc.nat(11), { nil: undefined }), then: fc.option(fc.nat(9), { nil: undefined })
}), { maxLength: 12 })

test('manual clock runs every callback once, in order, but for those that were cancelled before', async () => {
  await fc.assert(fc.asyncProperty(callbacks, fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 4 }), async (list, advances) => {
    const clock = createManualClock()
    const seen: Array<readonly [name: string, atMs: number]> = []
    const cancels: Array<() => void> = []
    for (const [index, { afterMs, cancels: other, then }] of list.entries()) {
      cancels.push(clock.schedule(afterMs, () => {
        seen.push([String(index), clock.now()])
        if (other !== undefined) cancels[other]?.()
        if (then !== undefined) clock.schedule(then, () => { seen.push([`${index}+`, clock.now()]) })
      }))
    }
    const end = advances.reduce((sum, ms) => sum + ms, 0)
    for (const ms of advances) await clock.advance(ms)
    // The model: a list, from which the earliest is taken again and again.
    const wanted: Array<readonly [string, number]> = []
    let waiting = list.map(({ afterMs }, index) => ({ name: String(index), dueMs: afterMs, order: index, index }))
    for (let order = list.length; ;) {
      const [next] = [...waiting].sort((a, b) => a.dueMs - b.dueMs || a.order - b.order)
      if (next === undefined || next.dueMs > end || advances.length === 0) break
      waiting = waiting.filter(one => one !== next)
      wanted.push([next.name, next.dueMs])
      if (next.name.endsWith('+')) continue
      const { cancels: other, then } = list[next.index] as typeof list[number]
      if (other !== undefined) waiting = waiting.filter(({ name }) => name !== String(other))
      if (then !== undefined) waiting.push({ name: `${next.name}+`, dueMs: next.dueMs + then, order: order++, index: next.index })
    }
    assert.deepStrictEqual(seen, wanted)
    assert.equal(clock.waiting, waiting.length)
  }), attack(120))
})

type Step =
  | { readonly kind: 'set', readonly key: string, readonly afterMs: number }
  | { readonly kind: 'cancel', readonly key: string }
  | { readonly kind: 'crash' | 'flush' | 'second-owner' }
  | { readonly kind: 'break', readonly op: 'read' | 'apply', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'break-broker', readonly api: 'endTxn' | 'produce' | 'listOffsets', readonly phase: 'request' | 'answer' }
  | { readonly kind: 'wait', readonly ms: number }

const phase = fc.constantFrom('request' as const, 'answer' as const)
const name = fc.constantFrom('a', 'b', 'c')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('set' as const), key: name, afterMs: fc.constantFrom(0, 10, 100, 100, 900) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), key: name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('crash' as const, 'flush' as const, 'second-owner' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break' as const), op: fc.constantFrom('read' as const, 'apply' as const), phase }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('break-broker' as const), api: fc.constantFrom('endTxn' as const, 'produce' as const, 'listOffsets' as const), phase }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(0, 10, 90, 100, 1_000) }) }
)

/** A timer that was set: when it is due, and when (if ever) it was set anew or cancelled. The set with number n comes from record n. */
interface Timer { readonly set: number, readonly key: string, readonly setMs: number, readonly dueMs: number, endedMs: number }

interface Flaw { readonly isTwice?: boolean, readonly keepsOld?: boolean }

/** Sets a timer whose payload is the number of the record; `amount` 0 cancels. */
function reminding ({ isTwice = false, keepsOld = false }: Flaw): ReturnType<typeof counter> {
  return counter({
    handlers: {
      Remind: (context: ProcessorContext, { afterMs }: Remind, { key, offset }: RecordInfo) => {
        context.timers.set(keepsOld ? `${key}/${String(offset)}` : key, context.nowMs + afterMs, String(offset))
      },
      Add: (context: ProcessorContext, _value: Add, { key }: RecordInfo) => { context.timers.cancel(key) }
    },
    onTimer: (context, { key, payload }) => {
      const times = isTwice && payload.endsWith('1') ? 2 : 1
      for (let n = 0; n < times; n++) context.emit(totals, { key, value: { type: 'Reminded', id: context.nextId(), payload, atMs: context.nowMs } })
    }
  })
}

async function play (world: World, steps: readonly Step[]): Promise<Timer[]> {
  const timers: Timer[] = []
  const current = new Map<string, Timer>()
  let owner: Owner = await world.own()
  let sent = 0
  for (const one of steps) {
    const nowMs = world.clock.now()
    switch (one.kind) {
      case 'set':
      case 'cancel': {
        const before = current.get(one.key)
        if (before !== undefined) before.endedMs = nowMs
        current.delete(one.key)
        if (one.kind === 'set') {
          const timer = { set: sent, key: one.key, setMs: nowMs, dueMs: nowMs + one.afterMs, endedMs: Infinity }
          timers.push(timer)
          current.set(one.key, timer)
        }
        await world.send(commands, one.key, one.kind === 'set' ? { type: 'Remind', afterMs: one.afterMs } : { type: 'Add', amount: 0 })
        sent++
        break
      }
      case 'flush': world.backend.flush(); break
      case 'second-owner': world.start(); break
      case 'crash':
        owner.crash()
        owner = world.start()
        break
      case 'break': world.backend.faults.fail({ op: one.op }, { phase: one.phase }); break
      case 'break-broker':
        world.broker.faults.fail(one.api === 'listOffsets' ? { api: one.api } : { api: one.api, transactionalId: world.transactionalId }, { phase: one.phase })
        break
      case 'wait': await world.wait(one.ms)
    }
  }
  world.broker.faults.clear()
  world.backend.faults.clear()
  await world.own()
  for (let n = 0; n < 6; n++) await world.wait(1_000)
  return timers
}

function check (timers: readonly Timer[], fired: readonly Reminded[]): void {
  const times = new Map<number, number>()
  let beforeMs = 0
  for (const { payload, atMs } of fired) {
    const timer = timers.find(({ set }) => set === Number(payload))
    assert.ok(timer !== undefined && atMs >= timer.dueMs, `${payload} fired at ${atMs}`)
    assert.ok(timer.endedMs >= timer.dueMs, `${payload} had been set anew or cancelled before it was due`)
    times.set(timer.set, (times.get(timer.set) ?? 0) + 1)
    assert.ok(atMs >= beforeMs, 'time goes back')
    beforeMs = atMs
  }
  for (const { set, endedMs } of timers) {
    const count = times.get(set) ?? 0
    assert.ok(endedMs === Infinity ? count === 1 : count <= 1, `${set} fired ${count} times`)
  }
  // Of two that nobody touched, the earlier one fires first, if it was there before the later one was due.
  const places = fired.map(({ payload }) => timers.find(({ set }) => set === Number(payload)) as Timer).filter(({ endedMs }) => endedMs === Infinity)
  for (const [index, later] of places.entries()) {
    for (const after of places.slice(index + 1)) assert.ok(after.dueMs >= later.dueMs || after.setMs >= later.dueMs, `${later.set} before ${after.set}`)
  }
}

function firesOnce (flaw: Flaw = {}): fc.IAsyncProperty<[Step[], number]> {
  return fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 40, size: 'max' }), fc.constantFrom(1, 2, 500), async (steps, maxCycleTimers) => {
    const world = await World.open([reminding(flaw)], { maxCycleTimers, stateCheckMs: 1000 })
    try {
      const timers = await play(world, steps)
      check(timers, world.committed(totals) as Reminded[])
      assert.deepStrictEqual(Object.keys(await world.rows('#timers')), [])
    } finally {
      await world.close()
    }
  })
}

test('each timer fires once, not early, in order, and never when it was set anew or cancelled in time, whatever is lost or restarted', { timeout: 120_000 }, async () => {
  await fc.assert(firesOnce(), attack(60))
})

test('timers that fire twice, or outlive being set anew, are caught by the same histories', { timeout: 120_000 }, async t => {
  t.ok(await isCaught(firesOnce({ isTwice: true }), 30))
  t.ok(await isCaught(firesOnce({ keepsOld: true }), 30))
})
