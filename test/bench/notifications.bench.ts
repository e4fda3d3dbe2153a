import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type OutgoingRecord, systemClock } from '#streams'
import { createNotificationsProcessor } from '../../topology/index.ts'
import { bindAgreedCodec } from '../support/agreed-codec.ts'
import { provisionNodes, topologyOf } from '../support/provision-nodes.ts'
import { ToldProcess } from '../support/told-process.ts'
import { watchCpu } from './cpu-watch.ts'
import { medians, percentiles } from './hop/figures.ts'
import { openScene } from './hop/scene.ts'
import { machineFacts } from './machine.ts'
import { Ends } from './notifications/ends.ts'
import { type DispatcherJob, type FromMailServer, type Ready, requestRecord } from './notifications/job.ts'

/** Notifications a second from the log to a mail server, and how long one takes at a steady rate; what is measured, how, and what not: README.md. */
const { values } = parseArgs({
  options: {
    letters: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '3' },
    rate: { type: 'string', default: '1000' },
    'rate-seconds': { type: 'string', default: '15' },
    connections: { type: 'string' },
    'cpu-prof': { type: 'string' }
  }
})
const [letters, rounds, rate, rateSeconds] = [Number(values.letters), Number(values.rounds), Number(values.rate), Number(values['rate-seconds'])]

function say (line: string): void {
  process.stderr.write(`${line}\n`)
}

const now = (): number => performance.timeOrigin + performance.now()

async function recordsFrom (first: number, count: number): Promise<OutgoingRecord[]> {
  return await Promise.all(Array.from({ length: count }, async (_, step) => await requestRecord(first + step)))
}

const topology = topologyOf([createNotificationsProcessor()])
await bindAgreedCodec()
const scene = await openScene(say)
const programs = join(import.meta.dirname, 'notifications')
const mail = new ToldProcess<FromMailServer>(join(programs, 'mail-server.ts'), [])
let dispatcher: ToldProcess<Ready> | undefined
let ends: Ends | undefined
try {
  await provisionNodes(scene.kafka, topology)
  const { url: smtpUrl } = await mail.next('listening')
  const job: DispatcherJob = {
    brokers: scene.brokers, redisUrl: scene.redisUrl, smtpUrl, connections: values.connections === undefined ? undefined : Number(values.connections)
  }
  const profile = values['cpu-prof'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values['cpu-prof']}`, '--cpu-prof-name=dispatcher.cpuprofile']
  dispatcher = new ToldProcess(join(programs, 'dispatcher.ts'), [JSON.stringify(job)], profile)
  await dispatcher.next('ready')
  ends = new Ends(scene.kafka)
  const watched = [dispatcher.pid, mail.pid, ...scene.servicePids]
  const producer = scene.kafka.producer()
  say(`bursts of ${letters} letters, then ${rate} a second; load ${machineFacts().load.join(' ')}`)

  let sent = 0
  const burst = async () => {
    const records = await recordsFrom(sent, letters)
    sent += letters
    const shares = watchCpu(watched)
    const started = performance.now()
    for (let from = 0; from < letters; from += 4000) await producer.send(records.slice(from, from + 4000))
    await Promise.race([ends?.reach(sent), dispatcher?.failed, mail.failed])
    const seconds = (performance.now() - started) / 1000
    const { each: [own = 0, server = 0, kafka = 0, redis = 0], others } = shares()
    const micros = (cpu: number): number => Number((cpu / letters * 1e6).toFixed(1))
    return {
      lettersPerSecond: Math.round(letters / seconds),
      cpuMicrosecondsPerLetter: { dispatcher: micros(own), mailServer: micros(server), broker: micros(kafka), redis: micros(redis) },
      otherCores: Number((others / seconds).toFixed(2))
    }
  }

  await burst()
  const bursts = []
  for (let round = 1; round <= rounds; round++) {
    bursts.push(await burst())
    say(`round ${round}: ${JSON.stringify(bursts.at(-1))}`)
  }

  const [firstPaced, paced] = [sent, rate * rateSeconds]
  const records = await recordsFrom(firstPaced, paced)
  const startedMs = now()
  const dueMs = (no: number): number => startedMs + (no - firstPaced) / rate * 1000
  for (let next = 0; next < paced;) {
    const due = Math.min(paced, Math.floor((now() - startedMs) * rate / 1000))
    if (due > next) producer.send(records.slice(next, due)).catch((error: unknown) => { throw error })
    next = Math.max(next, due)
    await systemClock.sleep(1)
  }
  sent += paced
  await Promise.race([ends.reach(sent), dispatcher.failed, mail.failed])
  mail.send('ask')
  const { arrivals, problems, connections } = await mail.next('verdict')
  if (problems.length > 0) throw new Error(`${problems.length} letters are wrong, e.g. ${problems[0]}`)
  if (arrivals.length !== sent || new Set(arrivals.map(([no]) => no)).size !== sent || ends.seen !== sent) {
    throw new Error(`${sent} notifications: ${arrivals.length} letters, ${new Set(arrivals.map(([no]) => no)).size} of them different, ${ends.seen} ends`)
  }
  const latencyMs = percentiles(arrivals.filter(([no]) => no >= firstPaced).map(([no, atMs]) => atMs - dueMs(no)))
  say(`${sent} notifications, ${arrivals.length} letters that say what they must, each once, over ${connections} connections; at ${rate} a second p50 ${latencyMs.p50}, p99 ${latencyMs.p99} ms`)
  process.stdout.write(`${JSON.stringify({
    setting: { letters, rounds, rate, rateSeconds, connections },
    burst: { medians: medians(bursts), rounds: bursts },
    paced: { rate, latencyMs }
  })}\n`)
  await dispatcher.stop('end')
} finally {
  ends?.close()
  await dispatcher?.kill()
  await mail.kill()
  await scene.close()
}
