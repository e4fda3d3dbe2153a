import { test } from 'tap'
import { CycleLog } from './cycle-log.ts'

/** Usage that grows by 1,000 µs with every look at it. */
function steps (): { cpuMicroseconds (): number, rssMb (): number } {
  let looks = 0
  return { cpuMicroseconds: () => ++looks * 1000, rssMb: () => 42 }
}

test('a cycle log is complete when the expected records are committed, and never without end', async t => {
  const log = new CycleLog(10, steps())
  log.cycle(9, 1)
  t.notOk(log.isComplete)
  log.cycle(1, 1)
  t.ok(log.isComplete)
  const endless = new CycleLog(0, steps())
  endless.cycle(1000, 1)
  t.notOk(endless.isComplete)
})

test('a cycle log counts records, cycles and reads, and CPU time after the first cycle', async t => {
  const log = new CycleLog(100, steps())
  log.cycle(50, 3)
  log.cycle(40, 5)
  log.cycle(10, 4)
  log.read(25)
  const { records, cycles, cycleMs, cpuMicrosecondsPerRecord, readsPerRecord, rssMb } = log.figures()
  t.same({ records, cycles, cycleMs, readsPerRecord, rssMb }, { records: 100, cycles: 3, cycleMs: { p50: 4, p99: 5, max: 5 }, readsPerRecord: 0.25, rssMb: 42 })
  t.equal(cpuMicrosecondsPerRecord, 20, '1,000 µs for the 50 records after the first cycle')
})

test('a cycle log knows nothing of what was before its restart', async t => {
  const log = new CycleLog(0, steps())
  log.cycle(50, 30)
  log.read(50)
  log.restart()
  log.cycle(2, 1)
  const { records, cycles, cycleMs, readsPerRecord } = log.figures()
  t.same({ records, cycles, cycleMs, readsPerRecord }, { records: 2, cycles: 1, cycleMs: { p50: 1, p99: 1, max: 1 }, readsPerRecord: 0 })
})
