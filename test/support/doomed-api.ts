import { join } from 'node:path'
import { type Test } from 'tap'
import { freePorts } from '../../ops/stack/ports.ts'
import { Child, startCommand } from '../fault/child.ts'
import { type TestStack } from './stack.ts'

/** An API in a process of its own, which a test may kill. */
export interface DoomedApi { readonly url: string, readonly child: Child }

/** Starts it beside the platform of the services; resolves when it answers. What is left of it ends with the test. */
export async function startDoomedApi (t: Test, { endpoints, config }: TestStack): Promise<DoomedApi> {
  const [api = 0, metrics = 0] = await freePorts('127.0.0.1', 2)
  const child = new Child([...startCommand, '--role', 'api'], {
    COMMERCE_DATA_DIR: config.dataDir,
    COMMERCE_BROKERS: endpoints.brokers.join(','),
    COMMERCE_REGISTRY_URL: endpoints.registryUrl,
    COMMERCE_REDIS_URL: endpoints.redisUrl,
    COMMERCE_CLICKHOUSE_URL: endpoints.clickhouseUrl,
    COMMERCE_GATEWAY_URL: endpoints.gatewayUrl,
    COMMERCE_API_PORT: String(api),
    COMMERCE_METRICS_PORT: String(metrics)
  }, join(config.dataDir, 'logs', `doomed-api-${process.pid}`))
  t.teardown(async () => { if (child.isRunning) await child.end() })
  const url = `http://127.0.0.1:${api}`
  await untilAnswers(url, child)
  return { url, child }
}

/** Asks until the process answers; its end ends the wait. */
async function untilAnswers (url: string, child: Child): Promise<void> {
  while (child.isRunning) if (await fetch(`${url}/health/live`).then(({ ok }) => ok, () => false)) return
  throw new Error(`the API has ended: ${child.errors}`)
}
