import { test } from 'tap'
import { type Kafka } from '../../../streams/kafka/port.ts'
import { PROGRESS_KEY } from '../../../streams/state/changelog.ts'
import { createSinkBench, isExact, numbers, stop } from './sink-bench.ts'

interface CrashOutcome { readonly isReached: boolean, readonly isExact: boolean }

/**
 * Runs a sink over two batches and kills its process at the `step`-th end of a call, to the broker or the target; then more
 * records come, another process takes over, and everything settles.
 */
async function crashAt (step: number, kafkaOf: (client: Kafka) => Kafka = client => client): Promise<CrashOutcome> {
  const bench = await createSinkBench()
  await bench.produce('orders', numbers(6))
  await bench.produce('payments', numbers(3))
  let passed = 0
  let isReached = false
  const running = (() => {
    const client = bench.broker.client('victim')
    const hit = async (): Promise<void> => {
      if (isReached) await new Promise(() => {})
      if (passed++ !== step) return
      isReached = true
      client.crash()
      await new Promise(() => {})
    }
    bench.broker.faults.intercept(async call => { if (call.clientId === 'victim' && call.api !== 'fetch') await hit() })
    bench.target.faults.intercept(hit)
    return bench.start({ kafka: kafkaOf(client) })
  })()
  const quiet = (): boolean => isReached || bench.plan().marks.get('payments')?.rows === 3n
  await bench.until(quiet)
  await bench.produce('orders', numbers(5, 6))
  await bench.until(() => isReached || bench.plan().marks.get('orders')?.rows === 11n)
  bench.broker.faults.intercept(undefined)
  bench.target.faults.intercept(undefined)
  if (!isReached) await stop(bench, running)
  await bench.produce('orders', numbers(2, 11))
  const heir = bench.start({ kafka: kafkaOf(bench.broker.client()) })
  await bench.until(() => heir.task.status().state === 'failed' || bench.topics.every(topic => bench.actual(topic).length >= bench.expected(topic).length))
  for (let turns = 0; turns < 40; turns++) await bench.clock.advance(50)
  const outcome = { isReached, isExact: isExact(bench) && heir.task.status().state === 'running' }
  await stop(bench, heir)
  return outcome
}

test('sink task holds one row per offset when it is killed between any two steps', async t => {
  let step = 0
  for (; ; step++) {
    const { isReached, isExact } = await crashAt(step)
    if (!isExact) t.fail(`killed at step ${step}`)
    if (!isReached) break
  }
  t.ok(step > 30, `${step} points`)
})

test('the kill test fails when the plan is skipped (known-bad switch)', async t => {
  // Ranges are never made durable: only what was acknowledged is committed.
  const skipped = (client: Kafka): Kafka => Object.assign(Object.create(client) as Kafka, {
    openReader: client.openReader.bind(client),
    startOffsets: client.startOffsets.bind(client),
    describeTopics: client.describeTopics.bind(client),
    openTransactions: (options: Parameters<Kafka['openTransactions']>[0]) => {
      const unit = client.openTransactions(options)
      const commit = unit.commit.bind(unit)
      return Object.assign(unit, {
        commit: async (records: Parameters<typeof unit.commit>[0]) => await commit(records.map(record => {
          if (record.value === null || record.key?.equals(PROGRESS_KEY) !== true) return record
          const json = JSON.parse(record.value.toString('utf8', 1)) as { ranges: unknown[] }
          return { ...record, value: Buffer.concat([record.value.subarray(0, 1), Buffer.from(JSON.stringify({ ...json, ranges: [] }))]) }
        }))
      })
    }
  })
  let wrong = 0
  for (let step = 0; ; step++) {
    const { isReached, isExact } = await crashAt(step, skipped)
    if (!isExact) wrong++
    if (!isReached) break
  }
  t.ok(wrong > 0, `${wrong} points`)
})
