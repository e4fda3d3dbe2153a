import { parseArgs } from 'node:util'
import { loadConfig } from '../../ops/config.ts'
import { watchCpu } from './cpu-watch.ts'
import { machineFacts } from './machine.ts'
import { type ContenderName, contenderNames, isKafkaStreams, startContender, takesPart } from './hop/contender.ts'
import { type CycleFigures } from './hop/cycle-log.ts'
import { medians, type Percentiles } from './hop/figures.ts'
import { type HopJob, VALUE_BYTES } from './hop/job.ts'
import { buildKafkaStreams } from './hop/kafka-streams.ts'
import { Probe } from './hop/latency.ts'
import { openScene, type Scene, verifyOutput } from './hop/scene.ts'

/** One exactly-once hop against its rivals; what is measured, how, and what not: README.md. */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '400000' },
    keys: { type: 'string', default: '100000' },
    partitions: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: contenderNames.join() },
    'cache-bytes': { type: 'string' },
    'single-records': { type: 'string', default: '1000' },
    rate: { type: 'string', default: '1000' },
    'rate-seconds': { type: 'string', default: '15' },
    'cpu-prof': { type: 'string' }
  }
})
const [records, keys, partitions, rounds, singles, rate, rateSeconds] = ['records', 'keys', 'partitions', 'rounds', 'single-records', 'rate', 'rate-seconds']
  .map(name => Number(values[name as 'records'])) as [number, number, number, number, number, number, number]
const cacheBytes = values['cache-bytes'] === undefined ? undefined : Number(values['cache-bytes'])
const chosen = contenderNames.filter(name => values.only.split(',').includes(name))
const WARM_UP = { singles: 300, singlesSeconds: 5, seconds: 3 } as const
/** A contender that commits by the clock would take minutes for all of them. */
const SINGLES_MAX_SECONDS = 15
const INPUT = 'hop-in'

interface Throughput extends CycleFigures {
  readonly brokerCpuMicrosecondsPerRecord: number
  readonly redisCpuMicrosecondsPerRecord: number
  /** Cores that others used meanwhile: near 0 on a quiet machine. */
  readonly otherCores: number
}
interface Latency {
  /** One record at a time: its cycle as the contender saw it, and from send to seen output. */
  readonly singleCycleMs: Percentiles
  readonly singleEndToEndMs: Percentiles
  /** How many these were. */
  readonly singleRecords: number
  /** At a steady rate: from due to be sent to seen output. */
  readonly pacedEndToEndMs: Percentiles
  readonly pacedRecordsPerCycle: number
  readonly otherCores: number
}

function say (line: string): void {
  process.stderr.write(`${line}\n`)
}

function createJob (scene: Scene, application: string, input: string, records: number): HopJob {
  const { brokers, redisUrl } = scene
  return { brokers, redisUrl, application, input, output: `${application}-out`, stateDir: scene.stateDir(application), partitions, records, cacheBytes }
}

async function measureThroughput (scene: Scene, name: ContenderName, round: number): Promise<Throughput> {
  const job = createJob(scene, `t${round}-${name}`, INPUT, records)
  await scene.createOutputs(job)
  const cpu = watchCpu(scene.servicePids)
  const contender = await startContender(name, { job, profileDir: values['cpu-prof'], kafkaStreamsDir })
  try {
    const figures = await contender.done
    const { each: [broker = 0, redis = 0], others, seconds } = cpu([contender.pid])
    await contender.stop()
    await verifyOutput(scene.kafka, job.output, partitions, records)
    return {
      ...figures,
      brokerCpuMicrosecondsPerRecord: Number((broker / records * 1e6).toFixed(2)),
      redisCpuMicrosecondsPerRecord: Number((redis / records * 1e6).toFixed(2)),
      otherCores: Number((others / seconds).toFixed(2))
    }
  } finally {
    contender.kill()
    await scene.clear(job)
  }
}

async function measureLatency (scene: Scene, name: ContenderName, round: number): Promise<Latency> {
  const application = `l${round}-${name}`
  const job = createJob(scene, application, `${application}-in`, 0)
  await scene.createInput(job.input, partitions)
  await scene.createOutputs(job)
  const contender = await startContender(name, { job, profileDir: undefined, kafkaStreamsDir })
  const probe = new Probe(scene.kafka, job, keys)
  try {
    await probe.oneByOne(WARM_UP.singles, WARM_UP.singlesSeconds)
    const cpu = watchCpu([...scene.servicePids, contender.pid])
    contender.restart()
    const singleEndToEndMs = await probe.oneByOne(singles, SINGLES_MAX_SECONDS)
    const { cycleMs: singleCycleMs, records: singleRecords } = await contender.report()
    await probe.paced(rate, WARM_UP.seconds)
    contender.restart()
    const pacedEndToEndMs = await probe.paced(rate, rateSeconds)
    const paced = await contender.report()
    const { others, seconds } = cpu()
    const { sent, seen } = probe.counts
    if (seen !== sent) throw new Error(`${job.output}: ${seen} outputs of ${sent} inputs`)
    await contender.stop()
    await verifyOutput(scene.kafka, job.output, partitions, sent)
    const pacedRecordsPerCycle = Number((paced.records / Math.max(1, paced.cycles)).toFixed(2))
    return { singleCycleMs, singleEndToEndMs, singleRecords, pacedEndToEndMs, pacedRecordsPerCycle, otherCores: Number((others / seconds).toFixed(2)) }
  } finally {
    probe.close()
    contender.kill()
    await scene.clear(job)
  }
}

