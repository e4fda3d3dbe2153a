import { join } from 'node:path'
import { type Config } from '../../config.ts'
import { type ServiceSpec } from '../service.ts'
import { versions } from '../versions.ts'

/**
 * One Apache Kafka node in KRaft mode, broker and controller in one process. Topics are never created by themselves; every
 * record is stamped by the broker; internal topics have few partitions, so that the first transaction does not wait for fifty.
 */
export function kafkaSpec (config: Config, libs: string): ServiceSpec {
  const { host, ports: { kafka: port, kafkaController: controller } } = config
  const dataDir = join(config.dataDir, 'kafka')
  const properties = join(dataDir, 'server.properties')
  const log4j = join(dataDir, 'log4j2.properties')
  const java = (mainClass: string, heapMb: number, ...args: string[]): string[] => [
    `-Xms${Math.min(heapMb, 128)}m`, `-Xmx${heapMb}m`, '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20', '-XX:+ExitOnOutOfMemoryError', '-XX:-UsePerfData',
    '-Djava.awt.headless=true', `-Djava.io.tmpdir=${dataDir}`, `-Dlog4j2.configurationFile=${log4j}`, '-cp', `${libs}/*`, mainClass, ...args
  ]
  return {
    name: 'kafka',
    version: versions.kafka,
    host,
    ports: [{ port, setting: 'COMMERCE_KAFKA_PORT' }, { port: controller, setting: 'COMMERCE_KAFKA_CONTROLLER_PORT' }],
    command: 'java',
    args: java('kafka.Kafka', config.stack.kafkaHeapMb, properties),
    env: {},
    dataDir,
    files: { [properties]: lines(serverProperties(host, port, controller, join(dataDir, 'log'))), [log4j]: lines(log4jProperties) },
    format: { args: java('kafka.tools.StorageTool', 256, 'format', '--cluster-id', CLUSTER_ID, '--config', properties), done: join(dataDir, 'log', 'meta.properties') },
    health: { kind: 'kafka', host, port },
    stopSignal: 'SIGTERM',
    graceMs: 20_000
  }
}

/** Any 16 bytes in URL-safe base64; one for all, so that a data folder can be moved. */
const CLUSTER_ID = 'Y29tbWVyY2Utc3RyZWFtcw'

function serverProperties (host: string, port: number, controller: number, logDir: string): Record<string, string | number> {
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@${host}:${controller}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controller}`,
    'advertised.listeners': `PLAINTEXT://${host}:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logDir,
    'auto.create.topics.enable': 'false',
    'log.message.timestamp.type': 'LogAppendTime',
    'message.max.bytes': 1_179_648,
    'replica.fetch.max.bytes': 1_179_648,
    'default.replication.factor': 1,
    'min.insync.replicas': 1,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 8,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 8,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
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
