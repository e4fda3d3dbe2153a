import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DockerComposeEnvironment, Wait } from 'testcontainers'
import { openGateway } from '../../ops/stack/gateway/gateway.ts'
import { composeEnvironment, dockerEndpoints } from '../../ops/stack/docker.ts'
import { newPorts, stackConfig } from '../support/shared-stack.ts'

/*
 * The integration tests on Redpanda, Redis and a ClickHouse server in containers: `npm run test:containers [-- files]`. The same files as on the
 * local stack; the containers are those of the compose file, started by testcontainers, which ends them whatever happens. Needs Docker.
 */

const root = resolve(import.meta.dirname, '../..')
const services = ['redpanda', 'redis', 'clickhouse'] as const

const folder = mkdtempSync(join(tmpdir(), 'commerce-containers-'))
const config = stackConfig(folder, await newPorts())
const gateway = await openGateway({ host: '127.0.0.1', port: config.ports.gateway, journal: join(folder, 'journal.ndjson'), slowMs: 800, onFailure: error => { throw error } })
let compose = new DockerComposeEnvironment(join(root, 'ops/stack'), 'compose.yml').withEnvironment(composeEnvironment(config))
for (const name of services) compose = compose.withWaitStrategy(`${name}-1`, Wait.forHealthCheck())
const containers = await compose.up([...services])
try {
  process.exitCode = await runTests(process.argv.slice(2))
} finally {
  await containers.down()
  await gateway.close()
  rmSync(folder, { recursive: true, force: true })
}

/** Runs tap over the files, by default all integration tests; its exit code. */
async function runTests (files: readonly string[]): Promise<number> {
  const { brokers, registryUrl, redisUrl, clickhouseUrl } = dockerEndpoints(config)
  const addresses = {
    COMMERCE_DATA_DIR: folder,
    COMMERCE_BROKERS: brokers.join(','),
    COMMERCE_REGISTRY_URL: registryUrl,
    COMMERCE_REDIS_URL: redisUrl,
    COMMERCE_CLICKHOUSE_URL: clickhouseUrl,
    COMMERCE_GATEWAY_URL: gateway.url
  }
  const chosen = files.length === 0 ? ['--include=test/@(integration|e2e)/**/*.test.ts'] : files
  const child = spawn(join(root, 'node_modules/.bin/tap'), chosen, { cwd: root, env: { ...process.env, ...addresses }, stdio: 'inherit' })
  const [code] = await once(child, 'exit') as [number | null]
  return code ?? 1
}
