import { join } from 'node:path'
import { type Config } from '../../config.ts'
import { type ServiceSpec } from '../service.ts'

/** The embedded payment gateway: a provider outside the log, with a ledger of its own in a journal file. */
export function gatewaySpec (config: Config): ServiceSpec {
  const { host, ports: { gateway: port } } = config
  const dataDir = join(config.dataDir, 'gateway')
  return {
    name: 'gateway',
    version: 'embedded',
    host,
    ports: [{ port, setting: 'COMMERCE_GATEWAY_PORT' }],
    command: process.execPath,
    args: [join(import.meta.dirname, '../gateway/main.ts'), '--port', String(port), '--journal', join(dataDir, 'journal.ndjson')],
    env: {},
    dataDir,
    files: {},
    health: { kind: 'http', url: `http://${host}:${port}/health` },
    stopSignal: 'SIGTERM',
    graceMs: 5000
  }
}
