import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Act } from '../stage/act.ts'
import { until } from '../../support/until.ts'
import { apis } from '../net/kafka-frames.ts'
import { type Moment, momentNames, moments, stopAt } from './moments.ts'
import { type Row } from './row.ts'

const preload = (name: string): string => `--import=${join(import.meta.dirname, '../preload', name)}`

/** A restart must be back sooner than the table asks for, 10 s, on a machine that does nothing else; here it shares two cores with everything. */
const restartMs = 15_000

/** Stops the processors at a point of a cycle of that processor, and kills them there. */
async function killAt (act: Act, moment: Moment, processor: string): Promise<void> {
  const { stage } = act
  await act.fault(`kill -9 at ${moment}`, async () => {
    await stopAt(moment, processor, stage)
    await stage.process('p1').kill()
    for (const door of Object.values(stage.doors)) door.heal()
    await stage.start('p1', 'processor')
  }, { withinMs: restartMs })
}

/** Freezes the processors at a point, lets a process of the same name take over, and wakes the old one: it must find out that it is nobody. */
async function replaceAt (act: Act, name: 'p1' | 's1', where: string, stop: () => Promise<unknown>): Promise<void> {
  const { stage } = act
  const role = name === 'p1' ? 'processor' : 'sink'
  const zombie = stage.process(name)
  await act.fault(`zombie at ${where}`, async () => {
    await stop()
    zombie.signal('SIGSTOP')
    for (const door of Object.values(stage.doors)) door.heal()
    await stage.start(name, role)
  }, { withinMs: restartMs })
  await act.moves()
  zombie.signal('SIGCONT')
  await until(() => !zombie.isRunning, `the zombie of ${where} finds out that it was replaced, and ends`)
  act.expect(`the zombie of ${where} says why it ended: ${zombie.errors.slice(-200)}`, /STR_MEMBERSHIP_LOST|STR_TXN_FENCED|OPS_STREAMS_FAILED/.test(zombie.errors))
}

/** Row 1, at some of the points of a cycle. */
export function killedAt (points: readonly Moment[]): Row {
  return {
    number: 1,
    fault: 'kill -9 processor',
    done: `SIGKILL at points of a cycle, held there by the proxies: ${points.map(point => `${point} ${momentNames[point]}`).join('; ')}`,
    group: 'processors',
    run: async act => {
      for (const point of points) {
        const processor = ['orders', 'inventory', 'payments'][act.random.integer(0, 2)] ?? 'orders'
        await killAt(act, point, processor)
        await act.moves()
      }
    }
  }
}

