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
    args: [
      join(import.meta.dirname, '../gateway/main.ts'), '--port', String(port), '--host', host, '--journal', join(dataDir, 'journal.ndjson'),
      '--callbacks', config.payments.gatewayCallbacks, '--callback-url', callbackUrl(config), '--callback-key', config.payments.callbackKeyFile
    ],
    env: {},
    dataDir,
    files: {},
    health: { kind: 'http', url: `http://${host}:${port}/health` },
    stopSignal: 'SIGTERM',
    graceMs: 5000
  }
}

/** Where the API of this configuration takes callbacks. */
function callbackUrl ({ host, ports }: Config): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${ports.api}/v1/webhooks/payments`
}
