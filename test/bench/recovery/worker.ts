import { createStreams, listen } from '#streams'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../../streams/state/redis/index.ts'
import { deadLettersOf, type HopJob, hopTopology } from '../hop/job.ts'
import { fail, jobOf } from '../hop/tally.ts'
import { type Step, type StepEvent } from './steps.ts'

/** The hop as an application runs it, with static membership: it tells when it gets where. A `stop` ends it in good order. */
const tell = (step: Step, partition?: number, records?: number): void => {
  process.send?.({ step, atMs: performance.timeOrigin + performance.now(), partition, records } satisfies StepEvent)
}

tell('loaded')
const job = jobOf<HopJob>(process.argv)
const kafka = createKafkaJs({ brokers: job.brokers, clientId: job.application })
const state = createRedisBackend({ url: job.redisUrl })
await kafka.start()
tell('connected')
const streams = createStreams({
  topology: hopTopology(job).topology, kafka, state, instanceId: 'worker', options: { deadLetterTopic: deadLettersOf(job) }
})
const committed = new Set<number>()
listen('streams:assignment:changed', () => { tell('assigned') })
listen('streams:task:acquire-failed', ({ partition }) => { tell('lost', partition) })
listen('streams:task:acquired', ({ partition, restoredRecords }) => {
  committed.delete(partition)
  tell('acquired', partition, restoredRecords)
})
listen('streams:cycle:committed', ({ partition }) => {
  if (committed.has(partition)) return
  committed.add(partition)
  tell('committed', partition)
})
streams.onTaskChange(({ state, reason }) => { if (state === 'failed') fail(reason) })
process.on('disconnect', () => { process.exit(1) })
process.on('message', () => {
  const end = async (): Promise<void> => {
    await streams.close()
    await state.close()
    await kafka.close()
  }
  end().then(() => { process.exit(0) }, fail)
})
await streams.start()
