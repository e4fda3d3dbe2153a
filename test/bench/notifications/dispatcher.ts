import { createStreams } from '#streams'
import { TemplateSet, dispatchTo, guardChannel } from '../../../sinks/index.ts'
import { createEmail } from '../../../sinks/notifications/email.ts'
import { createKafkaJs } from '../../../streams/kafka/kafkajs/index.ts'
import { createRedisBackend } from '../../../streams/state/redis/index.ts'
import { type ChannelPort, createNotificationsProcessor, templates } from '../../../topology/index.ts'
import { decryptPersonal } from '../../../topology/personal.ts'
import { bindAgreedCodec } from '../../support/agreed-codec.ts'
import { deadLetters, topologyOf } from '../../support/provision-nodes.ts'
import { fail, jobOf } from '../hop/tally.ts'
import { type DispatcherJob, type Ready, keys, sender } from './job.ts'

/** The notifications processor and the e-mail channel as the platform puts them together, in a process of their own. A message ends it in good order. */
const { brokers, redisUrl, smtpUrl, connections } = jobOf<DispatcherJob>(process.argv)
const email = createEmail({ url: smtpUrl, from: sender, policy: 'atLeastOnce', ...connections === undefined ? {} : { connections } })
const channel: ChannelPort = dispatchTo(guardChannel(email), {
  templates: new TemplateSet(templates), open: async (kind, personal) => await decryptPersonal(keys, kind, personal)
})
const topology = topologyOf([createNotificationsProcessor({ channels: { email: channel } })])
await bindAgreedCodec()
const kafka = createKafkaJs({ brokers, clientId: 'dispatcher' })
const state = createRedisBackend({ url: redisUrl })
await kafka.start()
const streams = createStreams({ topology, kafka, state, options: { deadLetterTopic: deadLetters } })
const running = new Set<string>()
streams.onTaskChange(({ id, state, reason }) => {
  if (state === 'failed') fail(reason)
  if (state === 'running') running.add(id)
  if (running.size === 8) process.send?.({ kind: 'ready' } satisfies Ready)
})
process.on('disconnect', () => { process.exit(1) })
process.on('message', () => {
  const end = async (): Promise<void> => {
    await streams.close()
    await email.close()
    await state.close()
    await kafka.close()
  }
  end().then(() => { process.exit(0) }, fail)
})
await streams.start()