export const processorRows: readonly Row[] = [
  killedAt(moments),
  {
    number: 2,
    fault: 'zombie resume',
    done: 'SIGSTOP at P2, P4, P5 and in an insert of the sink; another process takes the same name; SIGCONT. (Take-over by session timeout: test/integration/runtime)',
    group: 'processors',
    run: async act => {
      for (const moment of ['P2', 'P4', 'P5'] as const) await replaceAt(act, 'p1', moment, async () => await stopAt(moment, 'orders', act.stage))
      await replaceAt(act, 's1', 'an insert', async () => await act.stage.doors.clickhouse.catch('insert', { act: 'hold', matches: ({ direction, bytes }) => direction === 'up' && bytes.includes('INSERT') }))
    }
  },
  {
    number: 3,
    fault: 'delayed EndTxn',
    done: 'EndTxn is held in the network until its sender has given up and committed its next transaction, then it arrives (three times)',
    group: 'processors',
    run: async act => {
      for (let round = 0; round < 3; round++) {
        const { release, piece } = await act.stage.doors.kafka.catch('EndTxn', {
          act: 'hold', matches: piece => piece.direction === 'up' && piece.api === apis.endTxn && piece.bytes.includes('commerce.orders.')
        })
        const id = /commerce\.orders\.\d+/.exec(piece.bytes.toString('latin1'))?.[0] ?? ''
        await act.fault('delayed EndTxn', async () => {
          await act.stage.doors.kafka.catch(`InitProducerId of ${id}`, { act: 'pass', matches: next => next.direction === 'up' && next.api === apis.initProducerId && next.bytes.includes(id) })
          await act.stage.doors.kafka.catch(`Produce of ${id}`, { act: 'pass', matches: next => next.direction === 'up' && next.api === apis.produce && next.bytes.includes(id) })
          release()
        })
        // What was sent behind it on the same connection is let go too, and must be through before the next one is waited for.
        await act.moves()
      }
    }
  },
  {
    number: 4,
    fault: 'rolling deploy, scale 1 → 3 → 1',
    done: 'two more processes of processors join, the first one is rolled by SIGTERM, the two leave',
    group: 'processors',
    run: async act => {
      const { stage } = act
      await act.fault('1 → 3', async () => { await Promise.all(['p2', 'p3'].map(async name => await stage.start(name, 'processor'))) })
      await act.fault('rolled', async () => { await stage.restart('p1', 'processor', 'end') })
      await act.moves()
      await act.fault('3 → 1', async () => {
        const codes = [await stage.process('p2').end(), await stage.process('p3').end()]
        act.expect(`processes that leave end with 0, not ${codes.join()}`, codes.every(code => code === 0))
      })
      await act.moves()
    }
  },
  {
    number: 5,
    fault: 'rebalance storm',
    done: 'for 30 s members join and leave without pause, by SIGTERM and by SIGKILL in turn (the table asks for 5 minutes: npm run chaos)',
    group: 'processors',
    run: async act => {
      const { stage } = act
      const before = act.settled
      let rounds = 0
      for (const untilMs = Date.now() + 30_000; Date.now() < untilMs; rounds++) {
        await stage.start('storm', 'processor', { args: ['--instance', `storm-${rounds}`] })
        if (rounds % 2 === 0) await stage.process('storm').end()
        else await stage.process('storm').kill()
      }
      act.note(`${rounds} members came and went, ${act.settled - before} played orders were done meanwhile`)
      await act.fault('storm', async () => {}, { withinMs: 45_000 })
      await act.moves()
    }
  },
  {
    number: 20,
    fault: 'slow consumer',
    done: 'the processors get a tenth of their time, for 10 s: 10 ms of every 100, by SIGSTOP and SIGCONT',
    group: 'processors',
    run: async act => {
      const slow = act.stage.process('p1')
      await act.fault('slow consumer', async () => {
        for (const untilMs = Date.now() + 10_000; Date.now() < untilMs;) {
          slow.signal('SIGSTOP')
          await sleep(90)
          slow.signal('SIGCONT')
          await sleep(10)
        }
      })
      act.expect('the slow process keeps its membership', slow.isRunning && !/fenced/i.test(slow.errors))
      await act.moves()
    }
  },
  {
    number: 21,
    fault: 'clock skew',
    done: 'the processors run with a wall clock an hour ahead, then an hour behind, then right again',
    missing: 'a clock that jumps while the process runs, and the API\'s clock, are shown by test/streams with an injected clock only',
    group: 'processors',
    run: async act => {
      for (const [name, shiftMs] of [['an hour ahead', 3_600_000], ['an hour behind', -3_600_000], ['right', 0]] as const) {
        await act.fault(`clock ${name}`, async () => {
          await act.stage.restart('p1', 'processor', 'end', { settings: { NODE_OPTIONS: preload('shift-clock.mjs'), FAULT_CLOCK_SHIFT_MS: String(shiftMs) } })
        }, { withinMs: restartMs })
        await act.moves()
      }
    }
  },
  {
    number: 23,
    fault: 'memory pressure, event-loop stall 5 s',
    done: 'the processors run with a heap of 128 MB at most, and their event loop stands still for 5 s, twice',
    group: 'processors',
    run: async act => {
      const settings = { NODE_OPTIONS: `--max-old-space-size=128 ${preload('stall.mjs')}` }
      await act.fault('small heap', async () => { await act.stage.restart('p1', 'processor', 'end', { settings }) }, { withinMs: restartMs })
      for (let round = 0; round < 2; round++) {
        await act.fault('stall', async () => {
          act.stage.process('p1').signal('SIGWINCH')
          await sleep(5000)
        })
        await act.moves()
      }
      act.expect('the process with the small heap lives on', act.stage.isRunning('p1'))
      await until(async () => { await act.stage.restart('p1', 'processor', 'end'); return true }, 'the processors are themselves again')
    }
  }
]
