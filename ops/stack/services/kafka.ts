import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config } from '../../config.ts'
import { OpsError } from '../../errors.ts'
import { type ServiceSpec } from '../service.ts'
import { processesOf, type ProcessName } from '../stack.ts'
import { versions } from '../versions.ts'
import { type BrokerSecurity, isMadeSecure, secureProperties } from './kafka-security.ts'

/** One node of the local cluster: broker and controller in one process. */
interface Node {
  readonly id: number
  readonly name: ProcessName
  readonly port: number
  readonly controllerPort: number
  readonly dataDir: string
  /** The settings that move its two ports. */
  readonly settings: readonly [broker: string, controller: string]
}

/** How many brokers the local provider runs: what is asked for, else what the data folder was made with, else one. */
export function kafkaNodeCount (config: Config): number {
  return config.stack.kafkaNodes ?? formattedNodes(config) ?? 1
}

/** `host:port` of every local broker. */
export function kafkaAddresses (config: Config): string[] {
  return nodesOf(config).map(({ port }) => `${config.host}:${port}`)
}

/**
 * Apache Kafka in KRaft mode, one node or three. Topics are never created by themselves; every record is stamped by the broker; internal
 * topics have few partitions, so that the first transaction does not wait for fifty. Of three nodes each holds every topic, and a write is
 * acknowledged when two have it.
 *
 * @throws {OpsError} OPS_BROKERS_FIXED when the data folder was made with another number of nodes, OPS_BROKER_SECURITY_FIXED with or without security.
 */
export function kafkaSpecs (config: Config, libs: string, security?: BrokerSecurity): readonly ServiceSpec[] {
  const [asked, found] = [kafkaNodeCount(config), formattedNodes(config) ?? kafkaNodeCount(config)]
  if (asked !== found) throw new OpsError('OPS_BROKERS_FIXED', { path: config.dataDir, found, asked })
  const nodes = nodesOf(config)
  const isSecure = security !== undefined
  if (nodes.some(({ dataDir }) => isMadeSecure(dataDir) === !isSecure)) throw new OpsError('OPS_BROKER_SECURITY_FIXED', { path: config.dataDir, made: isSecure ? 'without' : 'with' })
  return nodes.map(node => nodeSpec(config, libs, node, nodes, security))
}

function nodesOf (config: Config): readonly Node[] {
  const { kafka, kafkaController, kafkaPeers: [second = 0, secondController = 0, third = 0, thirdController = 0] } = config.ports
  const peer = 'COMMERCE_KAFKA_PEER_PORTS'
  const places = [
    { port: kafka, controllerPort: kafkaController, settings: ['COMMERCE_KAFKA_PORT', 'COMMERCE_KAFKA_CONTROLLER_PORT'] },
    { port: second, controllerPort: secondController, settings: [peer, peer] },
    { port: third, controllerPort: thirdController, settings: [peer, peer] }
  ] as const
  return processesOf('kafka').slice(0, kafkaNodeCount(config)).map((name, index) => {
    return { id: index + 1, name, dataDir: join(config.dataDir, name), ...places[index] as typeof places[number] }
  })
}

/** The number of nodes that the data folder was made with; undefined while there is no data. */
function formattedNodes ({ dataDir }: Config): number | undefined {
  const folder = join(dataDir, 'kafka')
  if (!existsSync(join(folder, 'log', 'meta.properties'))) return undefined
  const voters = /^controller\.quorum\.voters=(.*)$/m.exec(readFileSync(join(folder, 'server.properties'), 'utf8'))?.[1]
  return voters?.split(',').length
}

