import { parseArgs } from 'node:util'
import { cpuSecondsOf, cpuSecondsOfMachine, machineFacts } from './machine.ts'
import { type Contender, type ContenderName, contenderNames, startContender } from './hop/contender.ts'
import { medians, type Percentiles } from './hop/figures.ts'
import { type HopJob, VALUE_BYTES } from './hop/job.ts'
import { Probe } from './hop/latency.ts'
import { openScene, type Scene, verifyOutput } from './hop/scene.ts'
import { type CycleFigures } from './hop/tally.ts'

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
const contenders = contenderNames.filter(name => values.only.split(',').includes(name))
const WARM_UP = { singles: 300, seconds: 3 } as const
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
  /** At a steady rate: from due to be sent to seen output. */
  readonly pacedEndToEndMs: Percentiles
  readonly pacedRecordsPerCycle: number
  readonly otherCores: number
}

/** CPU seconds since the watch began. */
interface Load {
  /** Of each service. */
  readonly services: readonly number[]
  /** Of whoever else is at work on the machine. */
  readonly others: number
  readonly seconds: number
}

function say (line: string): void {
  process.stderr.write(`${line}\n`)
}

async function measureThroughput (scene: Scene, name: ContenderName, round: number): Promise<Throughput> {
  const job: HopJob = {
    brokers: scene.brokers, redisUrl: scene.redisUrl, application: `t${round}-${name}`, input: INPUT, output: `t${round}-${name}-out`, partitions, records, cacheBytes
  }
  await scene.createOutputs(job)
  const load = watchLoad(scene.servicePids)
  const contender = await startContender(name, job, values['cpu-prof'])
  try {
    const figures = await contender.done
    const { services: [broker = 0, redis = 0], others, seconds } = load(contender)
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
  const job: HopJob = {
    brokers: scene.brokers, redisUrl: scene.redisUrl, application, input: `${application}-in`, output: `${application}-out`, partitions, records: 0, cacheBytes
  }
  await scene.createInput(job.input, partitions)
  await scene.createOutputs(job)
  const contender = await startContender(name, job, undefined)
  const probe = new Probe(scene.kafka, job, keys)
  try {
    await probe.oneByOne(WARM_UP.singles)
    const load = watchLoad(scene.servicePids)
    contender.restart()
    const singleEndToEndMs = await probe.oneByOne(singles)
    const { cycleMs: singleCycleMs } = await contender.report()
    await probe.paced(rate, WARM_UP.seconds)
    contender.restart()
    const pacedEndToEndMs = await probe.paced(rate, rateSeconds)
    const paced = await contender.report()
    const { others, seconds } = load(contender)
    const { sent, seen } = probe.counts
    if (seen !== sent) throw new Error(`${job.output}: ${seen} outputs of ${sent} inputs`)
    await contender.stop()
    await verifyOutput(scene.kafka, job.output, partitions, sent)
    const pacedRecordsPerCycle = Number((paced.records / Math.max(1, paced.cycles)).toFixed(2))
    return { singleCycleMs, singleEndToEndMs, pacedEndToEndMs, pacedRecordsPerCycle, otherCores: Number((others / seconds).toFixed(2)) }
  } finally {
    probe.close()
    contender.kill()
    await scene.clear(job)
  }
}

/** Watches where the CPU time goes from now on. */
function watchLoad (services: readonly number[]): (contender: Contender) => Load {
  const [machine, before, own, started] = [cpuSecondsOfMachine(), services.map(cpuSecondsOf), process.cpuUsage(), performance.now()]
  return ({ pid }) => {
    const { user, system } = process.cpuUsage(own)
    const spent = services.map((service, index) => cpuSecondsOf(service) - (before[index] ?? 0))
    const others = cpuSecondsOfMachine() - machine - spent.reduce((sum, one) => sum + one, 0) - cpuSecondsOf(pid) - (user + system) / 1e6
    return { services: spent, others: Math.max(0, others), seconds: (performance.now() - started) / 1000 }
  }
}

/** The runtime's figure over a rival's. */
function ratios<T> (results: ReadonlyMap<ContenderName, T>, figure: (result: T) => number): Record<string, number> {
  const own = results.get('runtime')
  const rivals = [...results].filter(([name]) => name !== 'runtime')
  return own === undefined ? {} : Object.fromEntries(rivals.map(([name, result]) => [`runtime/${name}`, Number((figure(own) / figure(result)).toFixed(2))]))
}

const scene = await openScene(say)
try {
  say(`${records} records of ${VALUE_BYTES} bytes over ${keys} keys in ${partitions} partitions; ${rounds} rounds; load ${machineFacts().load.join(' ')}`)
  const throughput = new Map<ContenderName, Throughput[]>(contenders.map(name => [name, []]))
  const latency = new Map<ContenderName, Latency[]>(contenders.map(name => [name, []]))
  if (records > 0) {
    await scene.createInput(INPUT, partitions)
    await scene.preload(INPUT, partitions, records, keys)
  }
  // Round 0 is not counted: the broker compiles its hot code in it.
  for (let round = 0; round <= rounds; round++) {
    const order = contenders.map((_, place) => contenders[(place + round) % contenders.length] as ContenderName)
    for (const name of records > 0 ? order : []) {
      const result = await measureThroughput(scene, name, round)
      if (round > 0) throughput.get(name)?.push(result)
      say(`round ${round} ${name.padEnd(14)} ${result.recordsPerSecond} records/s (second half ${result.steadyRecordsPerSecond}), ${result.cpuMicrosecondsPerRecord} µs of CPU a record, ` +
        `broker ${result.brokerCpuMicrosecondsPerRecord} µs, Redis ${result.redisCpuMicrosecondsPerRecord} µs, ${result.readsPerRecord} reads a record, cycle p50 ${result.cycleMs.p50} ms, others ${result.otherCores} cores`)
    }
    for (const name of singles > 0 && round > 0 ? order : []) {
      const result = await measureLatency(scene, name, round)
      latency.get(name)?.push(result)
      const { singleCycleMs: cycle, singleEndToEndMs: single, pacedEndToEndMs: paced } = result
      say(`round ${round} ${name.padEnd(14)} single: cycle p50 ${cycle.p50} p99 ${cycle.p99} ms, end to end p50 ${single.p50} p99 ${single.p99} ms; ` +
        `${rate}/s: p50 ${paced.p50} p99 ${paced.p99} max ${paced.max} ms, ${result.pacedRecordsPerCycle} records a cycle, others ${result.otherCores} cores`)
    }
  }
  const middle = <T>(results: ReadonlyMap<ContenderName, T[]>): ReadonlyMap<ContenderName, T> =>
    new Map([...results].filter(([, samples]) => samples.length > 0).map(([name, samples]) => [name, medians(samples)]))
  const [fast, quick] = [middle(throughput), middle(latency)]
  process.stdout.write(JSON.stringify({
    setting: { records, keys, partitions, rounds, valueBytes: VALUE_BYTES, cacheBytes: cacheBytes ?? 'default', rate, rateSeconds, singles },
    throughput: { medians: Object.fromEntries(fast), ratios: ratios(fast, ({ recordsPerSecond }) => recordsPerSecond), rounds: Object.fromEntries(throughput) },
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
