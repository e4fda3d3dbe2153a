import { test } from 'tap'
import { busiest, readCpu } from '../../../ops/load/cpu-watch.ts'

test('the busiest stretch tells the cores that each process used, and what is left for others', async t => {
  const readings = [
    { all: 10, api: 1, kafka: 5 }, { all: 10.2, api: 1, kafka: 5.1 },
    { all: 12, api: 1.25, kafka: 6.1 }, { all: 14, api: 1.75, kafka: 6.9, late: 3 },
    { all: 14.1, api: 1.75, kafka: 6.9, late: 3 }
  ]
  t.same(busiest(readings, 2, 1, 2), { cores: 2, used: 1.9, by: { kafka: 0.9, api: 0.38, others: 0.62 } })
  t.match(busiest(readings, 10, 1, 2), { used: 1.02 }, 'a test that is shorter is one stretch')
  t.equal(busiest(readings.slice(0, 1), 2, 1), undefined)
})

test('a process that is gone is left out, and one that works uses CPU', { skip: process.platform === 'linux' ? false : 'other systems have no /proc' }, async t => {
  const before = readCpu({ me: process.pid, gone: 2 ** 30 })
  for (const until = process.cpuUsage().user + 50_000; process.cpuUsage().user < until;);
  const after = readCpu({ me: process.pid, gone: 2 ** 30 })
  t.notOk('gone' in after)
  t.ok((after['me'] ?? 0) > (before['me'] ?? 0))
  t.ok((after['all'] ?? 0) > (before['all'] ?? 0))
})
