import { createStreams, listen, systemClock, changelogNames, initialiseTasks } from '#streams'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../../streams/state/redis/index.ts'
import { deadLettersOf, type HopJob, hopTopology } from '../hop/job.ts'
import { fail, jobOf, Tally } from '../hop/tally.ts'

/** The hop on the runtime, as an application would use it: one process, default options. */
const job = jobOf<HopJob>(process.argv)
const { topology } = hopTopology(job)
const kafka = createKafkaJs({ brokers: job.brokers, clientId: job.application })
const state = createRedisBackend({ url: job.redisUrl })
await kafka.start()
await initialiseTasks({ kafka, topology, clock: systemClock, created: new Set(changelogNames(topology)) })
const streams = createStreams({
  topology, kafka, state, options: { deadLetterTopic: deadLettersOf(job), ...job.cacheBytes === undefined ? {} : { cacheBytes: job.cacheBytes } }
})

const tally = new Tally(job, async () => {
  await streams.close()
  await state.close()
  await kafka.close()
})
listen('streams:cycle:committed', ({ records, processMs, commitMs }) => { tally.cycle(records, processMs + commitMs) })
listen('streams:state:read', ({ keys }) => { tally.read(keys) })
streams.onTaskChange(({ state, reason }) => {
  if (state === 'failed') fail(reason)
  if (streams.tasks().length === job.partitions && streams.tasks().every(task => task.state === 'running')) tally.ready()
})
await streams.start()
