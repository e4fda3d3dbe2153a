import { fail, readOptions } from '../command-line.ts'
import { loadConfig, type Config } from '../config.ts'
import { OpsError } from '../errors.ts'
import { gatherFacts, isUsableRedis, javaMajor, type Facts } from './facts.ts'
import { isExternal } from './ensure.ts'
import { isPortFree, portHolder } from './ports.ts'
import { availableMemoryMb, freeDiskMb, neededMemoryMb, neededProgramMb } from './preflight.ts'
import { Programs } from './programs.ts'
import { chooseProvider, oldestJava } from './provider.ts'
import { kafkaNodeCount } from './services/kafka.ts'
import { serviceNames, type ServiceName } from './stack.ts'
import { Supervisor } from './supervisor.ts'
import { table } from './table.ts'

/** One line of the doctor's answer: what is `missing` keeps the local provider from running, what is `optional` does not. */
export interface Finding { readonly subject: string, readonly verdict: 'ok' | 'missing' | 'optional', readonly found: string, readonly advice: string }

/** What the machine offers for the local provider, as findings. Pure. */
export function judgeFacts (facts: Facts, cached: ReadonlySet<ServiceName>): Finding[] {
  const javaOk = facts.java !== undefined && javaMajor(facts.java) >= oldestJava
  const downloads = (['kafka', 'registry'] as const).filter(name => !cached.has(name))
  const redisOk = isUsableRedis(facts.redis) || cached.has('redis')
  return [
    finding('Node', true, process.versions.node, ''),
    finding('Java', javaOk, facts.java ?? 'not found', `install Java ${oldestJava} or later (Debian: openjdk-17-jre-headless, macOS: openjdk@17)`),
    finding('Maven', facts.maven !== undefined || (downloads.length === 0 && redisOk), facts.maven ?? 'not found', 'install Maven: it downloads what is missing, once'),
    finding('Redis', redisOk || facts.maven !== undefined, facts.redis ?? 'not in PATH', '', redisOk ? '' : 'none in PATH: a published binary will be downloaded'),
    finding('ClickHouse (chdb)', facts.chdb !== undefined, facts.chdb ?? 'not installed', 'run `npm ci` without --omit=optional'),
    { subject: 'Docker', verdict: facts.docker === undefined ? 'optional' : 'ok', found: facts.docker ?? facts.dockerProblem ?? 'not found', advice: facts.docker === undefined ? 'only for --provider docker' : '' }
  ]
}

/** Room on disk and in memory for what is not there yet, as findings. */
export async function judgeRoom (config: Config, cached: ReadonlySet<ServiceName>, running: ReadonlySet<ServiceName>): Promise<Finding[]> {
  const missing = serviceNames.filter(name => !running.has(name) && !isExternal(config, name))
  const memory = { needed: neededMemoryMb(missing, config), found: availableMemoryMb() }
  const programs = { needed: neededProgramMb(missing, cached), found: await freeDiskMb(config.cacheDir) }
  const data = { needed: 300, found: await freeDiskMb(config.dataDir) }
  const judge = (subject: string, { needed, found }: { needed: number, found: number }): Finding =>
    finding(subject, found >= needed, `${found} MB, ${needed} MB needed`, 'free some, or use --provider memory')
  return [judge('memory', memory), judge('disk for programs', programs), judge('disk for data', data)]
}

/** Every port that the stack or the platform listens on: free, or held by a service of this stack. */
export async function judgePorts (config: Config, running: ReadonlySet<ServiceName>): Promise<Finding[]> {
  const { ports } = config
  const wanted: ReadonlyArray<readonly [string, number, ServiceName | undefined, string]> = [
    ['kafka', ports.kafka, 'kafka', 'COMMERCE_KAFKA_PORT'],
    ['kafka controller', ports.kafkaController, 'kafka', 'COMMERCE_KAFKA_CONTROLLER_PORT'],
    ...(kafkaNodeCount(config) === 3 ? ports.kafkaPeers : []).map(port => ['kafka peer', port, 'kafka', 'COMMERCE_KAFKA_PEER_PORTS'] as const),
    ['registry', ports.registry, 'registry', 'COMMERCE_REGISTRY_PORT'],
    ['redis', ports.redis, 'redis', 'COMMERCE_REDIS_PORT'],
    ['clickhouse', ports.clickhouse, 'clickhouse', 'COMMERCE_CLICKHOUSE_PORT'],
    ['gateway', ports.gateway, 'gateway', 'COMMERCE_GATEWAY_PORT'],
    ['api', ports.api, undefined, 'COMMERCE_API_PORT'],
    ['metrics', ports.metrics, undefined, 'COMMERCE_METRICS_PORT']
  ]
  const own = wanted.filter(([,, service]) => service === undefined || !isExternal(config, service))
  return await Promise.all(own.map(async ([name, port, service, setting]) => {
    const subject = `port ${port} (${name})`
    if (service !== undefined && running.has(service)) return finding(subject, true, 'used by this stack', '')
    const free = await isPortFree(config.host, port)
    return finding(subject, free, free ? 'free' : `in use by ${portHolder(port)}`, `end it, or set ${setting}`)
  }))
}

function finding (subject: string, isOk: boolean, found: string, advice: string, remark = ''): Finding {
  return { subject, verdict: isOk ? 'ok' : 'missing', found, advice: isOk ? remark : advice }
}

/** Prints the whole answer; the exit code is 0 when the local provider can run. */
export async function runDoctor (config: Config, print: (text: string) => void): Promise<number> {
  const supervisor = new Supervisor(config.dataDir, config.stack.timeoutMs, () => {})
  const running = new Set(serviceNames.filter(name => supervisor.running(name) !== undefined))
  const cached = new Programs(config.cacheDir, () => {}).cached()
  const facts = await gatherFacts()
  const findings = [...judgeFacts(facts, cached), ...await judgeRoom(config, cached, running), ...await judgePorts(config, running)]
  print(table([['check', 'verdict', 'found', 'advice'], ...findings.map(({ subject, verdict, found, advice }) => [subject, verdict, found, advice])]))
  const broken = findings.filter(({ verdict }) => verdict === 'missing')
  print(`\n${providerLine(config, facts, cached)}\n`)
  print(broken.length === 0 ? 'The local provider can run.\n' : `The local provider cannot run: ${broken.map(({ subject }) => subject).join(', ')}.\n`)
  return broken.length === 0 ? 0 : 1
}

function providerLine (config: Config, facts: Facts, cached: ReadonlySet<ServiceName>): string {
  try {
    const { provider, reason } = chooseProvider(config.provider, facts, serviceNames.filter(name => !isExternal(config, name)), cached)
    return `\`npm start\` would use the ${provider} provider: ${reason}.`
  } catch (error) {
    if (error instanceof OpsError) return `\`npm start\` would fail: ${error.message}`
    throw error
  }
}

const usage = `npm run doctor

Tells what this machine lacks for the local provider: programs, room and ports. Ends with 0 when it can run.
`

if (import.meta.main) {
  try {
    const { values } = readOptions({ options: { help: { type: 'boolean', short: 'h' } } })
    if (values.help === true) process.stdout.write(usage)
    else process.exitCode = await runDoctor(loadConfig(), text => process.stdout.write(text))
  } catch (error) {
    fail(error)
  }
}
