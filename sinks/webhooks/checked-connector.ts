import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { type AddressRules, whyAddressRefused } from './address-policy.ts'

/** The error of a connection that is not made, or not kept, because of where it leads. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'
}

/** All addresses of a name. */
export type Resolve = (hostname: string, options: LookupOptions) => Promise<readonly LookupAddress[]>

const systemResolve: Resolve = async (hostname, options) => await new Promise((resolve, reject) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error === null) resolve(addresses)
    else reject(error)
  })
})

/**
 * Connects to public addresses only. The addresses that are checked are the addresses that are connected to: the name is resolved once, inside of the
 * connection, so that a name that changes its mind in between (DNS rebinding) has nobody to show it to. One address of a name that is refused refuses
 * all of them. Where a connection really leads is looked at once more when it is there, before anything is sent: an address in a URL is not looked up.
 */
export function createCheckedConnector (
  rules: AddressRules, { connectTimeoutMs, resolve = systemResolve }: { readonly connectTimeoutMs: number, readonly resolve?: Resolve }
): buildConnector.connector {
  const checkedLookup: LookupFunction = (hostname, options, callback) => {
    resolve(hostname, options).then(addresses => {
      for (const { address } of addresses) {
        const refused = whyAddressRefused(address, rules)
        if (refused !== undefined) throw new AddressRefused(`an address of the name ${refused}`)
      }
      const [first] = addresses
      if (first === undefined) throw Object.assign(new Error('the name has no address'), { code: 'ENOTFOUND' })
      if (options.all === true) callback(null, [...addresses])
      else callback(null, first.address, first.family)
    }).catch((error: unknown) => { callback(error as NodeJS.ErrnoException, '', 0) })
  }
  const connect = buildConnector({ timeout: connectTimeoutMs, lookup: checkedLookup, allowH2: false })

  return (options, callback) => {
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      if (error !== null || socket === null) return callback(error ?? new Error('no connection'), null)
      const refused = whyAddressRefused(socket.remoteAddress ?? '', rules)
      if (refused === undefined) return callback(null, socket)
      socket.destroy()
      callback(new AddressRefused(`the address ${refused}`), null)
    })
  }
}
