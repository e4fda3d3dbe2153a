import { OpsError } from '../errors.ts'
import { portHolder } from '../stack/ports.ts'

/** A server that is not listening yet. */
export interface Listening { listen (where: { readonly host: string, readonly port: number }): Promise<string> }

/** Where it is to listen, and what is named when it cannot. */
export interface Place { readonly host: string, readonly port: number, readonly service: string, readonly setting: string }

/**
 * Makes a server listen; resolves with its address.
 *
 * @throws {OpsError} OPS_PORT_IN_USE naming the port and its setting.
 */
export async function listen (server: Listening, { host, port, service, setting }: Place): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new OpsError('OPS_PORT_IN_USE', { port, service, holder: portHolder(port), setting }, error)
  }
}
