import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type Config } from '../../config.ts'
import { type ServiceSpec } from '../service.ts'

/** The ClickHouse engine (chDB) in a Node process of its own, behind the part of ClickHouse's HTTP interface that is used. */
export function clickhouseSpec (config: Config): ServiceSpec {
  const { host, ports: { clickhouse: port } } = config
  const dataDir = join(config.dataDir, 'clickhouse')
  return {
    name: 'clickhouse',
    version: `chdb ${chdbVersion() ?? 'missing'}`,
    host,
    ports: [{ port, setting: 'COMMERCE_CLICKHOUSE_PORT' }],
    command: process.execPath,
    args: [join(import.meta.dirname, '../clickhouse-front/main.ts'), '--host', host, '--port', String(port), '--path', join(dataDir, 'db')],
    env: {},
    dataDir,
    files: {},
    health: { kind: 'http', url: `http://${host}:${port}/ping`, contains: 'Ok.' },
    stopSignal: 'SIGTERM',
    graceMs: 25_000
  }
}

/** Version of the installed chdb package; undefined where the optional dependency could not be installed. */
export function chdbVersion (): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('chdb'))
    for (let at = folder; at !== dirname(at); at = dirname(at)) {
      if (existsSync(join(at, 'package.json'))) return (JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { version: string }).version
    }
  } catch {
    // Not installed.
  }
  return undefined
}
