import { parseArgs } from 'node:util'
import { loadOrCreateSecret } from '../../platform/secret-file.ts'
import { type CallbackOptions, callbackModes, callbackSecret } from './callbacks.ts'
import { openGateway } from './gateway.ts'

/**
 * The embedded payment gateway as a process: `node ops/stack/gateway/main.ts --port N --journal FILE [--host H] [--slow-ms N]
 * [--callback-url URL --callback-key FILE [--callbacks none|late|all]]`.
 * Prints one line with its address when it listens (port 0 picks a free one); SIGTERM and SIGINT end it after the last answer.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    journal: { type: 'string' },
    'slow-ms': { type: 'string', default: '800' },
    'callback-url': { type: 'string' },
    'callback-key': { type: 'string' },
    callbacks: { type: 'string', default: 'late' }
  }
})

if (values.journal === undefined) {
  process.stderr.write('the gateway needs --journal FILE\n')
  process.exit(2)
}

async function callbacksOf ({ callbacks, 'callback-url': url, 'callback-key': key }: typeof values): Promise<{ callbacks?: Omit<CallbackOptions, 'now'> }> {
  const mode = callbackModes.find(name => name === callbacks)
  if (mode === undefined) throw new Error(`--callbacks is one of ${callbackModes.join(', ')}, not ${callbacks}`)
  if (url === undefined || key === undefined || mode === 'none') return {}
  return { callbacks: { url, mode, secret: callbackSecret(await loadOrCreateSecret(key, 32)) } }
}

try {
  const gateway = await openGateway({
    ...await callbacksOf(values),
    host: values.host,
    port: Number(values.port),
    journal: values.journal,
    slowMs: Number(values['slow-ms']),
    onFailure: error => {
      process.stderr.write(`the gateway cannot write its journal: ${error.message}\n`)
      process.exit(1)
    }
  })
  process.stdout.write(`payment gateway listens on ${gateway.url}\n`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { gateway.close().then(() => process.exit(0), () => process.exit(1)) })
} catch (error) {
  process.stderr.write(`the gateway cannot start: ${(error as Error).message}\n`)
  process.exit(1)
}