function nodeSpec (config: Config, libs: string, node: Node, nodes: readonly Node[], security: BrokerSecurity | undefined): ServiceSpec {
  const { host } = config
  const { id, name, port, controllerPort, dataDir, settings } = node
  const properties = join(dataDir, 'server.properties')
  const server = { ...serverProperties(host, node, nodes, security !== undefined), ...security === undefined ? {} : secureProperties(security) }
  const log4j = join(dataDir, 'log4j2.properties')
  const java = (mainClass: string, heapMb: number, ...args: string[]): string[] => [
    `-Xms${Math.min(heapMb, 128)}m`, `-Xmx${heapMb}m`, '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:+ExitOnOutOfMemoryError', '-XX:-UsePerfData',
    '-Djava.awt.headless=true', `-Djava.io.tmpdir=${dataDir}`, `-Dlog4j2.configurationFile=${log4j}`, '-cp', `${libs}/*`, mainClass, ...args
  ]
  return {
    name,
    version: versions.kafka,
    host,
    ports: [{ port, setting: settings[0] }, { port: controllerPort, setting: settings[1] }],
    command: 'java',
    args: java('kafka.Kafka', config.stack.kafkaHeapMb, properties),
    env: {},
    dataDir,
    files: { [properties]: lines(server), [log4j]: lines(log4jProperties) },
    format: { args: java('kafka.tools.StorageTool', 256, 'format', '--cluster-id', CLUSTER_ID, '--config', properties, ...firstUser(security)), done: join(dataDir, 'log', 'meta.properties') },
    health: security === undefined ? { kind: 'kafka', host, port, nodeId: id } : { kind: 'kafka-tls', host, port, caFile: security.authority },
    stopSignal: 'SIGTERM',
    graceMs: 20_000
  }
}

/** Any 16 bytes in URL-safe base64; one for all, so that a data folder can be moved. */
const CLUSTER_ID = 'Y29tbWVyY2Utc3RyZWFtcw'

/** The user that makes all others is there from the beginning. */
function firstUser (security: BrokerSecurity | undefined): string[] {
  return security === undefined ? [] : ['--add-scram', `SCRAM-SHA-512=[name=${security.admin.user},password=${security.admin.password}]`]
}

function serverProperties (host: string, node: Node, nodes: readonly Node[], isSecure: boolean): Record<string, string | number> {
  const { id, port, controllerPort, dataDir } = node
  const listener = isSecure ? 'SASL_SSL' : 'PLAINTEXT'
  const copies = nodes.length
  const inSync = copies === 1 ? 1 : 2
  return {
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': nodes.map(node => `${node.id}@${host}:${node.controllerPort}`).join(','),
    listeners: `${listener}://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    'advertised.listeners': `${listener}://${host}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': join(dataDir, 'log'),
    'auto.create.topics.enable': 'false',
    'log.message.timestamp.type': 'LogAppendTime',
    'message.max.bytes': 1_179_648,
    'replica.fetch.max.bytes': 1_179_648,
    'default.replication.factor': copies,
    'min.insync.replicas': inSync,
    'offsets.topic.replication.factor': copies,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 8,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': inSync,
    'share.coordinator.state.topic.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // A broker that was killed is let in again only when its old session is over.
    'broker.session.timeout.ms': 4500,
    'broker.heartbeat.interval.ms': 1000,
    'num.network.threads': 3,
    'num.io.threads': 4,
    'num.recovery.threads.per.data.dir': 2,
    'log.index.size.max.bytes': 2_097_152,
    'log.cleaner.threads': 1,
    'log.cleaner.dedupe.buffer.size': 33_554_432
  }
}

const log4jProperties = {
  status: 'error',
  'appender.out.type': 'Console',
  'appender.out.name': 'out',
  'appender.out.layout.type': 'PatternLayout',
  'appender.out.layout.pattern': '%d{ISO8601} %-5p %c{1} %m%n',
  'rootLogger.level': 'warn',
  'rootLogger.appenderRef.out.ref': 'out',
  'logger.server.name': 'kafka.server.KafkaRaftServer',
  'logger.server.level': 'info'
}

function lines (properties: Readonly<Record<string, string | number>>): string {
  return Object.entries(properties).map(([name, value]) => `${name}=${value}\n`).join('')
}