/** The runtime's figure over that of each rival: `kafkaStreams1`, … */
function ratios<T> (results: ReadonlyMap<ContenderName, T>, figure: (result: T) => number): Record<string, number> {
  const own = results.get('runtime')
  const rivals = [...results].filter(([name]) => name !== 'runtime')
  return own === undefined ? {} : Object.fromEntries(rivals.map(([name, result]) => [camelCase(name), Number((figure(own) / figure(result)).toFixed(2))]))
}

function camelCase (name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Those who run in this part and this round: the order moves on by one each round. */
function inTurn (part: 'throughput' | 'latency', round: number): ContenderName[] {
  const those = contenders.filter(name => takesPart(name, part))
  return those.map((_, place) => those[(place + round) % those.length] as ContenderName)
}

const built = chosen.some(isKafkaStreams) ? await buildKafkaStreams(loadConfig({ file: false }).cacheDir, say) : undefined
const kafkaStreamsDir = built !== undefined && 'dir' in built ? built.dir : undefined
const leftOut = built !== undefined && 'missing' in built ? { contenders: chosen.filter(isKafkaStreams), reason: built.missing } : undefined
const contenders = chosen.filter(name => !isKafkaStreams(name) || leftOut === undefined)
if (leftOut !== undefined) say(`left out: ${leftOut.contenders.join(', ')}: ${leftOut.reason}`)
const scene = await openScene(say)
try {
  say(`${records} records of ${VALUE_BYTES} bytes over ${keys} keys in ${partitions} partitions; ${rounds} rounds; load ${machineFacts().load.join(' ')}`)
  const throughput = new Map<ContenderName, Throughput[]>(inTurn('throughput', 0).map(name => [name, []]))
  const latency = new Map<ContenderName, Latency[]>(inTurn('latency', 0).map(name => [name, []]))
  if (records > 0) {
    await scene.createInput(INPUT, partitions)
    await scene.preload(INPUT, partitions, records, keys)
  }
  // Round 0 is not counted: the broker compiles its hot code in it.
  for (let round = 0; round <= rounds; round++) {
    for (const name of records > 0 ? inTurn('throughput', round) : []) {
      const result = await measureThroughput(scene, name, round)
      if (round > 0) throughput.get(name)?.push(result)
      say(`round ${round} ${name.padEnd(23)} ${result.recordsPerSecond} records/s (second half ${result.steadyRecordsPerSecond}), ${result.cpuMicrosecondsPerRecord} µs of CPU a record, ` +
        `broker ${result.brokerCpuMicrosecondsPerRecord} µs, Redis ${result.redisCpuMicrosecondsPerRecord} µs, ${result.readsPerRecord} reads a record, cycle p50 ${result.cycleMs.p50} ms, others ${result.otherCores} cores`)
    }
    for (const name of singles > 0 ? inTurn('latency', round) : []) {
      const result = await measureLatency(scene, name, round)
      if (round > 0) latency.get(name)?.push(result)
      const { singleCycleMs: cycle, singleEndToEndMs: single, pacedEndToEndMs: paced } = result
      say(`round ${round} ${name.padEnd(23)} single: cycle p50 ${cycle.p50} p99 ${cycle.p99} ms, end to end p50 ${single.p50} p99 ${single.p99} ms; ` +
        `${rate}/s: p50 ${paced.p50} p99 ${paced.p99} max ${paced.max} ms, ${result.pacedRecordsPerCycle} records a cycle, others ${result.otherCores} cores`)
    }
  }
  const middle = <T>(results: ReadonlyMap<ContenderName, T[]>): ReadonlyMap<ContenderName, T> =>
    new Map([...results].filter(([, samples]) => samples.length > 0).map(([name, samples]) => [name, medians(samples)]))
  const [fast, quick] = [middle(throughput), middle(latency)]
  process.stdout.write(JSON.stringify({
    setting: { records, keys, partitions, rounds, valueBytes: VALUE_BYTES, cacheBytes: cacheBytes ?? 'default', rate, rateSeconds, singles, leftOut },
    throughput: {
      medians: Object.fromEntries(fast),
      ratios: ratios(fast, ({ recordsPerSecond }) => recordsPerSecond),
      steadyRatios: ratios(fast, ({ steadyRecordsPerSecond }) => steadyRecordsPerSecond),
      rounds: Object.fromEntries(throughput)
    },
    latency: {
      medians: Object.fromEntries(quick),
      ratios: {
        singleCycleP50: ratios(quick, ({ singleCycleMs }) => singleCycleMs.p50),
        singleEndToEndP50: ratios(quick, ({ singleEndToEndMs }) => singleEndToEndMs.p50),
        pacedEndToEndP99: ratios(quick, ({ pacedEndToEndMs }) => pacedEndToEndMs.p99)
      },
      rounds: Object.fromEntries(latency)
    }
  }) + '\n')
} finally {
  await scene.close()
}
