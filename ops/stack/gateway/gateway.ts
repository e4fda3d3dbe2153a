import { once } from 'node:events'
import { type AddressInfo } from 'node:net'
import { type CallbackOptions, CallbackSender } from './callbacks.ts'
import { GatewayJournal } from './journal.ts'
import { GatewayLedger } from './ledger.ts'
import { createGatewayServer } from './server.ts'

export interface GatewayOptions {
  /** @default '127.0.0.1' */
  readonly host?: string
  /** 0 = any free port. */
  readonly port: number
  /** File of the journal; created when missing, read back when not. */
  readonly journal: string
  /** How late `tok_slow` is answered, ms. @default 800 */
  readonly slowMs?: number
  /** Where and of what it tells by itself; absent = it does not. */
  readonly callbacks?: Omit<CallbackOptions, 'now'>
  /** The journal cannot be written any more: every request is answered 500 from here on. */
  readonly onFailure: (error: Error) => void
}

export interface RunningGateway {
  readonly url: string
  readonly ledger: GatewayLedger
  /** Ends open connections and closes the journal. */
  close (): Promise<void>
}

/** Starts the gateway in this process: the ledger as the journal tells it, listening. Rejects when port or journal cannot be had. */
export async function openGateway (options: GatewayOptions): Promise<RunningGateway> {
  const { journal, entries } = await GatewayJournal.open(options.journal, options.onFailure)
  const ledger = new GatewayLedger()
  for (const entry of entries) ledger.apply(entry)
  const callbacks = options.callbacks === undefined ? undefined : new CallbackSender({ ...options.callbacks, now: Date.now })
  const server = createGatewayServer({
    ledger,
    journal,
    now: Date.now,
    ...(callbacks === undefined ? {} : { callbacks }),
    ...(options.slowMs === undefined ? {} : { slowMs: options.slowMs })
  })
  server.listen(options.port, options.host ?? '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    await journal.close()
    throw error
  }
  const { address, port } = server.address() as AddressInfo
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    ledger,
    async close () {
      server.close()
      server.closeAllConnections()
      await callbacks?.close()
      await journal.close()
    }
  }
}
