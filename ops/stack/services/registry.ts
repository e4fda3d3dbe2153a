import { join } from 'node:path'
import { readdirSync } from 'node:fs'
import { type Config } from '../../config.ts'
import { type ServiceSpec } from '../service.ts'
import { versions } from '../versions.ts'

/**
 * Apicurio Registry with its Confluent-compatible API. Schema ids are kept in an H2 file that is written before each answer:
 * records in the log point at them, so that an id lost in a crash would make records unreadable.
 */
export function registrySpec (config: Config, folder: string): ServiceSpec {
  const { host, ports: { registry: port } } = config
  const dataDir = join(config.dataDir, 'registry')
  const jar = readdirSync(folder).find(name => name.endsWith('-runner.jar')) ?? 'runner.jar'
  return {
    name: 'registry',
    version: versions.registry,
    host,
    ports: [{ port, setting: 'COMMERCE_REGISTRY_PORT' }],
    command: 'java',
    args: [
      '-Xms64m', `-Xmx${config.stack.registryHeapMb}m`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError', '-XX:-UsePerfData', `-Djava.io.tmpdir=${dataDir}`,
      `-Dquarkus.http.host=${host}`, `-Dquarkus.http.port=${port}`,
      `-Dquarkus.datasource.jdbc.url=jdbc:h2:file:${join(dataDir, 'db')};WRITE_DELAY=0`,
      '-Dquarkus.log.level=WARN', '-Dquarkus.banner.enabled=false', '-jar', join(folder, jar)
    ],
    env: {},
    dataDir,
    files: {},
    health: { kind: 'http', url: `${registryUrl(host, port)}/subjects` },
    stopSignal: 'SIGTERM',
    graceMs: 10_000
  }
}

/** Base of the Confluent API of the local registry. */
export function registryUrl (host: string, port: number): string {
  return `http://${host}:${port}/apis/ccompat/v7`
}
