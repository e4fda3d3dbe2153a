import t from 'tap'
import { isStreamsError } from '../../streams/errors.ts'
import { createKafkaJs } from '../../streams/kafka/kafkajs/index.ts'
import { defineStore } from '../../streams/processor.ts'
import { NO_HEADERS, type OutgoingRecord, partitionKey } from '../../streams/record.ts'
import { bytesSerde } from '../../streams/serde/bytes.ts'
import { changelogTopic, decodeProgress, encodeProgress, PROGRESS_KEY } from '../../streams/state/changelog.ts'
import { createStateHistory, type PastTask } from '../../streams/state/history.ts'
import { uniquePrefix, useStack } from '../support/stack.ts'

/** The state at the end of one cycle. */
interface Moment { readonly position: bigint, readonly rows: ReadonlyMap<string, number> }

const CYCLES = 60
/** Rows so large that a cycle of them lies in several batches and segments. */
const ROW_BYTES = 400_000

const stack = await useStack(t, { services: ['kafka'] })
if (stack !== undefined) {
  await t.test('history of a log that a real cleaner works on, also while it is read, is right or refused', { timeout: 240_000 }, async t => {
    const kafka = createKafkaJs({ brokers: stack.endpoints.brokers, clientId: 'history' })
    t.teardown(async () => { await kafka.close() })
    await kafka.start()
    const applicationId = `${uniquePrefix()}history`
    const topic = changelogTopic(applicationId, 'node')
    const config = {
      'cleanup.policy': 'compact', 'min.cleanable.dirty.ratio': '0.001', 'segment.ms': '20', 'segment.bytes': '1048576', 'delete.retention.ms': '3600000'
    }
    await kafka.admin.createTopics([{ name: topic, partitions: 1, replicas: 1, config }])
    const history = createStateHistory({ kafka, applicationId })
    const task: PastTask<Buffer> = { processor: 'node', partition: 0, store: defineStore('store', bytesSerde) }
    const moments: Moment[] = []
    const counts = { answered: 0, refused: 0 }

    const unit = kafka.openTransactions({ transactionalId: applicationId })
    await unit.init()
    let rows = new Map<string, number>()
    const write = async (from: number, to: number): Promise<void> => {
      for (let cycle = from; cycle <= to; cycle++) await writeCycle(cycle)
    }
    const writeCycle = async (cycle: number): Promise<void> => {
      const keys = Array.from({ length: cycle % 3 === 0 ? 7 : 1 + cycle % 4 }, (_, i) => `k${(cycle * 3 + i * 5) % 11}`)
      rows = new Map(rows)
      const records: OutgoingRecord[] = keys.map(key => {
        const isRemoved = (cycle + key.length) % 7 === 0
        if (isRemoved) rows.delete(key)
        else rows.set(key, cycle)
        const value = isRemoved ? null : Buffer.alloc(cycle % 3 === 0 ? ROW_BYTES : 8, cycle)
        return { topic, partition: 0, key: Buffer.from(`s/store/${key}`), value, headers: NO_HEADERS }
      })
      const progress = encodeProgress({ sequence: BigInt(cycle), contextTimeMs: 0, offsets: new Map() })
      records.push({ topic, partition: 0, key: PROGRESS_KEY, value: progress, headers: NO_HEADERS })
      const { offsets } = await unit.commit(records)
      moments.push({ position: (offsets.get(partitionKey(topic, 0))?.last ?? 0n) + 1n, rows })
    }
    t.teardown(() => { unit.close() })

    const check = async ({ position, rows }: Moment): Promise<void> => {
      try {
        const past = await history.rows(task, { position })
        const found = [...past.rows].map(([key, value]) => `${key}=${value[0]}`).sort().join(' ')
        if (found !== [...rows].map(([key, cycle]) => `${key}=${cycle}`).sort().join(' ')) t.fail(`at ${position}: ${found}`)
        counts.answered++
      } catch (error) {
        if (!isStreamsError(error, 'STR_HISTORY_TOO_OLD')) throw error
        counts.refused++
      }
    }

    // The first progress record is gone once the cleaner has passed; until then it is asked all the time.
    const firstSequence = async (): Promise<bigint> => {
      const reader = kafka.openReader({ topic, partition: 0, offset: 0n })
      try {
        for (;;) {
          const progress = reader.take(100).find(({ key }) => key !== null && PROGRESS_KEY.equals(key))
          if (progress?.value != null) return decodeProgress(progress.value).sequence
          await new Promise(resolve => setTimeout(resolve, 10))
        }
      } finally {
        reader.close()
      }
    }
    await write(1, CYCLES / 2)
    const deadline = Date.now() + 120_000
    for (let next = 0; await firstSequence() === 1n && Date.now() < deadline; next += 7) await check(moments[next % moments.length] as Moment)
    // What is written from now on stays as it is: the log is cleaned up to somewhere in its middle.
    await kafka.admin.alterTopicConfig(topic, { ...config, 'min.compaction.lag.ms': '3600000' })
    await write(CYCLES / 2 + 1, CYCLES)
    let first: bigint
    do {
      first = await firstSequence()
      counts.answered = counts.refused = 0
      for (const moment of moments) await check(moment)
    } while (await firstSequence() !== first)
    t.ok(first > 1n, `the cleaner left the progress of cycle ${first}`)
    t.comment(`${counts.answered} moments answered, ${counts.refused} refused, first progress ${first}`)
    t.ok(counts.refused > 0, 'what was cleaned away is refused')
    t.ok(counts.answered >= CYCLES / 2, 'what was not is answered')
    const oldest = await history.rows(task, { position: 1n }).catch((error: unknown) => isStreamsError(error) ? error.context['oldestPosition'] : error)
    const named = moments.find(({ position }) => position === oldest)
    if (named === undefined) return t.fail(`${String(oldest)} is no moment`)
    await check(named)
    t.equal(counts.answered + counts.refused, CYCLES + 1)
  })
}
