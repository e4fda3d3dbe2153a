import { createStreams } from '#streams'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../../streams/state/redis/index.ts'
import { bindAgreedCodec } from '../../support/agreed-codec.ts'
import { deadLetters, topologyOf } from '../../support/provision-nodes.ts'
import { processorOf } from './effects.ts'
import { type ApplicationJob, type FromApplication } from './messages.ts'
import { type Aim, Trap } from './trap.ts'

/** One processor with its effect over real services, in a process that kills itself where it is told to. */
const job = JSON.parse(process.argv[2] ?? '{}') as ApplicationJob
const trap = new Trap()
const node = processorOf(job, job.urls, trap)
await bindAgreedCodec()
const kafka = createKafkaJs({ brokers: job.brokers, clientId: job.application })
const state = createRedisBackend({ url: job.redisUrl })
await kafka.start()
const streams = createStreams({
  topology: topologyOf([node], `effects-${job.application}`), kafka: trap.client(kafka), state, instanceId: 'effects', options: { deadLetterTopic: deadLetters }
})
const tell = (message: FromApplication): void => { process.send?.(message) }
const running = new Set<string>()
streams.onTaskChange(({ id, state, reason }) => {
  if (state === 'failed') {
    process.stderr.write(`${id} failed: ${reason?.stack}\n`)
    process.exit(1)
  }
  if (state === 'running' && running.size < 8 && running.add(id).size === 8) tell({ kind: 'ready' })
})
process.on('message', (aim: Aim) => {
  trap.aim(aim)
  tell({ kind: 'aimed' })
})
process.on('disconnect', () => { process.exit(1) })
await streams.start()
